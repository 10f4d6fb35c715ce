// Splits the text of a jq expression into tokens, so that conditions can be taken apart and
// explained.
//
// Knows where jq tokens begin and end, not what they mean; the grammar is condition.cpp's.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace resolute::policy {

struct Token {
    enum class Kind { variable, field, word, number, string, open, close, symbol };

    Kind kind = Kind::symbol;
    std::string_view text;  // as written: `$facts`, `.amount`, `and`, `10000`, `"EUR"`, `(`, `<=`
    std::size_t offset = 0;  // into the whole text
    bool is_interpolated = false;  // a string with \( ) inside

    bool is(std::string_view what) const { return text == what && kind != Kind::string; }
};

using Tokens = std::span<Token const>;

// The tokens refer to `text`. Refused: unbalanced brackets, unterminated strings, control
// characters.
Result<std::vector<Token>> tokenize(std::string_view text);

// The text that a run of tokens covers, spaces inside kept.
std::string_view text_of(Tokens tokens);

// How deep each token lies in brackets, `if … end` and `reduce`-like blocks of these tokens; an
// opening and its closing token have the depth outside.
std::vector<int> depths_of(Tokens tokens);

// The texts inside \( ) of an interpolated string token.
std::vector<std::string_view> interpolations(Token const& token);

}  // namespace resolute::policy
