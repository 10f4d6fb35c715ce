#include "base/clock.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <optional>

#include "base/error_codes.h"
#include "base/log.h"
#include "base/steady_wall.h"

namespace resolute {
namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t minute_us = 60 * second_us;
constexpr std::int64_t hour_us = 60 * minute_us;
constexpr std::int64_t day_us = 24 * hour_us;
constexpr std::int64_t week_us = 7 * day_us;

// Reads a text from left to right; a take function that fails leaves the text where it was.
struct Scanner {
    std::string_view rest;

    bool take_any(std::string_view expected) {
        if (rest.empty() || expected.find(rest.front()) == std::string_view::npos) return false;
        rest.remove_prefix(1);
        return true;
    }
    std::string_view take_digits() {
        std::size_t count = 0;
        while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9') ++count;
        auto const digits = rest.substr(0, count);
        rest.remove_prefix(count);
        return digits;
    }
    std::optional<int> take_number(std::size_t width, int highest) {
        if (rest.size() < width) return std::nullopt;
        int number = 0;
        for (char c : rest.substr(0, width)) {
            if (c < '0' || c > '9') return std::nullopt;
            number = number * 10 + (c - '0');
        }
        if (number > highest) return std::nullopt;
        rest.remove_prefix(width);
        return number;
    }
};

// What ".digits" of a unit is worth, cut below one microsecond.
std::int64_t fraction_of(std::int64_t unit_us, std::string_view digits) {
    std::int64_t total = 0;
    for (char c : digits) {
        unit_us /= 10;  // exact while it matters: every unit is a multiple of 10^6 microseconds
        total += (c - '0') * unit_us;
    }
    return total;
}

std::string fraction_text(std::int64_t microseconds) {
    char text[8];
    std::snprintf(text, sizeof text, ".%06d", static_cast<int>(microseconds));
    return text;
}

std::optional<std::int64_t> scan_date(Scanner& scan) {
    auto const year = scan.take_number(4, 9999);
    if (!year || !scan.take_any("-")) return std::nullopt;
    auto const month = scan.take_number(2, 12);
    if (!month || !scan.take_any("-")) return std::nullopt;
    auto const day = scan.take_number(2, 31);
    if (!day) return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count() * day_us;
}

std::optional<std::int64_t> scan_time(Scanner& scan) {
    auto const hour = scan.take_number(2, 23);
    if (!hour || !scan.take_any(":")) return std::nullopt;
    auto const minute = scan.take_number(2, 59);
    if (!minute || !scan.take_any(":")) return std::nullopt;
    auto const second =
        scan.take_number(2, 60);  // 60 is a leap second: the instant that follows :59
    if (!second) return std::nullopt;
    std::int64_t total = *hour * hour_us + *minute * minute_us + *second * second_us;
    if (scan.take_any(".")) {
        auto const digits = scan.take_digits();
        if (digits.empty()) return std::nullopt;
        total += fraction_of(second_us, digits);
    }
    return total;
}

std::optional<std::int64_t> scan_offset(Scanner& scan) {
    if (scan.take_any("Zz")) return 0;
    bool const behind = scan.rest.starts_with('-');
    if (!scan.take_any("+-")) return std::nullopt;
    auto const hour = scan.take_number(2, 23);
    if (!hour || !scan.take_any(":")) return std::nullopt;
    auto const minute = scan.take_number(2, 59);
    if (!minute) return std::nullopt;
    std::int64_t const offset = *hour * hour_us + *minute * minute_us;
    return behind ? -offset : offset;
}

std::optional<Timestamp> scan_timestamp(Scanner scan) {
    auto const date = scan_date(scan);
    if (!date || !scan.take_any("Tt")) return std::nullopt;
    auto const time = scan_time(scan);
    if (!time) return std::nullopt;
    auto const offset = scan_offset(scan);
    if (!offset || !scan.rest.empty()) return std::nullopt;
    return Timestamp{*date + *time - *offset};
}

// Adds number.fraction units; false when the sum leaves 64 bits.
bool add_component(std::int64_t& total, std::int64_t unit_us, std::string_view number,
                   std::string_view fraction) {
    std::int64_t count = 0;
    for (char c : number)
        if (__builtin_mul_overflow(count, 10, &count) ||
            __builtin_add_overflow(count, c - '0', &count))
            return false;
    return !__builtin_mul_overflow(count, unit_us, &count) &&
           !__builtin_add_overflow(total, count, &total) &&
           !__builtin_add_overflow(total, fraction_of(unit_us, fraction), &total);
}

struct Unit {
    char designator;
    std::int64_t us;
};
constexpr Unit date_units[] = {{'W', week_us}, {'D', day_us}};
constexpr Unit time_units[] = {{'H', hour_us}, {'M', minute_us}, {'S', second_us}};

// One side of the T: units in falling order, each at most once, a fraction only on the very last.
template <std::size_t N>
bool scan_components(Scanner& scan, Unit const (&units)[N], std::int64_t& total, int& count,
                     bool& has_fraction) {
    std::size_t next = 0;
    while (!scan.rest.empty() && scan.rest.front() != 'T') {
        if (has_fraction) return false;
        auto const number = scan.take_digits();
        std::string_view fraction;
        if (scan.take_any(".,")) {
            fraction = scan.take_digits();
            if (fraction.empty()) return false;
            has_fraction = true;
        }
        while (next < N && !scan.rest.starts_with(units[next].designator)) ++next;
        if (number.empty() || next == N) return false;
        if (!add_component(total, units[next].us, number, fraction)) return false;
        scan.rest.remove_prefix(1);
        ++next;
        ++count;
    }
    return true;
}

std::optional<Duration> scan_duration(Scanner scan) {
    bool const negative = scan.take_any("-");
    if (!scan.take_any("P")) return std::nullopt;
    std::int64_t total = 0;
    int count = 0;
    bool has_fraction = false;
    if (!scan_components(scan, date_units, total, count, has_fraction)) return std::nullopt;
    if (scan.take_any("T")) {
        int const before = count;
        if (!scan_components(scan, time_units, total, count, has_fraction)) return std::nullopt;
        if (count == before) return std::nullopt;
    }
    if (count == 0 || !scan.rest.empty()) return std::nullopt;
    return Duration(negative ? -total : total);
}

Diagnostic malformed(std::string_view text, std::string_view what, std::string remedy) {
    return {
        .code = codes::malformed_time,
        .message = "`" + std::string(text.substr(0, 64)) + "` is not " + std::string(what) + ".",
        .remedy = std::move(remedy)};
}

}  // namespace

