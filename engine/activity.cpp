#include "engine/activity.h"

#include "engine/corrupt_history.h"

namespace resolute {
namespace activity {
namespace {

// Every legal transition, one per line. A pair that is not listed cannot happen.
State on(Proposed const&, ActivityStarted const& now, Timestamp) {
    return Running{now.attempt, now.deadline};
}
State on(Proposed const&, ActivityDenied const& now, Timestamp) {
    return Failed{authorization_failure(now.sentence, now.code)};
}
State on(Proposed const&, ActivityCancelled const& now, Timestamp) {
    return Failed{runtime_failure(now.reason)};
}
State on(Running const&, ActivitySucceeded const& now, Timestamp) { return Succeeded{now.output}; }
State on(Running const& was, ActivityUnknown const& now, Timestamp at) {
    return Uncertain{was.attempt, at, now.verify_at, now.why, 0, was.deadline, now.refused};
}
State on(Running const&, ActivityCancelled const& now, Timestamp) {
    return Failed{runtime_failure(now.reason)};
}
State on(BackingOff const& was, ActivityStarted const& now, Timestamp) {
    return Running{now.attempt, now.deadline, was.in_doubt};
}
State on(BackingOff const& was, ActivityUnknown const& now, Timestamp at) {
    return Uncertain{was.attempts, at, now.verify_at, now.why, 0, at};
}
State on(BackingOff const&, ActivityDenied const& now, Timestamp) {
    return Failed{authorization_failure(now.sentence, now.code)};
}
State on(BackingOff const&, ActivityCancelled const& now, Timestamp) {
    return Failed{runtime_failure(now.reason)};
}

State on(Running const& was, ActivityFailed const& now, Timestamp) {
    auto const made = now.postponed ? now.attempt - 1 : now.attempt;
    if (now.retry_at) return BackingOff{made, *now.retry_at, now.error, now.evidence, was.in_doubt};
    return Failed{now.error};
}
State on(Uncertain const& was, ActivityVerified const& now, Timestamp) {
    if (now.verdict == Verdict::applied) return Succeeded{now.output};
    if (now.verdict == Verdict::undecided)
        return Uncertain{was.attempt,           was.since,    now.next_at, was.why,
                         was.verifications + 1, was.deadline, was.refused};
    if (now.next_at)
        return BackingOff{was.attempt, *now.next_at, was.why, now.evidence,
                          now.verdict == Verdict::resend};
    return Failed{was.why};
}
State on(Uncertain const& was, ActivityResolved const& now, Timestamp) {
    if (now.verdict == Verdict::applied) return Succeeded{now.output};
    if (now.retry_at) return BackingOff{was.attempt, *now.retry_at, was.why, {}};
    return Failed{was.why};
}

}  // namespace
}  // namespace activity

void apply(Activity& activity, Fact const& fact, Timestamp at) {
    activity.state = std::visit(
        [&](auto const& was, auto const& now) -> activity::State {
            if constexpr (requires { activity::on(was, now, at); })
                return activity::on(was, now, at);
            else
                throw CorruptHistory("a fact cannot follow the state of its activity");
        },
        activity.state, fact);
}

}  // namespace resolute
