#include "base/steady_wall.h"

#include <algorithm>

namespace resolute {

Timestamp SteadyWall::at(Timestamp wall, Duration elapsed) {
    std::call_once(first_, [&] {
        offset_us_ = wall.microseconds - elapsed.count();
        adjusted_us_ = elapsed.count();
    });
    if (elapsed.count() - adjusted_us_.load(std::memory_order_relaxed) >= adjust_every.count())
        adjust(wall, elapsed);
    return {elapsed.count() + offset_us_.load(std::memory_order_relaxed)};
}

void SteadyWall::adjust(Timestamp wall, Duration elapsed) {
    std::unique_lock const lock(adjusting_, std::try_to_lock);
    if (!lock) return;  // somebody is at it
    auto const passed = elapsed.count() - adjusted_us_.load(std::memory_order_relaxed);
    auto const most = passed / slew_divisor;
    if (most <= 0) return;
    auto const offset = offset_us_.load(std::memory_order_relaxed);
    auto const away = wall.microseconds - elapsed.count() - offset;
    offset_us_.store(offset + std::clamp(away, -most, most), std::memory_order_relaxed);
    adjusted_us_.store(elapsed.count(), std::memory_order_relaxed);
    bool const is_far = away >= jump.count() || away <= -jump.count();
    if (is_far && !is_away_ && jumped_) jumped_(Duration(away));
    is_away_ = is_far;
}

}  // namespace resolute
