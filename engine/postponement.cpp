#include "engine/postponement.h"

#include <algorithm>

#include "base/limits.h"

namespace resolute {
namespace {

constexpr char member[] = "postponed";

// How often it was postponed before: the evidence of the last time says so.
int times_before(Payload const& last_evidence) {
    auto const& evidence = last_evidence.json();
    if (!evidence.is_object()) return 0;
    auto const found = evidence.find(member);
    return found != evidence.end() && found->is_number_integer() ? found->get<int>() : 0;
}

// Up to a quarter longer, by the random part of the run's id.
Duration spread(RunId run, Duration wait) { return wait + wait * run.value[14] / 1024; }

}  // namespace

outcome::Failed postponed(Attempt const& attempt, Failure why, Duration wait) {
    return postponed(attempt.run, attempt.last_evidence, std::move(why), wait);
}

outcome::Failed postponed(RunId run, Payload const& last_evidence, Failure why, Duration wait) {
    auto const before = std::clamp(times_before(last_evidence), 0, 20);
    auto const grown = std::min<Duration>(
        std::chrono::seconds(limits::tool_busy_retry_s) * (std::int64_t{1} << before),
        std::chrono::seconds(limits::postponed_longest_s));
    Payload evidence(Json{{"sent", false}, {member, before + 1}});
    return {.error = std::move(why),
            .retryable = true,
            .retry_after = spread(run, std::max(wait, grown)),
            .evidence = std::move(evidence),
            .postponed = true};
}

}  // namespace resolute
