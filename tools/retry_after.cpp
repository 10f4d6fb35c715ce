#include "tools/retry_after.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/limits.h"

namespace resolute::tools {
namespace {

std::optional<int> number(std::string_view text) {
    int value = 0;
    auto const end = text.data() + text.size();
    auto const [at, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || at != end || value < 0) return std::nullopt;
    return value;
}

std::optional<unsigned> month(std::string_view name) {
    constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<unsigned>(found - names.begin()) + 1;
}

}  // namespace

std::optional<Duration> parse_retry_after(std::string_view text, Timestamp now) {
    constexpr auto most = std::chrono::seconds(limits::retry_after_s);
    std::int64_t seconds = 0;
    auto const end = text.data() + text.size();
    auto const [at, error] = std::from_chars(text.data(), end, seconds);
    if (at == end && error == std::errc::result_out_of_range && !text.starts_with('-')) return most;
    if (at == end && error == std::errc{} && seconds >= 0)
        return seconds > most.count() ? Duration(most) : Duration(std::chrono::seconds(seconds));
    auto const date = parse_http_date(text);
    if (!date) return std::nullopt;
    return std::clamp<Duration>(*date - now, Duration::zero(), most);
}

std::optional<Timestamp> parse_http_date(std::string_view text) {
    // "Sun, 06 Nov 1994 08:49:37 GMT": every part has its column.
    if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT")
        return std::nullopt;
    if (text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':')
        return std::nullopt;
    auto const day = number(text.substr(5, 2));
    auto const mon = month(text.substr(8, 3));
    auto const year = number(text.substr(12, 4));
    auto const hour = number(text.substr(17, 2));
    auto const minute = number(text.substr(20, 2));
    auto const second = number(text.substr(23, 2));
    if (!day || !mon || !year || !hour || !minute || !second) return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year(*year), std::chrono::month(*mon),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    auto const at = std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(*hour) +
                    std::chrono::minutes(*minute) + std::chrono::seconds(*second);
    return Timestamp{std::chrono::duration_cast<Duration>(at).count()};
}

}  // namespace resolute::tools
