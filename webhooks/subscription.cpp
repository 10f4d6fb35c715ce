#include "webhooks/subscription.h"

#include <algorithm>

namespace resolute::webhooks {
namespace {

constexpr std::string_view lifecycle = "io.serverlessworkflow.";

// Each `*` is tried as short as it can be; only the last one is ever made longer.
bool fits(std::string_view pattern, std::string_view text) {
    std::size_t at = 0, in_text = 0, retry_in_text = 0;
    std::optional<std::size_t> star;
    while (in_text < text.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            retry_in_text = in_text;
        } else if (at < pattern.size() && pattern[at] == text[in_text]) {
            ++at, ++in_text;
        } else if (star) {
            at = *star + 1;
            in_text = ++retry_in_text;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

int digit_of(char letter) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    auto const found = letters.find(letter);
    return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

// RFC 4648, section 4; strict, but the padding may be left out.
std::optional<std::string> from_base64(std::string_view text) {
    auto const padding = text.find('=');
    if (padding != std::string_view::npos) {
        auto const rest = text.substr(padding);
        if (text.size() % 4 != 0 || (rest != "=" && rest != "==")) return std::nullopt;
        text = text.substr(0, padding);
    }
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    unsigned bits = 0;
    int count = 0;
    for (char const letter : text) {
        auto const digit = digit_of(letter);
        if (digit < 0) return std::nullopt;
        bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffff;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 0xff);
    }
    bool const is_whole = (bits & ((1u << count) - 1)) == 0;
    return is_whole ? std::optional(bytes) : std::nullopt;
}

}  // namespace

bool wants(Subscription const& subscription, std::string_view type) {
    return std::ranges::any_of(subscription.types, [&](std::string const& pattern) {
        return (!type.starts_with(lifecycle) || pattern.starts_with(lifecycle)) &&
               fits(pattern, type);
    });
}

std::optional<std::string> key_of(std::string_view secret) {
    constexpr std::string_view prefix = "whsec_";
    if (!secret.starts_with(prefix)) return std::nullopt;
    auto key = from_base64(secret.substr(prefix.size()));
    if (!key || key->size() < 24 || key->size() > 64) return std::nullopt;
    return key;
}

}  // namespace resolute::webhooks
