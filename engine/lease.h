// Until when this process may act on the outside, by its own monotonic clock.
//
// Thread-safe. The database decides who owns what; this decides what a process may still send when
// it cannot ask, because it was paused or cut off. Whoever sends asks just before the first byte.
#pragma once

#include <atomic>
#include <memory>

#include "base/clock.h"

namespace resolute {

class Lease {
  public:
    explicit Lease(Clock const& clock) : clock_(clock) {}

    void extend(Duration until) { until_ = until.count(); }  // `until` by the monotonic clock
    void end() { until_ = 0; }
    bool is_good() const { return clock_.monotonic().count() < until_.load(); }

  private:
    Clock const& clock_;
    std::atomic<Duration::rep> until_ = 0;
};

// None: nobody else could own what is worked on.
inline bool may_send(std::shared_ptr<Lease const> const& lease) {
    return !lease || lease->is_good();
}

}  // namespace resolute
