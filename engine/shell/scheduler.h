// Starts runs by their schedules: looks at those that are due in the shards of this process.
//
// One thread with its own connection. Two processes that look at one schedule, because its shard is
// moving, start one run: the store takes one of their steps.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/limits.h"
#include "engine/schedule.h"

namespace resolute::shell {

// How a schedule goes on; throws with a plain sentence when its workflow cannot be used.
using DecideSchedule =
    std::function<ScheduleStep(ScheduleRow const& row, ScheduleSituation const& situation)>;

struct ScheduleRound {
    MemberId member;
    std::vector<int> shards;
    Timestamp now;
    Duration ahead = {};  // schedules that are due so soon say when, and are not looked at yet
};
struct ScheduleRoundEnd {
    std::size_t moved = 0;  // schedules
    std::optional<Timestamp> next;  // due within `ahead`
};
// One look at all that is due. Throws StoreUnavailable.
ScheduleRoundEnd look_at_schedules(ScheduleStore& store, ScheduleRound const& round,
                                   DecideSchedule const& decide);

class Scheduler {
  public:
    struct Surroundings {
        std::unique_ptr<ScheduleStore> store;
        Clock const& clock;
        std::function<MemberId()> member;
        std::function<std::vector<int>()> shards;  // of this process
        DecideSchedule decide;
        Duration poll = std::chrono::milliseconds(limits::schedule_poll_ms);
    };
    explicit Scheduler(Surroundings surroundings);
    ~Scheduler();

    void poke();  // thread-safe: something was published, changed or posted

  private:
    void loop(std::stop_token const& stopping);
    Duration look();

    Surroundings around_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool poked_ = false;  // guarded by mutex_
    std::jthread thread_;
};

}  // namespace resolute::shell
