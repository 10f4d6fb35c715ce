// The Retry-After header of RFC 9110, section 10.2.3: how long a system asks to be left alone.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace resolute::tools {

// Seconds or an HTTP date; a date that is past means zero, and limits::retry_after_s is the most.
// None for anything else.
std::optional<Duration> parse_retry_after(std::string_view text, Timestamp now);

// "Sun, 06 Nov 1994 08:49:37 GMT", the one form that may be sent today.
std::optional<Timestamp> parse_http_date(std::string_view text);

}  // namespace resolute::tools
