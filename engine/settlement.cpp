#include "engine/settlement.h"

#include <algorithm>
#include <cmath>

namespace resolute {
namespace {

std::optional<Timestamp> retry_time(Terms const& terms, int attempt,
                                    std::optional<Duration> asked_for, Timestamp now) {
    if (attempt >= terms.attempts) return std::nullopt;
    return now + std::max(delay_before(terms, attempt + 1), asked_for.value_or(Duration::zero()));
}

bool can_be_asked(activity::Uncertain const& was, Terms const& terms) {
    return terms.can_verify || (terms.resend_is_safe && !was.refused);
}

// As after a failure, but each pause twice as long as the one before, until it is that between two
// questions to a system of record: this may go on for as long as the key is remembered.
Timestamp resend_time(Terms const& terms, int attempt, Timestamp now) {
    auto growing = terms;
    growing.backoff = Terms::Backoff::exponential;
    growing.longest_delay = terms.verify_every;
    return now + std::max(delay_before(terms, attempt + 1), delay_before(growing, attempt + 1));
}

// When nobody but a person can tell, the first question is at the moment when one may be asked.
Timestamp first_question(Terms const& terms, Timestamp not_before, Timestamp deadline) {
    if (terms.can_verify) return not_before + terms.settle;
    if (terms.resend_is_safe) return not_before;
    return std::max(not_before, deadline) + terms.settle;
}

// None: a person may be asked now.
std::optional<Timestamp> wait_for_person(activity::Uncertain const& was, Terms const& terms,
                                         Timestamp now) {
    auto const from = std::max(was.since, was.deadline) + terms.settle;
    if (now < from) return from;
    return std::nullopt;
}

ActivityFailed postponed(StepId const& step, int attempt, outcome::Failed const& why,
                         Timestamp now) {
    ActivityFailed fact{step, attempt, why.error, why.evidence, {}, {}};
    fact.retry_at = now + why.retry_after.value_or(Duration::zero());
    fact.postponed = true;
    return fact;
}

// The failure of an attempt says nothing of the one before it that was lost.
ActivityUnknown still_unknown(StepId const& step, activity::Running const& running,
                              outcome::Failed const& why, Terms const& terms, Timestamp now) {
    auto const ask_at = why.retryable ? first_question(terms, now, running.deadline)
                                      : std::max(now, running.deadline) + terms.settle;
    return {step, running.attempt, why.error, ask_at, !why.retryable};
}

}  // namespace

Duration delay_before(Terms const& terms, int next) {
    auto const nth = std::max(1, next - 1);
    double factor = 1;
    if (terms.backoff == Terms::Backoff::linear) factor = nth;
    if (terms.backoff == Terms::Backoff::exponential) factor = std::pow(2.0, std::min(nth - 1, 40));
    auto const microseconds = static_cast<double>(terms.first_delay.count()) * factor;
    auto const longest = static_cast<double>(terms.longest_delay.count());
    return Duration(static_cast<Duration::rep>(std::min(microseconds, longest)));
}

Duration resend_horizon(Terms const& terms) {
    return std::max(terms.longest_delay, terms.verify_every) + 2 * terms.timeout;
}

bool is_stale(activity::BackingOff const& waits, Terms const& terms, Timestamp now) {
    return waits.in_doubt && waits.retry_at + terms.timeout < now;
}

Fact settle(StepId const& step, activity::Running const& running, Effect effect,
            Outcome const& outcome, Terms const& terms, Timestamp now) {
    auto const attempt = running.attempt;
    if (auto const* good = std::get_if<outcome::Succeeded>(&outcome))
        return ActivitySucceeded{step, attempt, good->output, good->evidence, {}, false};
    if (auto const* bad = std::get_if<outcome::Failed>(&outcome)) {
        if (bad->postponed) return postponed(step, attempt, *bad, now);
        auto const retry_at =
            bad->retryable ? retry_time(terms, attempt, bad->retry_after, now) : std::nullopt;
        if (!retry_at && running.in_doubt) return still_unknown(step, running, *bad, terms, now);
        return ActivityFailed{step, attempt, bad->error, bad->evidence, retry_at, {}};
    }
    auto const& lost = std::get<outcome::Unknown>(outcome);
    if (effect == Effect::read)
        return ActivityFailed{
            step, attempt, lost.why, lost.evidence, retry_time(terms, attempt, {}, now), {}};
    return ActivityUnknown{step, attempt, lost.why, first_question(terms, now, running.deadline)};
}

ActivityVerified settle(StepId const& step, activity::Uncertain const& was,
                        Verification const& answer, Terms const& terms, Timestamp now) {
    ActivityVerified verified{step, was.attempt, answer.verdict, answer.evidence, answer.output,
                              {}};
    switch (answer.verdict) {
        case Verdict::applied: break;
        case Verdict::absent: verified.next_at = retry_time(terms, was.attempt, {}, now); break;
        case Verdict::resend:
            if (terms.resend_is_safe && !was.refused) {
                verified.next_at = resend_time(terms, was.attempt, now);
                break;
            }
            // That is not a failure: any of those that were sent may have arrived.
            verified.verdict = Verdict::undecided;
            verified.next_at = wait_for_person(was, terms, now);
            break;
        case Verdict::undecided:
            if (can_be_asked(was, terms) && now - was.since < terms.verify_within)
                verified.next_at = now + terms.verify_every;
            else verified.next_at = wait_for_person(was, terms, now);
            break;
    }
    return verified;
}

Fact interrupted(StepId const& step, activity::Running const& running, Effect effect,
                 Terms const& terms, Timestamp now) {
    auto why =
        communication_failure("The engine stopped before an answer was recorded.", "interrupted");
    if (effect == Effect::read)
        return ActivityFailed{step, running.attempt, std::move(why), {}, now, {}};
    // Not before the dispatch deadline: a paused process may still send until then, and only a key
    // that is honoured makes one of the two.
    bool const is_asked_by_resending = terms.resend_is_safe && !terms.can_verify;
    auto const from = is_asked_by_resending ? now : std::max(now, running.deadline);
    return ActivityUnknown{step, running.attempt, std::move(why),
                           first_question(terms, from, running.deadline)};
}

}  // namespace resolute
