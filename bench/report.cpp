#include "bench/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "bench/bare.h"

namespace resolute::bench {
namespace {

struct Spread {
    double median = 0;
    double lowest = 0;
    double highest = 0;
};

Spread spread_of(std::vector<double> values) {
    auto const median = quantile(values, 0.5);
    return {median, values.front(), values.back()};
}

bool is_met(Target const& target, double value) {
    return target.side == Target::Side::at_least ? value >= target.value : value <= target.value;
}

// 90,000 and 0.135: as many digits as a person compares.
std::string shown(double value) {
    char text[48];
    if (std::abs(value) < 100) {
        std::snprintf(text, sizeof text, "%.3g", value);
        return text;
    }
    std::snprintf(text, sizeof text, "%.0f", value);
    std::string digits = text;
    for (auto at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ",");
    return digits;
}

std::string shown(std::optional<Target> const& target) {
    if (!target) return {};
    return (target->side == Target::Side::at_least ? ">= " : "<= ") + shown(target->value);
}

std::string verdict(std::optional<Target> const& target, double value) {
    if (!target) return {};
    return is_met(*target, value) ? "met" : "missed";
}

Json json_of(Spread const& spread, std::optional<Target> const& target) {
    Json json{{"median", spread.median}, {"min", spread.lowest}, {"max", spread.highest}};
    if (!target) return json;
    auto const side = target->side == Target::Side::at_least ? "at_least" : "at_most";
    json["target"] = {{side, target->value}};
    json["met"] = is_met(*target, spread.median);
    return json;
}

std::string line(char const* format, auto const&... cells) {
    char text[256];
    std::snprintf(text, sizeof text, format, cells.c_str()...);
    std::string shown = text;
    shown.erase(shown.find_last_not_of(' ') + 1);
    return shown + "\n";
}

}  // namespace

void Report::add(Kind const& kind, double value, std::optional<double> ratio) {
    auto found = std::ranges::find(figures_, kind.name,
                                   [](Figure const& figure) { return figure.kind.name; });
    if (found == figures_.end()) found = figures_.insert(figures_.end(), Figure{kind, {}, {}});
    found->values.push_back(value);
    if (ratio) found->ratios.push_back(*ratio);
}

void Report::note(std::string const& name, std::string const& value) { notes_[name] = value; }

Json Report::json() const {
    Json results = Json::array();
    for (auto const& [kind, values, ratios] : figures_) {
        auto result = json_of(spread_of(values), kind.target);
        result["name"] = kind.name;
        result["unit"] = kind.unit;
        result["values"] = values;
        if (!ratios.empty()) {
            result["ratio"] = json_of(spread_of(ratios), kind.ratio_target);
            result["ratio"]["to"] = kind.versus;
        }
        results.push_back(std::move(result));
    }
    return {{"conditions", notes_}, {"results", std::move(results)}};
}

std::string Report::table() const {
    std::string text;
    for (auto const& [name, value] : notes_) text += name + ": " + value + "\n";
    auto say = [&](auto const&... cells) {
        text += line("%-32s %10s %-5s %21s  %-10s %-7s %-26s %-8s %s", std::string(cells)...);
    };
    text += "\n";
    say("figure", "median", "unit", "min - max", "target", "", "ratio", "target", "");
    for (auto const& [kind, values, ratios] : figures_) {
        auto const value = spread_of(values);
        auto const range = shown(value.lowest) + " - " + shown(value.highest);
        auto const state = verdict(kind.target, value.median);
        if (ratios.empty()) {
            say(kind.name, shown(value.median), kind.unit, range, shown(kind.target), state, "", "",
                "");
            continue;
        }
        auto const ratio = spread_of(ratios);
        say(kind.name, shown(value.median), kind.unit, range, shown(kind.target), state,
            shown(ratio.median) + " x " + kind.versus, shown(kind.ratio_target),
            verdict(kind.ratio_target, ratio.median));
    }
    return text;
}

}  // namespace resolute::bench
