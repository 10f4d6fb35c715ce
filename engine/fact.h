// What happened to a run: the only thing the engine stores and the only thing it trusts.
//
// Facts are past tense and complete: folding them needs no definition, no expression, no clock.
// Each has a number that is stored with it and never reused (engine/codec.cpp has the table).
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/digest.h"
#include "base/payload.h"
#include "engine/failure.h"
#include "engine/ids.h"

namespace resolute {

struct WorkflowRef {
    std::string name;     // "namespace/name"
    std::string version;
    Digest digest;        // the definition that this run is pinned to

    bool operator==(WorkflowRef const&) const = default;
};

// ---- the run -----------------------------------------------------------------------------------

// The step that started a run.
struct ParentStep {
    RunId run;
    StepId step;
    int depth = 1;             // of its runs around, itself included
    bool detached = false;     // nobody waits for the end

    bool operator==(ParentStep const&) const = default;
};

// From the event on that has this sequence, a history was gone on with by a run of its own. What
// waited there is due as much later as the time between.
struct Takeover {
    std::uint64_t sequence = 0;
    Timestamp at;

    bool operator==(Takeover const&) const = default;
};

// The run whose beginning this run shares, and how much of it.
struct ForkPoint {
    RunId run;
    std::uint64_t sequence = 0;  // the last event that is shared
    // the last one is this run's own; those before are of forks that it was forked from
    std::vector<Takeover> takeovers = {};
    std::vector<std::string> edited = {};  // paths of shared steps that were given other outputs

