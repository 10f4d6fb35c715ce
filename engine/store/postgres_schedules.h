// Schedules on PostgreSQL: a row moves, and its runs are posted, in one statement or not at all.
//
// Used by one thread at a time, each with its own connection; reconnects by itself. Every call
// throws StoreUnavailable while the database cannot be reached. `advance` may be repeated: what was
// stored already has another revision, and answers false.
#pragma once

#include "engine/schedule.h"
#include "engine/store/session.h"

namespace resolute::store {

class PostgresSchedules final : public ScheduleStore {
  public:
    explicit PostgresSchedules(std::string url)
        : session_({.url = std::move(url), .application = "resolute schedules"}) {}

    std::vector<ScheduleRow> due(std::vector<int> const& shards, Timestamp until,
                                 std::size_t limit) override;
    ScheduleSituation around(ScheduleRow const& row, Timestamp now) override;
    bool advance(MemberId member, ScheduleRow const& row, ScheduleStep const& step) override;
    std::optional<ScheduleRow> find(ScheduleId schedule) override;
    std::vector<ScheduleRow> all(std::string const& tenant) override;

  private:
    Rows ask(Query const& query, Parameters const& parameters);

    Session session_;
};

}  // namespace resolute::store
