#include "approvals/reveal.h"

#include <array>
#include <cstdint>
#include <cstdio>

#include "base/utf8.h"

namespace resolute::approvals {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// General categories Cc, Cf, Zl and Zp of Unicode 15, and letters that have no picture of their
// own.
constexpr std::array hidden = {
    Range{0x0000, 0x001F},   Range{0x007F, 0x009F},   Range{0x00AD, 0x00AD},
    Range{0x034F, 0x034F},   Range{0x0600, 0x0605},   Range{0x061C, 0x061C},
    Range{0x06DD, 0x06DD},   Range{0x070F, 0x070F},   Range{0x0890, 0x0891},
    Range{0x08E2, 0x08E2},   Range{0x115F, 0x1160},   Range{0x17B4, 0x17B5},
    Range{0x180B, 0x180F},   Range{0x200B, 0x200F},   Range{0x2028, 0x202E},
    Range{0x2060, 0x206F},   Range{0x2800, 0x2800},   Range{0x3164, 0x3164},
    Range{0xFE00, 0xFE0F},   Range{0xFEFF, 0xFEFF},   Range{0xFFA0, 0xFFA0},
    Range{0xFFF9, 0xFFFB},   Range{0x110BD, 0x110BD}, Range{0x110CD, 0x110CD},
    Range{0x13430, 0x1343F}, Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A},
    Range{0xE0000, 0xE0FFF}};

constexpr std::array private_use = {Range{0xE000, 0xF8FF}, Range{0xF0000, 0xFFFFD},
                                    Range{0x100000, 0x10FFFD}};

template <std::size_t N>
bool lies_in(char32_t c, std::array<Range, N> const& ranges) {
    for (auto const& range : ranges)
        if (range.first <= c && c <= range.last) return true;
    return false;
}

bool is_noncharacter(char32_t c) { return (c & 0xFFFE) == 0xFFFE || (0xFDD0 <= c && c <= 0xFDEF); }

// One code point of well-formed UTF-8; moves `at` behind it.
char32_t next(std::string_view text, std::size_t& at) {
    auto const lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80) return lead;
    int const more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    char32_t c = lead & (0x3Fu >> more);
    for (int i = 0; i < more; ++i) c = (c << 6) | (static_cast<unsigned char>(text[at++]) & 0x3Fu);
    return c;
}

std::string code_of(char32_t c) {
    char text[16];
    std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(c));
    return text;
}

}  // namespace

std::string reveal(std::string_view text, Lines lines) {
    auto const valid = is_utf8(text) ? std::string(text) : to_valid_utf8(text);
    std::string shown;
    for (std::size_t at = 0; at < valid.size();) {
        auto const from = at;
        auto const c = next(valid, at);
        bool const is_layout = c == '\n' || c == '\t';
        if (is_layout ? lines == Lines::reveal : lies_in(c, hidden))
            shown += "⟨" + code_of(c) + "⟩";
        else
            shown.append(valid, from, at - from);
    }
    return shown;
}

std::optional<std::string> unrenderable(std::string_view text) {
    if (!is_utf8(text)) return "it is not well-formed UTF-8";
    for (std::size_t at = 0; at < text.size();) {
        auto const c = next(text, at);
        if (lies_in(c, private_use))
            return "the character " + code_of(c) + " is private and looks different everywhere";
        if (is_noncharacter(c)) return code_of(c) + " is not a character";
    }
    return std::nullopt;
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return count;
}

}  // namespace resolute::approvals