    bool operator==(ForkPoint const&) const = default;
};

struct RunStarted {
    WorkflowRef workflow;
    std::string tenant;
    std::string case_id;       // "" when the run serves no case
    Payload input;             // raw, as validated
    std::string started_by;
    std::string salt;          // 32 hexadecimal digits; keeps body digests from being guessed
    std::optional<ParentStep> parent = {};
    std::optional<ForkPoint> forked = {};
};
struct RunCompleted { Payload output; };
struct RunFaulted { Failure error; };
struct CancelRequested { std::string by; std::string reason; };
struct RunCancelled { std::string by; std::string reason; };
// Until it is resumed nothing new begins; what is under way is settled.
struct RunPaused {
    std::string by;
    std::string reason;
};
struct RunResumed {
    std::string by;
    std::string reason;
};
// From here on it follows another definition, which asks for all that was recorded so far.
struct RunMigrated {
    WorkflowRef workflow;
    std::string by;
    std::string reason;
};

// ---- steps -------------------------------------------------------------------------------------

// What is kept of the steps inside: the last one's output, or every one's. The root of a workflow
// that is code is `replayed`: how each step of the run has ended (Run::ledger). What ended inside a
// `sealed` frame is forgotten when that ends.
enum class FrameKind { sequence, parallel, replayed, sealed };

// The run's input was transformed and the first step can begin; opens the root frame.
struct WorkStarted {
    Payload input;
    Payload context;
    std::optional<FrameKind> kind = {};  // of the root frame, unless it is a sequence
};
// A step that contains others opened its frame. `state` belongs to the workflow's front end.
struct StepEntered {
    StepId step;
    FrameKind kind = FrameKind::sequence;
    Payload input;
    Payload state;
};
// The frame moved on: next iteration, next retry, into its catch block.
struct StepAdvanced {
    StepId step;
    Payload state;
    bool restarts = false;           // the next child is given the frame's input again
    // what the iteration that is over came to: one more value that the frame has gathered
    std::optional<Payload> gathered = {};
    std::optional<Payload> context = {};  // the new $context, when the iteration exported one
    std::optional<Payload> flow = {};  // what the next child is given, when it is none of the above
};
struct StepCompleted {
    StepId step;
    Payload output;                  // transformed
    std::optional<Payload> context;  // the new $context, when the step exported one
    // where the flow goes when not to the next sibling: a name, "exit" or "end"
    std::string next;
};
struct StepSkipped { StepId step; std::string next; };  // its `if` was false
// an error left the step; frames inside it are gone
struct StepFailed { StepId step; Failure error; };
// How a step ends is settled, and effects inside it are not yet: it ends when they are. The root
// step stands for the run.
struct EndDecided {
    StepId step;
    std::optional<Failure> error;  // none: it completes
    Payload output;
    std::optional<Payload> context;
    std::string next;
};

// ---- activities: everything that reaches outside
// --------------------------------------------------

enum class Effect { read, write, irreversible };
// resend: the system answers a repeated key as the first time
enum class Verdict { applied, absent, undecided, resend };

// What will be done, fixed before it is done. Arguments of every attempt are these bytes.
struct ActivityIntent {
    std::string kind;       // which handler: tool, model, memory, policy
    std::string target;     // "payments.refund@1.2.0", a model's name, …
    Effect effect = Effect::read;
    Payload request;        // exact, evaluated, validated
    std::string key;        // idempotency key, the same for every attempt
    Digest contract;        // the tool's contract in force
    Payload decision;       // the policy's decision with reasons, null when there was no gate
    Digest binding;         // of exactly what is to run; zero when nothing binds it
    // of one attempt, when the step wants less than the contract; 0 = the contract's
    int timeout_ms = 0;
};

struct ActivityProposed { StepId step; ActivityIntent intent; };   // waits for an approval
// by a policy, a person, or because nobody answered in time
struct ActivityDenied {
    StepId step;
    std::string code;                      // denied_by_policy, rejected_by_person, approval_expired
    std::string sentence;
    std::optional<ActivityIntent> intent;  // unless it was proposed before
};
struct ActivityStarted {
    StepId step;
    int attempt = 1;
    Timestamp deadline;                    // nothing is dispatched after it
    std::optional<ActivityIntent> intent;  // unless it was proposed or started before
    std::optional<ApprovalId> approval;    // consumed by this very event
};
struct ActivitySucceeded {
    StepId step;
    int attempt = 1;
    Payload output;
    // how it is known: usage of a model, answer's metadata; or null
    Payload evidence;
    std::optional<ActivityIntent> intent;  // a read that was not recorded before it was performed
    // the output is the step's output too: no event of its own
    bool completes_step = false;
};
struct ActivityFailed {                    // surely not applied
    StepId step;
    int attempt = 1;
    Failure error;
    Payload evidence;
    std::optional<Timestamp> retry_at;     // none: this was the last attempt
    std::optional<ActivityIntent> intent;
    // it was not its turn, so nothing was sent: the next try has the same number
    bool postponed = false;
};
struct ActivityUnknown {                   // it may have gone out; no answer was recorded
    StepId step;
    int attempt = 1;
    Failure why;
    std::optional<Timestamp> verify_at;    // none: only a person can tell
    // the key was sent again and refused for good, which says nothing of what was lost before
    bool refused = false;
};
struct ActivityVerified {                  // the system of record was asked
    StepId step;
    int attempt = 1;
    Verdict verdict = Verdict::undecided;
    Payload evidence;                      // what it answered
    Payload output;                        // of an applied attempt
    // of the next try or of the next question; none: ask a person
    std::optional<Timestamp> next_at;
};
struct ActivityResolved {                  // a person settled it
    StepId step;
    Verdict verdict = Verdict::undecided;  // applied or absent
    std::string by;
    ApprovalId approval;
    Payload output;
    std::optional<Timestamp> retry_at;     // of an absent one
};
struct ActivityCancelled { StepId step; std::string reason; };

// ---- approvals
// -----------------------------------------------------------------------------------

enum class ApprovalKind { tool, question, resolution };

struct ApprovalRequested {
    ApprovalId approval;
    StepId step;
    ApprovalKind kind = ApprovalKind::tool;
    Digest digest;                         // of exactly what is approved
    // what the person is shown: sentence, arguments, evidence, risk, why
    Payload card;
    std::vector<std::string> choices;      // "approve", "reject"; the author's; "applied", "absent"
    std::vector<std::string> not_by;       // people who may not decide
    int quorum = 1;                        // distinct people who must approve
    std::optional<Timestamp> expires_at;
};
struct ApprovalDecided {
    ApprovalId approval;
    std::string decision_id;               // the caller's; makes a double click harmless
    std::string decision;                  // one of the choices
    std::string by;
    Digest digest;                         // that the person was shown
    std::string comment;
    Payload form;
    // that the person belongs to, as far as whoever took the answer knows
    std::vector<std::string> groups = {};
};
struct ApprovalAnswerRefused {
    ApprovalId approval;
    std::string decision;
    std::string by;
    std::string reason;
};
struct ApprovalExpired { ApprovalId approval; };
struct ApprovalRevoked { ApprovalId approval; std::string reason; };

// ---- runs that a step starts
// -----------------------------------------------------------------------

enum class ChildEnd { completed, faulted, cancelled };

struct ChildStarted {
    StepId step;
    RunId run;
    std::string workflow;  // "namespace/name"
    std::string version;  // "": the one in force when it starts
    Payload input;
    bool detached = false;  // the step does not wait for it
};
struct ChildWithdrawn {
    StepId step;
    std::string reason;
};  // asked to stop
struct ChildEnded {
    StepId step;
    ChildEnd how = ChildEnd::completed;
    Payload output;
    std::optional<Failure> error;
};

// ---- runs that a step starts over a list
// -----------------------------------------------------------

struct MapStarted {
    StepId step;
    std::string workflow;  // "namespace/name"
    std::string version;  // "": the one in force when an item starts
    int count = 0;  // of the items
    int concurrency = 1;  // runs under way at most
    int stop_after = 0;  // failures, then no further item begins; 0: never
    Payload items;  // a list: the input of each run
    RunId parent;  // whose items they are
};
struct MapItemsStarted {
    StepId step;
    int first = 0;
    int count = 1;
};  // their identities follow from the parent, the step, the index and the time
struct MapItemEnded {
    StepId step;
    int index = 0;
    RunId run;
    ChildEnd how = ChildEnd::completed;
    Payload output;
    std::optional<Failure> error;
};
struct MapWithdrawn {
    StepId step;
    std::string reason;
};  // those under way are asked to stop, and no other begins

// ---- undoing
// ----------------------------------------------------------------------------------------

// The step's effect was applied, and this call would undo it. `error`: it could not be told how.
struct CompensationPlanned {
    StepId step;
    std::string kind;  // which handler
    Payload request;
    std::optional<Failure> error = {};
};
// The one planned last that was still due is over; with an error the effect stands.
struct CompensationEnded {
    StepId step;
    std::optional<Failure> error = {};
};

// ---- events (CloudEvents 1.0)
// ----------------------------------------------------------------------

struct EventEmitted {
    StepId step;
    Payload event;
};
// The step waits for one event that any of these lets through: a list of {slot, type, equals:
// [[path, value], …]}.
struct EventsAwaited {
    StepId step;
    Payload filters;
};
struct EventReceived {
    StepId step;
    int slot = 0;  // of the filter
    std::string position;  // in the store of events
    Payload event;
};
struct EventDeclined {
    StepId step;
};  // the one received last: the step waits on
struct ListeningEnded {
    StepId step;
};  // without another event

// ---- timers and signals
// ----------------------------------------------------------------------------

struct TimerStarted {
    StepId step;
    Timestamp due;
    bool fixed = false;  // the workflow named the moment: it is the same one in a fork
};
struct TimerFired { StepId step; };
struct TimerCancelled { StepId step; };
// Until when the step, or one attempt of a `try` (its path and "/try"), must be over. The root step
// stands for the run.
struct DeadlineSet {
    StepId step;
    Timestamp due;
};
struct DeadlinePassed {
    StepId step;
};
struct SignalReceived { MessageId signal; std::string name; Payload content; std::string by; };
struct SignalConsumed { MessageId signal; StepId step; };
struct SignalAwaited { StepId step; std::string name; };

using Fact = std::variant<
    RunStarted, RunCompleted, RunFaulted, CancelRequested, RunCancelled, WorkStarted, StepEntered,
    StepAdvanced, StepCompleted, StepSkipped, StepFailed, ActivityProposed, ActivityDenied,
    ActivityStarted, ActivitySucceeded, ActivityFailed, ActivityUnknown, ActivityVerified,
    ActivityResolved, ActivityCancelled, ApprovalRequested, ApprovalDecided, ApprovalAnswerRefused,
    ApprovalExpired, ApprovalRevoked, TimerStarted, TimerFired, TimerCancelled, SignalReceived,
    SignalConsumed, SignalAwaited, EndDecided, DeadlineSet, DeadlinePassed, RunPaused, RunResumed,
    ChildStarted, ChildWithdrawn, ChildEnded, EventEmitted, EventsAwaited, EventReceived,
    EventDeclined, ListeningEnded, RunMigrated, MapStarted, MapItemsStarted, MapItemEnded,
    MapWithdrawn, CompensationPlanned, CompensationEnded>;

// A committed fact. Sequences of a run start at 1 and have no gaps.
struct Event {
    std::uint64_t sequence = 0;
    Timestamp at;
    Fact fact;
};

}  // namespace resolute
