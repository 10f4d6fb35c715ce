// What a workflow asks for. Imperative; `record` turns each into facts after the gates.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/fact.h"

namespace resolute {

struct BeginWork {  // opens the root frame
    Payload input;
    Payload context;
    std::optional<FrameKind> kind = {};
};
struct EnterStep {
    StepId step;
    FrameKind kind = FrameKind::sequence;
    Payload input;
    Payload state;
};
struct AdvanceStep {  // see StepAdvanced
    StepId step;
    Payload state;
    bool restarts = false;
    std::optional<Payload> gathered = {};
    std::optional<Payload> context = {};
    std::optional<Payload> flow = {};
};
struct CompleteStep {
    StepId step;
    Payload output;
    std::optional<Payload> context;
    std::string next;
};
struct SkipStep { StepId step; std::string next; };
struct FailStep { StepId step; Failure error; };                       // the error leaves this step
struct CallActivity {
    StepId step;
    std::string kind;                      // tool, model, memory, policy
    Payload request;                       // the kind's own arguments, expressions evaluated
    std::string key;                       // "" = derived from run and step
    std::optional<Duration> timeout;       // of the step, when shorter than the contract's
};
struct AskPerson {                         // the workflow's own approval step
    StepId step;
    Payload card;
    std::vector<std::string> choices;
    std::vector<std::string> not_by;
    int quorum = 1;
    std::optional<Duration> expires_after;
};
struct StartTimer {
    StepId step;
    Timestamp due;
    bool fixed = false;  // a moment that was named, not so long from now
};
// Has no effect when the step has a deadline already: it was interrupted and begins again.
struct SetDeadline {
    StepId step;
    Timestamp due;
};
struct StartChild {  // a run of another workflow
    StepId step;
    std::string workflow;  // "namespace/name"
    std::string version;  // "": the one in force
    Payload input;
    bool detached = false;  // the step does not wait for its end
};
struct StartMap {  // a run of another workflow for each item of a list; see MapStarted
    StepId step;
    std::string workflow;
    std::string version;
    int concurrency = 1;
    int stop_after = 0;
    Payload items;  // a list that is not empty
};
struct EmitEvent {
    StepId step;
    Payload event;
};
struct AwaitEvents {
    StepId step;
    Payload filters;
};  // see EventsAwaited
struct DeclineEvent {
    StepId step;
};
struct AwaitSignal { StepId step; std::string name; };
struct CompleteRun { Payload output; };
struct FaultRun { Failure error; };

using Command =
    std::variant<BeginWork, EnterStep, AdvanceStep, CompleteStep, SkipStep, FailStep, CallActivity,
                 AskPerson, StartTimer, SetDeadline, StartChild, StartMap, EmitEvent, AwaitEvents,
                 DeclineEvent, AwaitSignal, CompleteRun, FaultRun>;
using Commands = std::vector<Command>;

}  // namespace resolute
