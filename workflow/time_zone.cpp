#include "workflow/time_zone.h"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

namespace resolute::workflow {

struct TimeZone::Rules {
    cctz::time_zone zone;
};

TimeZone::TimeZone()
    : name_("UTC"), rules_(std::make_shared<Rules const>(Rules{cctz::utc_time_zone()})) {}

std::optional<TimeZone> TimeZone::find(std::string const& name) {
    // A name is also looked up as a file: it must not lead out of tzdata's folder.
    bool const is_name =
        !name.empty() && name.size() <= 64 && name.front() != '/' &&
        name.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/") ==
            std::string::npos;
    if (!is_name || name == "localtime") return std::nullopt;
    Rules rules;
    if (!cctz::load_time_zone(name, &rules.zone)) return std::nullopt;
    TimeZone found;
    found.name_ = name;
    found.rules_ = std::make_shared<Rules const>(rules);
    return found;
}

WallTime TimeZone::wall_time(Timestamp at) const {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(Duration(at.microseconds));
    auto const shown = rules_->zone.lookup(cctz::time_point<cctz::seconds>(seconds)).cs;
    return {static_cast<int>(shown.year()), shown.month(), shown.day(), shown.hour(),
            shown.minute()};
}

TimeZone::Shown TimeZone::when(WallTime const& shown) const {
    using Lookup = cctz::time_zone::civil_lookup;
    auto const found = rules_->zone.lookup(
        cctz::civil_second(shown.year, shown.month, shown.day, shown.hour, shown.minute));
    auto const instant = [](cctz::time_point<cctz::seconds> at) {
        return Timestamp{std::chrono::duration_cast<Duration>(at.time_since_epoch()).count()};
    };
    if (found.kind == Lookup::SKIPPED) return {instant(found.trans), instant(found.trans), true};
    return {instant(found.pre), instant(found.post), false};
}

}  // namespace resolute::workflow