std::string to_string(Timestamp at) {
    using namespace std::chrono;
    auto const instant = sys_time<microseconds>(microseconds(at.microseconds));
    auto const midnight = floor<days>(instant);
    year_month_day const date(midnight);
    hh_mm_ss const time(instant - midnight);
    std::string text = "0000-00-00T00:00:00.000000Z";
    auto put = [&](std::size_t start, std::size_t width, std::int64_t value) {
        for (auto i = start + width; i-- > start; value /= 10)
            text[i] = static_cast<char>('0' + value % 10);
    };
    auto const year = static_cast<int>(date.year());
    put(0, 4, std::abs(year) % 10'000);
    put(5, 2, static_cast<unsigned>(date.month()));
    put(8, 2, static_cast<unsigned>(date.day()));
    put(11, 2, time.hours().count());
    put(14, 2, time.minutes().count());
    put(17, 2, time.seconds().count());
    put(20, 6, time.subseconds().count());
    if (year < 0 || year > 9999) {  // nobody reads these, and they are still what they were
        char years[16];
        std::snprintf(years, sizeof years, "%04d", year);
        text.replace(0, 4, years);
    }
    return text;
}

Result<Timestamp> parse_timestamp(std::string_view text) {
    if (auto at = scan_timestamp({text})) return *at;
    return malformed(text, "a date and time of RFC 3339", "Write it like 2026-03-01T09:30:00Z.");
}

std::string to_string(Duration duration) {
    if (duration == Duration::zero()) return "PT0S";
    std::string text = duration.count() < 0 ? "-P" : "P";
    // The unsigned magnitude, because the most negative duration has no positive twin.
    auto rest = static_cast<std::uint64_t>(duration.count());
    if (duration.count() < 0) rest = 0 - rest;
    auto take = [&](std::int64_t unit_us) {
        auto const unit = static_cast<std::uint64_t>(unit_us);
        auto const count = rest / unit;
        rest %= unit;
        return count;
    };
    if (auto const days = take(day_us)) text += std::to_string(days) + "D";
    if (rest == 0) return text;
    text += "T";
    if (auto const hours = take(hour_us)) text += std::to_string(hours) + "H";
    if (auto const minutes = take(minute_us)) text += std::to_string(minutes) + "M";
    if (rest == 0) return text;
    text += std::to_string(take(second_us));
    if (rest != 0) {
        text += fraction_text(static_cast<std::int64_t>(rest));
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text + "S";
}

Result<Duration> parse_duration(std::string_view text) {
    if (auto duration = scan_duration({text})) return *duration;
    return malformed(
        text, "a duration of ISO 8601 in weeks, days, hours, minutes and seconds",
        "Write it like PT30S, PT1.5H or P2DT3H; years and months have no fixed length.");
}

Timestamp SystemClock::now() const {
    static SteadyWall steady([](Duration away) {
        log::warn("the wall clock jumped and is " + to_string(away) +
                  " away; it is followed slowly, so that nothing is waited for too briefly");
    });
    auto const wall = std::chrono::system_clock::now().time_since_epoch();
    return steady.at({std::chrono::duration_cast<Duration>(wall).count()}, monotonic());
}

// Counts the time that the machine was suspended too: a lease does not last longer for it.
Duration SystemClock::monotonic() const {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::duration_cast<Duration>(std::chrono::seconds(now.tv_sec) +
                                                std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace resolute
