// A run is the fold of its history: this value and nothing else decides what happens next.
//
// `apply` is structural only: no expression, clock or chance. The same events give the same value
// on every machine. Not thread-safe; owned by one shard at a time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/activity.h"
#include "engine/approval.h"
#include "engine/child.h"
#include "engine/corrupt_history.h"
#include "engine/fact.h"
#include "engine/mapping.h"

namespace resolute {

// A step that is open and contains others. The root frame has the id "".
struct Frame {
    FrameKind kind = FrameKind::sequence;
    Payload input;
    Payload state;                                  // of the front end
    // the one it was entered with; stays when `state` moves on
    Payload first_state;
    Timestamp entered;
    Timestamp counts_from;                          // its time; later than `entered` in a fork
    // what the next child is given: the input, then each child's output
    Payload flow;
    struct Child { StepId step; Payload output; std::string next; };
    // the child that ended last since the last advance
    std::optional<Child> last;
    std::map<StepId, Payload> outputs;              // of every ended child, in a parallel frame
    std::map<std::string, Payload> tasks;           // latest output by name, for $tasks
    std::vector<Payload> gathered = {};  // one value for each iteration that is over
};

// How a step of a workflow that is code has ended: what it is replayed against.
struct Ended {
    StepId step;
    Timestamp at;
    std::string kind;  // of what was asked: tool, model, …, approval, run, event, wait, frame
    Payload asked;  // the request of a call, the card of an approval, the input of a run
    Payload output;
    std::optional<Failure> error;  // none: it completed
};

struct Timer {
    Timestamp due;
    bool fixed = false;  // a moment that was named
};

struct Signal { MessageId id; std::string name; Payload content; std::string by; };

// Of a step, of one attempt of a `try`, of the run.
struct Deadline {
    Timestamp due;
    bool passed = false;  // and the effect that is under way there is still to be settled
};

// A step that listens for events, and what it has taken so far. The root listens for the places
// that the run must have before its work begins.
struct Listening {
    struct Heard {
        int slot = 0;
        std::string position;
        Payload event;
    };

    Payload filters;  // of the next one
    bool waits = false;  // for it
    std::vector<Heard> heard;
    std::vector<std::string> declined;  // positions
};

enum class RunStatus { running, completed, faulted, cancelled };

struct Run {
    RunId id;
    RunStarted started;
    Timestamp started_at;
    RunStatus status = RunStatus::running;
    Payload context = {};                           // $context
    Payload output = {};
    std::optional<Failure> error;
    std::optional<CancelRequested> cancel;
    std::optional<RunPaused> pause;  // in force
    // a cancel is the workflow's own business: it ends what it has begun, and then the run
    bool compensates = false;

    std::map<StepId, Frame> frames;
    std::map<StepId, Activity> activities;          // of open steps
    std::map<StepId, Timer> timers;
    std::map<StepId, Deadline> deadlines;
    std::map<StepId, Child> children;  // that open steps wait for
    std::map<StepId, Mapping> mappings;  // runs that open steps start over a list
    std::map<StepId, Timestamp> step_started;       // of open steps that wait, for $task.startedAt
    std::map<StepId, std::string> awaiting;         // signal name by waiting step
    std::map<StepId, Listening> listening;
    std::map<ApprovalId, Approval> approvals;       // of open steps
    // steps that end as soon as the effects inside them are settled; none lies inside another
    std::map<StepId, EndDecided> endings;
    std::vector<Signal> signals;                    // received, not consumed, in order
    std::map<StepId, Signal> taken;  // by open steps that awaited them
    std::vector<Ended> ledger;  // of a workflow that is code, in order
    // what is to be undone should the run fault or be cancelled, the effect applied last at the end
    std::vector<CompensationPlanned> compensations = {};
    std::vector<StepId> standing = {};  // whose effects could not be undone

    std::uint64_t sequence = 0;                     // of the last event
    Digest head;                                    // chain of the last event
    std::uint64_t steps = 0;                        // completed so far
    std::uint64_t attempts = 0;
    std::uint64_t places = 0;  // under its keys, held until it is over

    bool is_closed() const { return status != RunStatus::running; }
    bool has_begun() const { return sequence > 0; }
    // Nothing new begins any more, and the engine ends what is open.
    bool is_stopping() const { return cancel && !compensates; }
};

// Folds one event. Throws CorruptHistory when it cannot follow.
void apply(Run& run, Event const& event);
Run fold(RunId id, std::vector<Event> const& events);

// The pending or approved approval of a step, if there is one.
Approval const* approval_of(Run const& run, StepId const& step);
// The nearest open frame around a step (not the step itself); the root for a top step.
StepId enclosing_frame(Run const& run, StepId const& step);
// Something is open at this step or inside it: a frame, an activity, a timer, an approval, a wait.
bool is_open(Run const& run, StepId const& step);
// When the run, or a fork that it was forked from, went on by itself from the last event on; none:
// it was not there.
std::optional<Timestamp> taken_over_at(Run const& run);
// It was decided how this step, or one around it, ends: nothing new may begin there.
bool is_ending(Run const& run, StepId const& step);
// Its deadline is over: the step fails, unless an effect that is under way there turns out well.
bool is_overdue(Run const& run, StepId const& step, Timestamp now);
Failure overdue_failure();
// An open frame with nothing open inside: what `resume` has to go on from.
bool is_idle(Run const& run, StepId const& frame);

// What an open run waits for; none when it can go on by itself (I18: every waiting run names it).
struct WaitsFor {
    enum class Cause {
        activity,
        approval,
        timer,
        signal,
        retry,
        verification,
        person,
        paused,
        child,
        event,
        place
    };
    Cause cause = Cause::activity;
    StepId step;
    std::string sentence;                  // for people: "for approval of `payments.refund@1.0.0`"
    std::optional<Timestamp> until;        // the next moment at which it moves by itself
};
std::string_view to_string(WaitsFor::Cause cause);
std::vector<WaitsFor> waits_of(Run const& run);
std::optional<Timestamp> next_due(
    Run const& run);  // the earliest moment at which it moves by itself
std::string_view to_string(RunStatus status);

}  // namespace resolute
