// Lets through so many calls in a time, as evenly as they come and no more than that at once; says
// to the others how long to wait.
//
// Pure state: time is a parameter (any clock that never goes back). Not thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace resolute::tools {

struct Rate {
    int calls = 1;
    Duration per = std::chrono::seconds(1);

    bool operator==(Rate const&) const = default;
};

// "50/s", "100/min", "1000/h".
std::optional<Rate> parse_rate(std::string_view text);

// The generic cell rate algorithm: one moment is all that it remembers.
class Pace {
  public:
    explicit Pace(std::optional<Rate> rate) : rate_(rate) {}

    // Zero: call now, it is counted. Otherwise: ask again after so long.
    Duration wait_before(Duration now);

  private:
    std::optional<Rate> rate_;
    Duration used_up_to_{};  // when all that was let through would have gone one by one
};

}  // namespace resolute::tools
