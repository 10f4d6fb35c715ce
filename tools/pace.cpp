#include "tools/pace.h"

#include <algorithm>
#include <charconv>

namespace resolute::tools {

std::optional<Rate> parse_rate(std::string_view text) {
    auto const slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    Rate rate;
    auto const [end, error] = std::from_chars(text.data(), text.data() + slash, rate.calls);
    if (error != std::errc{} || end != text.data() + slash || rate.calls < 1) return std::nullopt;
    auto const unit = text.substr(slash + 1);
    if (unit == "s")
        rate.per = std::chrono::seconds(1);
    else if (unit == "min")
        rate.per = std::chrono::minutes(1);
    else if (unit == "h")
        rate.per = std::chrono::hours(1);
    else
        return std::nullopt;
    return rate;
}

Duration Pace::wait_before(Duration now) {
    if (!rate_) return Duration::zero();
    auto const one = rate_->per / rate_->calls;
    auto const next = std::max(used_up_to_, now) + one;
    auto const wait = next - rate_->per - now;
    if (wait > Duration::zero()) return wait;
    used_up_to_ = next;
    return Duration::zero();
}

}  // namespace resolute::tools
