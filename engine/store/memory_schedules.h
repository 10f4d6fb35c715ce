// Schedules in memory: the twin of those on PostgreSQL, for tests.
//
// Thread-safe; does not outlive its database.
#pragma once

#include "engine/store/memory_database.h"

namespace resolute::store {

class MemorySchedules final : public ScheduleStore {
  public:
    explicit MemorySchedules(MemoryDatabase& database) : database_(database) {}

    // A workflow comes into force, with a schedule or without.
    void publish(WorkflowRef const& workflow, SchedulePlan const& plan, Timestamp at);

    std::vector<ScheduleRow> due(std::vector<int> const& shards, Timestamp until,
                                 std::size_t limit) override;
    ScheduleSituation around(ScheduleRow const& row, Timestamp now) override;
    bool advance(MemberId member, ScheduleRow const& row, ScheduleStep const& step) override;
    std::optional<ScheduleRow> find(ScheduleId schedule) override;
    std::vector<ScheduleRow> all(std::string const& tenant) override;

  private:
    std::vector<ScheduleSituation::Heard> events_after(ScheduleRow const& row) const;
    ScheduleSituation::RunEnd end_of(RunId run, MessageId start) const;

    MemoryDatabase& database_;
};

}  // namespace resolute::store
