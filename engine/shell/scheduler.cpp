#include "engine/shell/scheduler.h"

#include <algorithm>

#include "base/log.h"
#include "engine/event_store.h"

namespace resolute::shell {
namespace {

ScheduleStep step_or_later(ScheduleRow const& row, ScheduleSituation const& situation,
                           DecideSchedule const& decide) {
    try {
        return decide(row, situation);
    } catch (StoreUnavailable const&) {
        throw;
    } catch (std::exception const& error) {
        log::error("schedule=" + row.workflow.name + " starts nothing: " + error.what());
        auto const later = std::chrono::milliseconds(limits::schedule_retry_ms);
        return {.state = row.state, .heard = row.heard, .next_at = situation.now + later};
    }
}

bool is_news(ScheduleRow const& row, ScheduleStep const& step) {
    return step.state != row.state || step.heard != row.heard || step.next_at != row.next_at;
}

}  // namespace

ScheduleRoundEnd look_at_schedules(ScheduleStore& store, ScheduleRound const& round,
                                   DecideSchedule const& decide) {
    ScheduleRoundEnd end;
    auto const due = store.due(round.shards, round.now + round.ahead, limits::schedules_per_look);
    for (auto const& row : due) {
        auto const situation = store.around(row, round.now);
        bool const is_due = row.next_at && *row.next_at <= round.now;
        if (!is_due && situation.events.empty()) {
            if (row.next_at && (!end.next || *row.next_at < *end.next)) end.next = row.next_at;
            continue;
        }
        auto const step = step_or_later(row, situation, decide);
        if (!is_news(row, step)) continue;
        if (store.advance(round.member, row, step)) ++end.moved;
    }
    return end;
}

Scheduler::Scheduler(Surroundings surroundings)
    : around_(std::move(surroundings)),
      thread_([this](std::stop_token const& stopping) { loop(stopping); }) {}

Scheduler::~Scheduler() {
    thread_.request_stop();
    changed_.notify_all();
}

void Scheduler::poke() {
    {
        std::lock_guard const lock(mutex_);
        poked_ = true;
    }
    changed_.notify_all();
}

void Scheduler::loop(std::stop_token const& stopping) {
    while (!stopping.stop_requested()) {
        auto pause = around_.poll;
        try {
            pause = look();
        } catch (std::exception const& error) {
            log::warn(std::string("looking at the schedules failed: ") + error.what());
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, stopping, pause, [&] { return poked_; });
        poked_ = false;
    }
}

// While there was something to do, there may be more.
Duration Scheduler::look() {
    auto const shards = around_.shards();
    auto const member = around_.member();
    if (shards.empty() || member.is_nil()) return around_.poll;
    auto const now = around_.clock.now();
    auto const end =
        look_at_schedules(*around_.store, {member, shards, now, around_.poll}, around_.decide);
    if (end.moved > 0) return std::chrono::milliseconds(limits::hurried_poll_ms);
    if (!end.next) return around_.poll;
    return std::clamp(*end.next - around_.clock.now(), Duration{}, around_.poll);
}

}  // namespace resolute::shell
