// The seam to everything outside: the gate before an effect, the effect, and the question what
// became of it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "engine/fact.h"
#include "engine/lease.h"
#include "engine/run.h"

namespace resolute {

// What a workflow wants done, before any gate.
struct Proposal {
    RunId run;
    std::string tenant;
    std::string case_id;
    WorkflowRef workflow;
    std::string started_by;
    StepId step;
    std::string kind;
    Payload request;      // as the front end evaluated it
    std::string key;      // the idempotency key that every attempt will carry
    Timestamp at;
    // read-only, for evidence and history facts; valid during `admit` only
    Run const* history = nullptr;
};

// The intent of a call that no gate binds to exact bytes: of a model, of the engine's own parts.
ActivityIntent unbound(Proposal const& proposal, std::string target, Effect effect);

// How attempts of an activity are timed and what can be learned about them; fixed by the contract.
struct Terms {
    Duration timeout = std::chrono::seconds(30);       // of one attempt
    // in all, of those that surely failed; a key whose answer was lost is sent as often as it takes
    int attempts = 1;
    Duration first_delay = std::chrono::seconds(1);    // before the second attempt
    enum class Backoff { constant, linear, exponential } backoff = Backoff::exponential;
    Duration longest_delay = std::chrono::seconds(60);
    bool can_verify = false;                           // class B: the outcome can be asked for
    // class A: a repeated key answers as the first time
    bool resend_is_safe = false;
    Duration settle = std::chrono::seconds(5);         // until an absence can be believed
    Duration verify_every = std::chrono::seconds(10);
    Duration verify_within = std::chrono::minutes(30); // then a person decides
};

// in_process: done at once, recorded with its outcome
struct Permitted {
    ActivityIntent intent;
    Terms terms;
    bool in_process = false;
};
struct NeedsApproval {
    ActivityIntent intent;
    // card, choices, quorum and digest; the engine adds ids and times
    ApprovalRequested ask;
    std::optional<Duration> expires_after;
};
struct Denied {
    ActivityIntent intent;
    std::string sentence;
};
// malformed: unknown tool, arguments break the schema
struct Rejected {
    Failure why;
};

using Admission = std::variant<Permitted, NeedsApproval, Denied, Rejected>;

// One attempt, as it will go out.
struct Attempt {
    RunId run;
    std::string tenant;
    std::string case_id;
    WorkflowRef workflow;
    std::string started_by;
    StepId step;
    int number = 1;
    ActivityIntent intent;
    Timestamp deadline;                     // the handler refuses to send after it
    std::optional<Failure> last_failure;    // of the attempt before, for a model's repair
    Payload last_evidence;
    // asked again just before anything leaves; none = nobody else could own the run
    std::shared_ptr<Lease const> lease = nullptr;
};

namespace outcome {
struct Succeeded {
    Payload output;
    Payload evidence;
};
struct Failed {
    Failure error;
    bool retryable = false;
    std::optional<Duration> retry_after;
    Payload evidence;
    // surely not sent, for want of a place: it waits, however often, and uses up no attempt
    bool postponed = false;
};
struct Unknown {
    Failure why;
    Payload evidence;
};
}  // namespace outcome
using Outcome = std::variant<outcome::Succeeded, outcome::Failed, outcome::Unknown>;

struct Verification {
    Verdict verdict = Verdict::undecided;
    Payload evidence;
    Payload output;
};

// Thread-safe. `admit` and `terms` are pure over what is deployed: no I/O, microseconds. `perform`
// and `verify` call `done` exactly once, from any thread, possibly before they return, and never
// throw.
class ActivityHandler {
  public:
    virtual ~ActivityHandler() = default;
    virtual Admission admit(Proposal const& proposal) const = 0;
    virtual Terms terms(ActivityIntent const& intent) const = 0;
    virtual void perform(Attempt const& attempt, std::function<void(Outcome)> done) = 0;
    virtual void verify(Attempt const& attempt, std::function<void(Verification)> done) = 0;
};

}  // namespace resolute
