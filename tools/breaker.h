// Stops calling a system that does not answer, and lets one call through now and then to see.
//
//   closed    -> open (so many failures in a row)
//   open      -> half open (the pause is over: one call may try)
//   half open -> closed (it answered) | open (it did not)
//
// Pure state: time is a parameter (any clock that never goes back). Not thread-safe.
#pragma once

#include <optional>

#include "base/clock.h"

namespace resolute::tools {

class Breaker {
  public:
    struct Terms {
        int failures = 5;  // in a row, then it opens
        Duration pause = std::chrono::seconds(10);
    };

    explicit Breaker(Terms terms) : terms_(terms) {}

    // Nothing: call now, and report() how it went. Otherwise: how long to wait before asking again.
    std::optional<Duration> wait_before(Duration now);
    void report(bool was_reached, Duration now);

  private:
    Terms terms_;
    int failures_ = 0;
    std::optional<Duration> opened_at_;
    bool is_trying_ = false;  // half open, and the one call is under way
};

}  // namespace resolute::tools
