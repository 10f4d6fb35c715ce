#include "workflow/duration.h"

#include <array>

#include "base/error_codes.h"
#include "base/limits.h"

namespace resolute::workflow {
namespace {

struct Unit {
    char const* name;
    std::int64_t milliseconds;
};
constexpr std::array units{Unit{"days", 86'400'000}, Unit{"hours", 3'600'000},
                           Unit{"minutes", 60'000}, Unit{"seconds", 1'000},
                           Unit{"milliseconds", 1}};
constexpr std::int64_t longest_ms = limits::longest_wait_days * 86'400'000;

Diagnostic problem(std::string message) {
    return {.code = codes::invalid_value,
            .message = std::move(message),
            .remedy = "Write it like PT1M30S, or like { minutes: 1, seconds: 30 }.",
            .file = {},
            .pointer = {}};
}

Result<Duration> from_object(Json const& value) {
    std::int64_t total = 0;
    for (auto const& [key, count] : value.items()) {
        auto const unit =
            std::find_if(units.begin(), units.end(), [&](Unit const& u) { return key == u.name; });
        if (unit == units.end()) return problem("A duration has no `" + key + "`.");
        bool const whole = count.is_number_integer() &&
                           !(count.is_number_unsigned() && count.get<std::uint64_t>() > INT64_MAX);
        if (!whole || count.get<std::int64_t>() < 0)
            return problem("`" + key + "` of a duration must be a whole number, zero or more.");
        if (count.get<std::int64_t>() > longest_ms / unit->milliseconds)
            return problem("This duration is longer than ten years.");
        total += count.get<std::int64_t>() * unit->milliseconds;
    }
    if (value.empty()) return problem("This duration is empty.");
    if (total > longest_ms) return problem("This duration is longer than ten years.");
    return Duration(std::chrono::milliseconds(total));
}

}  // namespace

Result<Duration> duration_from(Json const& value) {
    if (value.is_object()) return from_object(value);
    if (!value.is_string()) return problem("A duration is text or a map.");
    auto const& text = value.get_ref<std::string const&>();
    auto parsed = parse_duration(text);
    if (!parsed) return problem("`" + text + "` is not a duration.");
    if (*parsed < Duration::zero()) return problem("A duration cannot be negative.");
    if (*parsed > std::chrono::milliseconds(longest_ms))
        return problem("This duration is longer than ten years.");
    return *parsed;
}

}  // namespace resolute::workflow
