// The tokens of a jq expression, with strings taken apart so that what they interpolate is visible.
//
// Pure. The rules are those of jq 1.6's lexer, narrowed to what 1.6, 1.7 and 1.8 read alike.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace resolute::workflow {

enum class TokenKind {
    identifier,  // also keywords: if, as, def, and …
    variable,  // $name; text holds the name alone
    field,  // .name; text holds the name alone
    number,
    format,  // @base64
    symbol,  // operators and brackets; ".." and "." too
    string_start,  // "  then string_text and interpolations in order, then string_end
    string_text,  // decoded
    string_end,
    interpolation_start,  // \(
    interpolation_end,
};

struct Token {
    TokenKind kind;
    std::string text;
    std::size_t begin = 0;  // bytes of the expression
    std::size_t end = 0;

    bool is(TokenKind wanted, std::string_view expected) const {
        return kind == wanted && text == expected;
    }
    bool is_symbol(std::string_view expected) const { return is(TokenKind::symbol, expected); }
    bool is_word(std::string_view expected) const { return is(TokenKind::identifier, expected); }
};

// All tokens without spaces and comments; brackets are known to be balanced. Refused: text that no
// jq reads, integers that jq would round, nesting over limits::expression_depth.
Result<std::vector<Token>> tokenize(std::string_view expression);

// A diagnostic that points at a byte of the expression; line and column count from 1 within it.
Diagnostic expression_problem(std::string_view expression, std::size_t at, std::string code,
                              std::string message, std::string remedy = {});

}  // namespace resolute::workflow
