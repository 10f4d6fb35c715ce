// What people see of schedules and do with them, for the API and the command line alike.
//
// Thread-safe, blocking; throws StoreUnavailable. A change holds whoever else changes the schedule
// at the same time.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "console/surface.h"
#include "workflow/firing.h"

namespace resolute::console {

struct BackfillRequest {
    std::string from;  // RFC 3339
    std::string until;
    bool side_by_side = false;
    std::string by;
    std::string reason = {};
};

class Schedules {
  public:
    using Definitions =
        std::function<std::shared_ptr<workflow::Definition const>(Digest const& digest)>;
    using Answer = std::variant<Json, ApiProblem>;  // the schedule as it is now

    Schedules(std::unique_ptr<ScheduleStore> store, Definitions definitions, Clock const& clock)
        : store_(std::move(store)), definitions_(std::move(definitions)), clock_(clock) {}

    Json list();  // by workflow
    Answer show(ScheduleId schedule);
    Answer pause(ScheduleId schedule, std::string const& by, std::string const& reason);
    Answer resume(ScheduleId schedule);
    Answer trigger(ScheduleId schedule, std::string const& by);
    Answer backfill(ScheduleId schedule, BackfillRequest const& request);

  private:
    using Change = std::function<std::variant<ScheduleStep, ApiProblem>(ScheduleRow const& row)>;

    Answer change(ScheduleId schedule, Change const& how);
    ScheduleRow past_events(ScheduleRow row);
    Json json_of(ScheduleRow const& row);

    std::mutex mutex_;
    std::unique_ptr<ScheduleStore> store_;  // guarded by mutex_
    Definitions definitions_;
    Clock const& clock_;
};

}  // namespace resolute::console
