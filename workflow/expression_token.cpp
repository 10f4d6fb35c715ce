#include "workflow/expression_token.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/error_codes.h"
#include "base/limits.h"
#include "base/utf8.h"

namespace resolute::workflow {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

// Longest first, so that the first match is the longest.
constexpr std::array<std::string_view, 14> long_symbols{
    "?//", "//=", "!=", "==", "//", "|=", "+=", "-=", "*=", "/=", "%=", "<=", ">=", ".."};
constexpr std::string_view short_symbols = ".?=;,:|+-*/%<>()[]{}";

struct Refusal {
    std::size_t at;
    std::string message;
    std::string remedy;
};

void append_utf8(std::string& out, std::uint32_t code_point) {
    auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xc0 | (code_point >> 6));
        put(0x80 | (code_point & 0x3f));
    } else if (code_point < 0x10000) {
        put(0xe0 | (code_point >> 12));
        put(0x80 | ((code_point >> 6) & 0x3f));
        put(0x80 | (code_point & 0x3f));
    } else {
        put(0xf0 | (code_point >> 18));
        put(0x80 | ((code_point >> 12) & 0x3f));
        put(0x80 | ((code_point >> 6) & 0x3f));
        put(0x80 | (code_point & 0x3f));
    }
}

// Throws Refusal; the one public function below turns it into a diagnostic.
class Lexer {
  public:
    explicit Lexer(std::string_view text) : text_(text) {}

    std::vector<Token> run() {
        while (skip_blank(), at_ < text_.size()) next();
        if (!open_.empty())
            throw Refusal{open_.back().at, "What is opened here is never closed", ""};
        return std::move(tokens_);
    }

  private:
    struct Open {
        char closer;  // the bracket that is expected, or '"' for an interpolation inside a string
        std::size_t at;
    };

    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    void add(TokenKind kind, std::string text, std::size_t begin) {
        tokens_.push_back({kind, std::move(text), begin, at_});
    }

    std::string take_name() {
        auto const begin = at_;
        while (is_name_part(peek())) ++at_;
        return std::string(text_.substr(begin, at_ - begin));
    }

    void skip_blank() {
        while (true) {
            while (std::string_view(" \t\r\n").find(peek()) != std::string_view::npos &&
                   at_ < text_.size())
                ++at_;
            if (peek() != '#') return;
            while (at_ < text_.size() && peek() != '\n') ++at_;
            // jq 1.7 lets a comment go on after a backslash, 1.6 does not.
            auto const comment_end = text_.substr(0, at_).find_last_not_of('\r');
            if (text_[comment_end] == '\\')
                throw Refusal{comment_end, "A comment must not end in a backslash", ""};
        }
    }

