#include "workflow/schedule.h"

#include <algorithm>
#include <array>

namespace resolute::workflow {
namespace {

constexpr std::array<std::string_view, 4> overlaps{"allow", "skip", "buffer", "cancel"};

}  // namespace

std::optional<Timestamp> Schedule::next(Timestamp after) const {
    if (auto const* at = std::get_if<At>(&when)) return at->cron.next(after, at->zone);
    auto const* every = std::get_if<Every>(&when);
    if (!every) return std::nullopt;
    auto const interval = every->interval.count();
    auto const past = after.microseconds % interval;
    auto const since = past < 0 ? past + interval : past;
    return Timestamp{after.microseconds - since + interval};
}

std::vector<std::string> Schedule::event_types() const {
    std::vector<std::string> types;
    if (auto const* on = std::get_if<On>(&when))
        for (auto const& filter : on->events.filters) types.push_back(filter.type);
    std::ranges::sort(types);
    types.erase(std::ranges::unique(types).begin(), types.end());
    return types;
}

std::string_view to_string(Schedule::Overlap overlap) {
    return overlaps.at(static_cast<std::size_t>(overlap));
}

std::optional<Schedule::Overlap> overlap_from(std::string_view name) {
    auto const found = std::ranges::find(overlaps, name);
    if (found == overlaps.end()) return std::nullopt;
    return static_cast<Schedule::Overlap>(found - overlaps.begin());
}

std::string sentence_of(Definition const& definition) {
    if (!definition.schedule) return {};
    auto const& when = definition.schedule->when;
    if (auto const* every = std::get_if<Schedule::Every>(&when))
        return "every " + resolute::to_string(every->interval);
    if (auto const* after = std::get_if<Schedule::After>(&when))
        return resolute::to_string(after->pause) + " after the end of the last run";
    if (auto const* at = std::get_if<Schedule::At>(&when))
        return definition.document.at("schedule").at("cron").get<std::string>() + " in " +
               at->zone.name();
    std::string types;
    for (auto const& type : definition.schedule->event_types())
        types += (types.empty() ? "on " : " or ") + type;
    return types;
}

}  // namespace resolute::workflow
