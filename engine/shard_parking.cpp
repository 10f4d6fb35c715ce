// The part of the shard that lets runs go: parked ones, those that move to another process.
#include <algorithm>

#include "base/limits.h"
#include "engine/shard.h"

namespace resolute {
namespace {

// Nothing that was sent from here is still out.
bool is_quiet(LiveRun const& live) {
    auto under_way = [](auto const& item) {
        return std::holds_alternative<activity::Running>(item.second.state);
    };
    return live.unrecorded.empty() && live.asking.empty() &&
           std::ranges::none_of(live.run.activities, under_way);
}

// A run that waits for nothing but a person, a signal or time needs no memory.
bool only_waits(LiveRun const& live) {
    return live.run.is_closed() || (live.undecided.empty() && is_quiet(live));
}

Failure moving_away() {
    auto why = communication_failure("The run is moving to another process; try again.",
                                     "engine_unavailable");
    why.status = 503;
    return why;
}

}  // namespace

bool Shard::is_parked(Resident const& resident) {
    return !resident.yielded && only_waits(resident.live);
}

bool Shard::may_forget(Resident const& resident) const {
    bool const is_idle = retiring_ ? is_quiet(resident.live) : is_parked(resident);
    return is_idle && resident.live.fresh.empty();
}

void Shard::retire(std::vector<ShardOutput>& out) {
    retiring_ = true;
    std::erase_if(runs_, [&](auto const& item) {
        auto const& resident = item.second;
        for (auto const& waiting : resident.waiting)
            if (waiting.ticket) out.push_back(Answer{waiting.ticket, Refused{moving_away()}});
        if (resident.loading) return true;
        return !resident.dirty && resident.in_flight.empty() && may_forget(resident);
    });
}

void Shard::abandon(std::vector<ShardOutput>& out) {
    for (auto const& [run, resident] : runs_) {
        auto refuse = [&](std::vector<Answer> const& answers) {
            for (auto const& answer : answers)
                out.push_back(Answer{answer.ticket, Refused{moving_away()}});
        };
        refuse(resident.answers);
        for (auto const& held : resident.in_flight) refuse(held.answers);
    }
    runs_.clear();
    dirty_.clear();
    consuming_.clear();
    uncommitted_ = 0;
}

// In short stages: who keeps timers in memory keeps near ones only.
void Shard::set_alarm(RunId run, Resident& resident, Timestamp now,
                      std::vector<ShardOutput>& out) {
    if (retiring_ || is_parked(resident)) return;
    auto const due = next_due(resident.live.run);
    if (!due || resident.rings == due) return;
    resident.rings = due;
    out.push_back(
        SetTimer{run, std::min(*due, now + std::chrono::milliseconds(limits::timer_horizon_ms))});
}

// Other runs often answer at once: to load this one again for each of them would cost more than
// they do. Its row says that it waits all the same.
bool Shard::is_to_linger(Resident const& resident, Timestamp now) const {
    auto const& run = resident.live.run;
    bool const waits_for_runs =
        std::ranges::any_of(run.children, [](auto const& item) { return !item.second.end; }) ||
        std::ranges::any_of(run.mappings,
                            [](auto const& item) { return !item.second.under_way.empty(); });
    return waits_for_runs && !retiring_ && !run.pause && runs_.size() <= limits::lingering_runs &&
           now < resident.moved_at + linger_;
}

void Shard::park_or_evict(RunId run, Resident& resident, Timestamp now,
                          std::vector<ShardOutput>& out) {
    if (!may_forget(resident)) return;
    if (is_to_linger(resident, now)) {
        auto until = resident.moved_at + linger_;
        if (auto const due = next_due(resident.live.run)) until = std::min(*due, until);
        if (!resident.lingers || until < *resident.lingers)
            out.push_back(SetTimer{run, resident.lingers.emplace(until)});
        return;
    }
    if (!resident.live.run.is_closed() && !retiring_)
        if (auto const due = next_due(resident.live.run)) out.push_back(SetTimer{run, *due});
    out.push_back(EvictRun{run});
    if (resident.workflow) resident.workflow->forget(run);
    runs_.erase(run);
}

}  // namespace resolute
