// The wall clock without its jumps: it is followed, but never faster than one part in a hundred.
//
// Waiting, settling and deadlines are differences of recorded instants. A wall clock that an
// operator, a virtual machine or NTP sets would shorten or stretch them: an absence would be
// believed before its time, and a timer would sleep for an hour. Thread-safe, without a lock on the
// way of those who ask; never goes back by more than the order in which threads ask.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>

#include "base/clock.h"

namespace resolute {

class SteadyWall {
  public:
    static constexpr int slew_divisor = 100;  // at most a hundredth of the time that passes
    static constexpr Duration adjust_every = std::chrono::milliseconds(1);
    static constexpr Duration jump = std::chrono::seconds(1);  // a difference that is worth a word

    // `jumped` hears once of every jump of the wall clock, by how far it is away now.
    explicit SteadyWall(std::function<void(Duration)> jumped = {}) : jumped_(std::move(jumped)) {}

    // The instant, by what the wall clock says and what has elapsed on one that never jumps, both
    // read just now. The first call believes the wall clock.
    Timestamp at(Timestamp wall, Duration elapsed);

  private:
    void adjust(Timestamp wall, Duration elapsed);

    std::function<void(Duration)> jumped_;
    std::atomic<std::int64_t> offset_us_{0};  // of the instant from what has elapsed
    std::atomic<std::int64_t> adjusted_us_{0};
    std::once_flag first_;
    std::mutex adjusting_;
    bool is_away_ = false;  // guarded by adjusting_
};

}  // namespace resolute
