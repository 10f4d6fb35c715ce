// Time: instants, durations in microseconds, and the clock seam that lets a test own time.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace resolute {

using Duration = std::chrono::microseconds;

// An instant in UTC with the precision that PostgreSQL stores.
struct Timestamp {
    std::int64_t microseconds = 0;  // since 1970-01-01T00:00:00Z

    auto operator<=>(Timestamp const&) const = default;
    Timestamp operator+(Duration by) const { return {microseconds + by.count()}; }
    Timestamp operator-(Duration by) const { return {microseconds - by.count()}; }
    Duration operator-(Timestamp other) const {
        return Duration(microseconds - other.microseconds);
    }
};

std::string to_string(Timestamp at);                   // RFC 3339: 2026-03-01T09:30:00.000000Z
Result<Timestamp> parse_timestamp(std::string_view text);  // RFC 3339, any offset

// ISO 8601 durations without years and months (their length depends on the calendar): PT1.5S,
// P2DT3H.
std::string to_string(Duration duration);
Result<Duration> parse_duration(std::string_view text);

// Where time comes from. Two implementations: the system's, and the one that a test moves by hand.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual Timestamp now() const = 0;           // wall clock, for what is recorded
    virtual Duration monotonic() const = 0;      // never goes back, for leases and deadlines
};

class SystemClock final : public Clock {
  public:
    Timestamp now() const override;
    Duration monotonic() const override;
};

}  // namespace resolute
