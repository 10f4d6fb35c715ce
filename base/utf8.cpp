#include "base/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace resolute {
namespace {

// Which second bytes a lead byte allows, and how long its sequence is; length 0 = no lead byte.
struct Lead {
    std::size_t length;
    std::uint8_t low;
    std::uint8_t high;
};

Lead lead_of(std::uint8_t byte) {
    if (byte < 0x80) return {1, 0, 0};
    if (byte < 0xc2) return {0, 0, 0};
    if (byte < 0xe0) return {2, 0x80, 0xbf};
    if (byte == 0xe0) return {3, 0xa0, 0xbf};
    if (byte == 0xed) return {3, 0x80, 0x9f};
    if (byte < 0xf0) return {3, 0x80, 0xbf};
    if (byte == 0xf0) return {4, 0x90, 0xbf};
    if (byte < 0xf4) return {4, 0x80, 0xbf};
    if (byte == 0xf4) return {4, 0x80, 0x8f};
    return {0, 0, 0};
}

bool is_ascii_word(std::string_view bytes, std::size_t at) {
    std::uint64_t word = 0;
    if (bytes.size() - at < sizeof word) return false;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    return (word & 0x8080808080808080) == 0;
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view bytes) {
    auto byte_at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (is_ascii_word(bytes, at)) {  // most of a long text
            at += sizeof(std::uint64_t);
            continue;
        }
        auto const lead = lead_of(byte_at(at));
        if (lead.length == 0 || at + lead.length > bytes.size()) return at;
        for (std::size_t i = 1; i < lead.length; ++i) {
            auto const low = i == 1 ? lead.low : std::uint8_t{0x80};
            auto const high = i == 1 ? lead.high : std::uint8_t{0xbf};
            if (byte_at(at + i) < low || byte_at(at + i) > high) return at;
        }
        at += lead.length;
    }
    return at;
}

std::string to_valid_utf8(std::string_view bytes) {
    std::string text;
    while (true) {
        auto const valid = valid_utf8_prefix(bytes);
        text += bytes.substr(0, valid);
        if (valid == bytes.size()) return text;
        text += "\xef\xbf\xbd";
        bytes.remove_prefix(valid + 1);
    }
}

bool has_control_character(std::string_view text) {
    return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

}  // namespace resolute
