// A time zone by its IANA name: what a clock on the wall shows there, and when it shows it.
//
// Cheap to copy, safe to use from many threads. Reads the system's tzdata when it is looked up.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"

namespace resolute::workflow {

// What a clock on the wall shows, to the minute.
struct WallTime {
    int year = 1970;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;

    auto operator<=>(WallTime const&) const = default;
};

class TimeZone {
  public:
    TimeZone();  // UTC
    // Nothing when tzdata knows no such zone.
    static std::optional<TimeZone> find(std::string const& name);

    // When a clock shows a time. Where it is put forward over it, right after the jump.
    struct Shown {
        Timestamp first;  // later wall times never have an earlier one
        Timestamp last;  // another one where the clock is put back over it
        bool is_skipped = false;
    };
    WallTime wall_time(Timestamp at) const;
    Shown when(WallTime const& shown) const;
    std::string const& name() const { return name_; }

  private:
    struct Rules;

    std::string name_;
    std::shared_ptr<Rules const> rules_;
};

}  // namespace resolute::workflow
