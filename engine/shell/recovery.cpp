#include "engine/shell/recovery.h"

#include <algorithm>

#include "base/failpoint.h"
#include "base/limits.h"
#include "base/log.h"
#include "engine/shard_of.h"

namespace resolute::shell {
namespace {

std::string set_aside_because(Suspect const& suspect) {
    return "it brought its process down " + std::to_string(suspect.deaths) +
           " times when it was resumed alone; look into what its current step calls, then "
           "`resolute release " +
           to_string(suspect.run) + "`";
}

}  // namespace

Recovery::Recovery(EventStore& store, Clock const& clock, Callbacks callbacks)
    : store_(store), clock_(clock), callbacks_(std::move(callbacks)) {}

void Recovery::took_over(std::vector<int> const& shards) {
    if (shards.empty()) return;
    for (auto const& suspect : store_.suspects(shards, clock_.now())) {
        if (suspect.deaths >= limits::probation_deaths) {
            callbacks_.quarantine(suspect.run, set_aside_because(suspect));
            continue;
        }
        log::warn("run=" + to_string(suspect.run) +
                  " was being resumed when its process died: it is tried alone");
        suspects_.push_back(suspect);
        held_.insert(suspect.run);
        has_markers_ = true;
    }
    shards_.insert(shards_.end(), shards.begin(), shards.end());
    after_ = {};
}

void Recovery::owns(std::vector<int> const& shards) {
    auto const is_foreign = [&](int shard) {
        return std::ranges::find(shards, shard) == shards.end();
    };
    std::erase_if(shards_, is_foreign);
    std::erase_if(suspects_, [&](auto const& s) { return is_foreign(shard_of(s.run)); });
    std::erase_if(held_, [&](RunId run) { return is_foreign(shard_of(run)); });
}

void Recovery::step() {
    if (!shards_.empty() && callbacks_.loading() < limits::recovery_in_flight) resume_page();
    if (has_markers_) watch();
    if (!trial_ && !suspects_.empty()) try_next();
}

void Recovery::resume_page() {
    auto const page =
        store_.due(shards_, {}, EventStore::Scope::everything, limits::recovery_page, after_);
    std::vector<RunId> runs;
    for (auto const& due : page) runs.push_back(due.run);
    std::vector<std::pair<RunId, ShardInput>> found;
    for (auto const& run : resume_now(runs)) found.emplace_back(run, Wake{run});
    if (!found.empty()) callbacks_.found(std::move(found));
    if (page.size() < limits::recovery_page) return shards_.clear();
    after_ = page.back().run;
}

std::set<RunId> Recovery::resume_now(std::vector<RunId> const& runs) {
    std::set<RunId> allowed;
    for (auto const& run : runs)
        if (!held_.contains(run)) allowed.insert(run);
    if (shards_.empty() || allowed.empty()) return allowed;
    store_.put_on_probation({allowed.begin(), allowed.end()}, EventStore::Trial::together,
                            clock_.now());
    RESOLUTE_FAILPOINT("probation.marked");
    has_markers_ = true;
    return allowed;
}

// One suspect at a time: if the process dies now, it is known who it was.
void Recovery::try_next() {
    auto const run = suspects_.front().run;
    store_.put_on_probation({run}, EventStore::Trial::alone, clock_.now());
    RESOLUTE_FAILPOINT("probation.trying");
    has_markers_ = true;  // also when all others were acquitted while they waited for their turn
    suspects_.pop_front();
    held_.erase(run);
    trial_ = Trial{run, clock_.monotonic() + std::chrono::milliseconds(limits::probation_turn_ms)};
    std::vector<std::pair<RunId, ShardInput>> found;
    found.emplace_back(run, Wake{run});
    callbacks_.found(std::move(found));
}

void Recovery::watch() {
    auto const now = clock_.monotonic();
    bool const in_a_hurry = trial_ || !suspects_.empty();
    if (!in_a_hurry && now - watched_at_ < std::chrono::milliseconds(limits::probation_turn_ms))
        return;
    watched_at_ = now;
    auto const probation = store_.acquit(clock_.now());
    RESOLUTE_FAILPOINT("probation.cleared");
    has_markers_ = probation.left > 0;
    if (!trial_) return;
    bool const is_awake = std::ranges::find(probation.awake, trial_->run) != probation.awake.end();
    if (!is_awake || now >= trial_->until) trial_.reset();
}

}  // namespace resolute::shell
