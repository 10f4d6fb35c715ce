// Makes what a text hides visible: direction marks, zero-width and control characters.
//
// Pure. A reviewer must see every character that will be sent; a reversed account number or a word
// joined by an invisible letter must not look like something else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace resolute::approvals {

enum class Lines { keep, reveal };  // line breaks and tabs

// The text with each hidden character as its code in angle brackets: ⟨U+202E⟩.
std::string reveal(std::string_view text, Lines lines);

// Why no faithful picture of the text exists: private or unassigned characters, broken UTF-8; none
// when it does.
std::optional<std::string> unrenderable(std::string_view text);

std::size_t count_characters(std::string_view text);

}  // namespace resolute::approvals