    void next() {
        auto const begin = at_;
        char const c = peek();
        if (is_name_start(c)) {
            add(TokenKind::identifier, take_name(), begin);
            if (peek() == ':' && peek(1) == ':')
                throw Refusal{begin, "Modules are not available here", ""};
        } else if (c == '$') {
            ++at_;
            if (!is_name_start(peek()))
                throw Refusal{begin, "A variable needs its name right after the $", ""};
            add(TokenKind::variable, take_name(), begin);
        } else if (c == '@') {
            ++at_;
            add(TokenKind::format, take_name(), begin);
        } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
            take_number();
        } else if (c == '.' && is_name_start(peek(1))) {
            ++at_;
            add(TokenKind::field, take_name(), begin);
        } else if (c == '"') {
            ++at_;
            add(TokenKind::string_start, "\"", begin);
            take_string(begin);
        } else {
            take_symbol();
        }
    }

    void take_number() {
        auto const begin = at_;
        auto digits = [&] {
            while (is_digit(peek())) ++at_;
        };
        digits();
        bool is_integer = true;
        if (peek() == '.') {
            ++at_;
            digits();
            is_integer = false;
        }
        std::size_t const sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
        if ((peek() == 'e' || peek() == 'E') && is_digit(peek(1 + sign))) {
            at_ += 1 + sign;
            digits();
            is_integer = false;
        }
        add(TokenKind::number, std::string(text_.substr(begin, at_ - begin)), begin);
        if (is_integer) check_exact(begin);
    }

    void check_exact(std::size_t begin) const {
        std::uint64_t value = 0;
        for (char c : tokens_.back().text) {
            value = value * 10 + static_cast<std::uint64_t>(c - '0');
            if (value > limits::exact_integer)
                throw Refusal{
                    begin,
                    "The integer " + tokens_.back().text + " is beyond 2^53 and would be rounded",
                    "Compare it as a string."};
        }
    }

    void take_symbol() {
        auto const begin = at_;
        for (auto symbol : long_symbols) {
            if (!text_.substr(at_).starts_with(symbol)) continue;
            at_ += symbol.size();
            return add(TokenKind::symbol, std::string(symbol), begin);
        }
        char const c = peek();
        if (short_symbols.find(c) == std::string_view::npos)
            throw Refusal{
                at_, "The character `" + to_valid_utf8(std::string(1, c)) + "` has no meaning here",
                ""};
        if (c == '(' || c == '[' || c == '{') open(c == '(' ? ')' : c == '[' ? ']' : '}');
        if (c == ')' || c == ']' || c == '}') {
            bool const ends_interpolation =
                c == ')' && !open_.empty() && open_.back().closer == '"';
            if (ends_interpolation) return end_interpolation();
            if (open_.empty() || open_.back().closer != c)
                throw Refusal{at_, std::string("The `") + c + "` closes nothing", ""};
            open_.pop_back();
        }
        ++at_;
        add(TokenKind::symbol, std::string(1, c), begin);
    }

    void open(char closer) {
        if (open_.size() >= limits::expression_depth)
            throw Refusal{at_, "The expression is nested too deeply",
                          "Split it into several steps."};
        open_.push_back({closer, at_});
    }

    void end_interpolation() {
        auto const begin = at_++;
        auto const string_begin = open_.back().at;
        open_.pop_back();
        add(TokenKind::interpolation_end, ")", begin);
        take_string(string_begin);
    }

    // Reads on inside a string, up to its end or to the next interpolation.
    void take_string(std::size_t string_begin) {
        auto const begin = at_;
        std::string decoded;
        while (true) {
            if (at_ >= text_.size())
                throw Refusal{string_begin, "The text that begins here never ends", ""};
            char const c = text_[at_++];
            if (c == '"' || (c == '\\' && peek() == '(')) {
                --at_;
                if (!decoded.empty()) add(TokenKind::string_text, std::move(decoded), begin);
                return c == '"' ? end_string() : start_interpolation(string_begin);
            }
            if (c == '\\')
                take_escape(decoded);
            else
                decoded += c;
        }
    }

    void end_string() {
        auto const begin = at_++;
        add(TokenKind::string_end, "\"", begin);
    }

    void start_interpolation(std::size_t string_begin) {
        auto const begin = at_;
        open('"');
        open_.back().at = string_begin;
        at_ += 2;
        add(TokenKind::interpolation_start, "\\(", begin);
    }

    void take_escape(std::string& out) {
        static constexpr std::string_view names = "\"\\/bfnrt";
        static constexpr std::string_view values = "\"\\/\b\f\n\r\t";
        auto const begin = at_ - 1;
        char const c = peek();
        if (auto const found = names.find(c);
            found != std::string_view::npos && at_ < text_.size()) {
            ++at_;
            out += values[found];
        } else if (c == 'u') {
            append_utf8(out, take_code_point(begin));
        } else {
            throw Refusal{begin, "This escape has no meaning in a text",
                          "Write a backslash as \\\\."};
        }
    }

    std::uint32_t take_code_point(std::size_t begin) {
        auto const high = take_code_unit(begin);
        if (high < 0xd800 || high > 0xdfff) return high;
        if (high < 0xdc00 && peek() == '\\' && peek(1) == 'u') {
            ++at_;
            auto const low = take_code_unit(begin);
            if (low >= 0xdc00 && low <= 0xdfff)
                return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        }
        throw Refusal{begin, "Half of a surrogate pair is no character", ""};
    }

    std::uint32_t take_code_unit(std::size_t begin) {
        std::uint32_t unit = 0;
        for (std::size_t i = 1; i <= 4; ++i) {
            static constexpr std::string_view digits = "0123456789abcdef";
            char const c = peek(i);
            auto const value =
                digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
            if (value == std::string_view::npos)
                throw Refusal{begin, "A \\u needs four hexadecimal digits", ""};
            unit = unit * 16 + static_cast<std::uint32_t>(value);
        }
        at_ += 5;
        return unit;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<Token> tokens_;
    std::vector<Open> open_;
};

}  // namespace

Diagnostic expression_problem(std::string_view expression, std::size_t at, std::string code,
                              std::string message, std::string remedy) {
    auto const before = expression.substr(0, std::min(at, expression.size()));
    auto const line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    return {.code = std::move(code),
            .message = std::move(message),
            .remedy = std::move(remedy),
            .line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
            .column = 1 + static_cast<int>(before.size() - line_start)};
}

Result<std::vector<Token>> tokenize(std::string_view expression) {
    auto const valid = valid_utf8_prefix(expression);
    if (valid < expression.size())
        return expression_problem(expression, valid, codes::invalid_expression,
                                  "The expression is not UTF-8.");
    if (auto const zero = expression.find('\0'); zero != std::string_view::npos)
        return expression_problem(expression, zero, codes::invalid_expression,
                                  "The expression contains a zero byte.");
    try {
        return Lexer(expression).run();
    } catch (Refusal const& refusal) {
        return expression_problem(expression, refusal.at, codes::invalid_expression,
                                  refusal.message + ".", refusal.remedy);
    }
}

}  // namespace resolute::workflow
