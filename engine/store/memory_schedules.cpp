#include "engine/store/memory_schedules.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/shard_of.h"
#include "engine/store/scheduled_runs.h"

namespace resolute::store {

void MemorySchedules::publish(WorkflowRef const& workflow, SchedulePlan const& plan, Timestamp at) {
    std::lock_guard const lock(database_.mutex);
    auto& schedules = database_.tables.schedules;
    if (!plan.is_scheduled) {
        schedules.erase(plan.schedule);
        return;
    }
    auto const [found, is_new] = schedules.try_emplace(plan.schedule);
    auto& row = found->second;
    if (!is_new && row.workflow.digest == workflow.digest) return;
    auto const& events = database_.tables.events;
    if (is_new) row.heard = {0, events.empty() ? 0 : events.rbegin()->first};
    row.schedule = plan.schedule;
    row.tenant = "default";
    row.workflow = workflow;
    row.event_types = plan.event_types;
    row.published_at = at;
    row.next_at = at;
    ++row.revision;
}

std::vector<ScheduleSituation::Heard> MemorySchedules::events_after(ScheduleRow const& row) const {
    std::vector<ScheduleSituation::Heard> heard;
    for (auto const& [position, stored] : database_.tables.events) {
        auto const type = stored.event.value("type", std::string());
        bool const is_wanted = stored.tenant == row.tenant && position > row.heard.position &&
                               std::ranges::find(row.event_types, type) != row.event_types.end();
        if (is_wanted && heard.size() < limits::schedule_events_per_step)
            heard.push_back({{0, position}, stored.event});
    }
    return heard;
}

std::vector<ScheduleRow> MemorySchedules::due(std::vector<int> const& shards, Timestamp until,
                                              std::size_t limit) {
    std::lock_guard const lock(database_.mutex);
    std::vector<ScheduleRow> found;
    for (auto const& [id, row] : database_.tables.schedules) {
        bool const is_ours = std::ranges::find(shards, shard_of(id)) != shards.end();
        bool const is_due = row.next_at && *row.next_at <= until;
        if (is_ours && (is_due || !events_after(row).empty())) found.push_back(row);
    }
    std::ranges::sort(found, {}, [](ScheduleRow const& row) {
        return std::pair(row.next_at.value_or(Timestamp{INT64_MAX}), row.schedule);
    });
    if (found.size() > limit) found.resize(limit);
    return found;
}

ScheduleSituation::RunEnd MemorySchedules::end_of(RunId run, MessageId start) const {
    auto const& tables = database_.tables;
    if (auto const found = tables.runs.find(run); found != tables.runs.end()) {
        auto const& row = found->second.row;
        bool const is_over = row.status == RunRow::Status::completed ||
                             row.status == RunRow::Status::faulted ||
                             row.status == RunRow::Status::cancelled;
        return {is_over, row.updated_at};
    }
    bool const is_to_come = std::ranges::any_of(tables.inbox, [&](auto const& posted) {
        return posted.message.id == start && !posted.is_consumed && posted.refused.empty();
    });
    return {!is_to_come, {}};
}

ScheduleSituation MemorySchedules::around(ScheduleRow const& row, Timestamp now) {
    std::lock_guard const lock(database_.mutex);
    ScheduleSituation situation{.now = now, .runs = {}, .events = events_after(row)};
    for (auto const& [run, start] : awaited_runs(row)) situation.runs[run] = end_of(run, start);
    return situation;
}

bool MemorySchedules::advance(MemberId member, ScheduleRow const& row, ScheduleStep const& step) {
    {
        std::lock_guard const lock(database_.mutex);
        auto const owner = database_.tables.members.find(member);
        bool const lives = owner != database_.tables.members.end() && !owner->second.fenced;
        if (!member.is_nil() && !lives) return false;
        auto const found = database_.tables.schedules.find(row.schedule);
        if (found == database_.tables.schedules.end() || found->second.revision != row.revision)
            return false;
        auto& stored = found->second;
        stored.state = step.state;
        stored.heard = step.heard;
        stored.next_at = step.next_at;
        ++stored.revision;
        for (auto const& message : step.posted)
            database_.tables.inbox.push_back({message, shard_of(message.run), false});
    }
    return true;
}

std::optional<ScheduleRow> MemorySchedules::find(ScheduleId schedule) {
    std::lock_guard const lock(database_.mutex);
    auto const found = database_.tables.schedules.find(schedule);
    if (found == database_.tables.schedules.end()) return std::nullopt;
    return found->second;
}

std::vector<ScheduleRow> MemorySchedules::all(std::string const& tenant) {
    std::lock_guard const lock(database_.mutex);
    std::vector<ScheduleRow> found;
    for (auto const& [id, row] : database_.tables.schedules)
        if (row.tenant == tenant) found.push_back(row);
    std::ranges::sort(found, {}, [](ScheduleRow const& row) { return row.workflow.name; });
    return found;
}

}  // namespace resolute::store
