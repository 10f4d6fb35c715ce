// A cron expression: five fields, or one of the short forms such as @daily.
//
// minute (0-59) hour (0-23) day of the month (1-31) month (1-12, jan-dec) day of the week (0-7,
// sun-sat; 0 and 7 are Sunday). A field is `*`, a number, a name, a range `a-b`, any of these with
// a step `/n`, or a list of them. When neither day field begins with `*`, either of them is enough,
// as in crontab(5). Immutable; pure.
#pragma once

#include <bitset>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "workflow/time_zone.h"

namespace resolute::workflow {

class Cron {
  public:
    // One diagnostic without a place.
    static Result<Cron> parse(std::string_view text);

    // The first moment after this one at which it fires: nothing when there is none within ten
    // years. With certain hours it fires once for each time that it names: right after the jump
    // when the zone skips that time, the first time only when the zone repeats it. When its hour
    // begins with `*` it goes with the clock: it fires whenever that shows a time that it names.
    std::optional<Timestamp> next(Timestamp after, TimeZone const& zone) const;

  private:
    friend class CronReader;
    std::optional<WallTime> first_from(WallTime from) const;
    bool is_on(WallTime const& day, unsigned weekday) const;

    std::bitset<60> minutes_;
    std::bitset<24> hours_;
    std::bitset<32> days_;
    std::bitset<13> months_;
    std::bitset<8> weekdays_;  // 0 is Sunday; 7 is never set
    bool both_days_ = true;  // must fit; else either is enough
    bool follows_clock_ = false;  // its hour begins with `*`
};

}  // namespace resolute::workflow
