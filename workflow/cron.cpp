#include "workflow/cron.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "base/error_codes.h"

namespace resolute::workflow {
namespace {

constexpr int years_ahead = 10;  // the longest way to a 29th of February is eight
// Clocks that are put back show times again that they first showed this long ago at most.
constexpr auto longest_repetition = std::chrono::hours(3);

struct Field {
    char const* name;
    int least;
    int most;
    std::string_view names;  // three letters each, from `least` on
};
constexpr std::array fields{Field{"minute", 0, 59, ""}, Field{"hour", 0, 23, ""},
                            Field{"day of the month", 1, 31, ""},
                            Field{"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"},
                            Field{"day of the week", 0, 7, "sunmontuewedthufrisat"}};

struct Short {
    std::string_view name;
    std::string_view meaning;
};
constexpr std::array shorts{Short{"@yearly", "0 0 1 1 *"},  Short{"@annually", "0 0 1 1 *"},
                            Short{"@monthly", "0 0 1 * *"}, Short{"@weekly", "0 0 * * 0"},
                            Short{"@daily", "0 0 * * *"},   Short{"@midnight", "0 0 * * *"},
                            Short{"@hourly", "0 * * * *"}};

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> parts;
    while (true) {
        auto const end = text.find_first_of(separators);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::optional<int> number(std::string_view text) {
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const is_whole = error == std::errc() && end == text.data() + text.size() && value >= 0;
    return is_whole ? std::optional(value) : std::nullopt;
}

std::string lower(std::string_view text) {
    std::string small(text);
    for (auto& c : small)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return small;
}

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace

// Reads the five fields; the first problem is thrown.
class CronReader {
  public:
    static Cron read(std::string_view text) {
        std::vector<std::string_view> parts;
        for (auto const part : split(text, " \t"))
            if (!part.empty()) parts.push_back(part);
        if (parts.size() != fields.size()) throw wrong_count(parts.size());
        Cron cron;
        CronReader reader;
        reader.field(fields[0], parts[0], [&](int n) { cron.minutes_.set(index(n)); });
        reader.field(fields[1], parts[1], [&](int n) { cron.hours_.set(index(n)); });
        reader.field(fields[2], parts[2], [&](int n) { cron.days_.set(index(n)); });
        reader.field(fields[3], parts[3], [&](int n) { cron.months_.set(index(n)); });
        reader.field(fields[4], parts[4], [&](int n) { cron.weekdays_.set(index(n % 7)); });
        cron.follows_clock_ = parts[1].front() == '*';
        cron.both_days_ = parts[2].front() == '*' || parts[4].front() == '*';
        return cron;
    }

  private:
    static std::size_t index(int n) { return static_cast<std::size_t>(n); }

    static Diagnostic problem(std::string message, std::string remedy) {
        return {.code = codes::invalid_value,
                .message = std::move(message),
                .remedy = std::move(remedy),
                .file = {},
                .pointer = {}};
    }

    static Diagnostic wrong_count(std::size_t count) {
        return problem(
            "A cron expression has five fields, and this one has " + std::to_string(count) + ".",
            count == 6 ? "Leave the seconds out: minute, hour, day of the month, month, "
                         "day of the week."
                       : "Write minute, hour, day of the month, month, day of the week, "
                         "such as `30 9 * * mon-fri`.");
    }

    template <class Set>
    void field(Field const& field, std::string_view text, Set set) {
        for (auto const item : split(text, ",")) {
            auto const halves = split(item, "/");
            int step = 1;
            if (halves.size() > 1) {
                auto const read = number(halves[1]);
                if (halves.size() > 2 || !read || *read == 0)
                    throw problem(
                        quoted(item) + " is no " + field.name + ": its step is no number.",
                        "Write a step such as `*/15`.");
                step = *read;
            }
            auto [first, last] = range(field, halves[0]);
            if (halves.size() > 1 && first == last) last = field.most;
            for (int n = first; n <= last; n += step) set(n);
        }
    }

    static std::pair<int, int> range(Field const& field, std::string_view text) {
        if (text == "*" || text == "?")
            return {field.least, field.name == fields[4].name ? 6 : field.most};
        auto const ends = split(text, "-");
        auto const first = value(field, ends[0]);
        auto const last = ends.size() > 1 ? value(field, ends[1]) : first;
        if (ends.size() > 2 || last < first)
            throw problem("The range " + quoted(text) + " of the " + field.name +
                              " does not go from less to more.",
                          "List its parts, such as `fri,sat,sun,mon`.");
        return {first, last};
    }

    static int value(Field const& field, std::string_view text) {
        auto found = number(text);
        if (!found && text.size() == 3)
            if (auto const at = field.names.find(lower(text));
                at != std::string_view::npos && at % 3 == 0)
                found = field.least + static_cast<int>(at / 3);
        if (found && *found >= field.least && *found <= field.most) return *found;
        throw problem(quoted(text) + " is no " + field.name + ".",
                      "It is a number from " + std::to_string(field.least) + " to " +
                          std::to_string(field.most) +
                          (field.names.empty() ? "." : ", or the first three letters of a name."));
    }
};

Result<Cron> Cron::parse(std::string_view text) {
    auto const short_form = std::ranges::find(shorts, lower(text), &Short::name);
    try {
        auto cron = CronReader::read(short_form == shorts.end() ? text : short_form->meaning);
        if (!cron.first_from({2000, 1, 1, 0, 0}))
            return Diagnostic{.code = codes::invalid_value,
                              .message = "No year has a day that " + quoted(text) + " names.",
                              .remedy = "Name a day that its months have.",
                              .file = {},
                              .pointer = {}};
        return cron;
    } catch (Diagnostic const& wrong) {
        if (!text.starts_with('@')) return wrong;
        return Diagnostic{.code = codes::invalid_value,
                          .message = quoted(text) + " is no short form of a cron expression.",
                          .remedy =
                              "The short forms are @yearly, @monthly, @weekly, @daily and "
                              "@hourly; for an interval write `every`.",
                          .file = {},
                          .pointer = {}};
    }
}

bool Cron::is_on(WallTime const& day, unsigned weekday) const {
    if (!months_.test(static_cast<std::size_t>(day.month))) return false;
    bool const by_date = days_.test(static_cast<std::size_t>(day.day));
    bool const by_week = weekdays_.test(weekday);
    return both_days_ ? by_date && by_week : by_date || by_week;
}

std::optional<WallTime> Cron::first_from(WallTime from) const {
    using namespace std::chrono;
    auto const date = [](WallTime const& at) {
        return sys_days(year(at.year) / month(static_cast<unsigned>(at.month)) /
                        day(static_cast<unsigned>(at.day)));
    };
    auto const last = date(from) + days(366 * years_ahead);
    for (auto today = date(from); today <= last; today += days(1)) {
        year_month_day const named(today);
        WallTime at{static_cast<int>(named.year()),
                    static_cast<int>(static_cast<unsigned>(named.month())),
                    static_cast<int>(static_cast<unsigned>(named.day())), 0, 0};
        if (!is_on(at, weekday(today).c_encoding())) continue;
        bool const is_first = today == date(from);
        for (at.hour = is_first ? from.hour : 0; at.hour < 24; ++at.hour) {
            if (!hours_.test(static_cast<std::size_t>(at.hour))) continue;
            at.minute = is_first && at.hour == from.hour ? from.minute : 0;
            for (; at.minute < 60; ++at.minute)
                if (minutes_.test(static_cast<std::size_t>(at.minute))) return at;
        }
    }
    return std::nullopt;
}

std::optional<Timestamp> Cron::next(Timestamp after, TimeZone const& zone) const {
    auto const from = follows_clock_ ? after - longest_repetition : after;
    std::optional<Timestamp> soonest;
    for (auto named = first_from(zone.wall_time(from)); named;) {
        auto const shown = zone.when(*named);
        if (soonest && shown.first >= *soonest) break;
        bool const counts = !follows_clock_ || !shown.is_skipped;
        auto const at = follows_clock_ && shown.first <= after ? shown.last : shown.first;
        if (counts && at > after && (!soonest || at < *soonest)) soonest = at;
        auto following = *named;
        if (++following.minute == 60) following.minute = 0, ++following.hour;
        // Hour 24 is before every hour of the next day, and after every one of this.
        named = first_from(following);
    }
    return soonest;
}

}  // namespace resolute::workflow
