#include "policy/tokens.h"

#include <algorithm>
#include <array>

#include "base/error_codes.h"

namespace resolute::policy {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word(char c) { return is_letter(c) || is_digit(c); }

constexpr std::array<std::string_view, 14> long_symbols = {
    "?//", "//=", "==", "!=", "<=", ">=", "//", "|=", "+=", "-=", "*=", "/=", "%=", ".."};

constexpr std::size_t npos = std::string_view::npos;

std::size_t end_of_string(std::string_view text, std::size_t at);

// From behind `\(` to behind its closing parenthesis.
std::size_t end_of_interpolation(std::string_view text, std::size_t at) {
    int depth = 1;
    while (at < text.size()) {
        char const c = text[at];
        if (c == '"') {
            at = end_of_string(text, at);
            if (at == npos) return npos;
            continue;
        }
        ++at;
        if (c == '(') ++depth;
        if (c == ')' && --depth == 0) return at;
    }
    return npos;
}

// From the opening quote to behind the closing one.
std::size_t end_of_string(std::string_view text, std::size_t at) {
    ++at;
    while (at < text.size()) {
        if (text[at] == '"') return at + 1;
        if (text[at] != '\\') {
            ++at;
            continue;
        }
        bool const interpolates = at + 1 < text.size() && text[at + 1] == '(';
        at = interpolates ? end_of_interpolation(text, at + 2) : at + 2;
        if (at == npos) return npos;
    }
    return npos;
}

class Splitter {
  public:
    explicit Splitter(std::string_view text) : text_(text) {}

    Result<std::vector<Token>> split() {
        while (at_ < text_.size() && problem_.empty()) {
            if (is_space(text_[at_]))
                ++at_;
            else
                next();
        }
        if (problem_.empty() && !open_.empty())
            problem_ = std::string("`") + open_.back() + "` is never closed.";
        if (!problem_.empty())
            return Diagnostic{.code = codes::invalid_expression, .message = problem_};
        return std::move(tokens_);
    }

  private:
    void next() {
        char const c = text_[at_];
        if (c == '"') {
            string();
        } else if (c == '$' || c == '@') {
            run(Token::Kind::variable, at_ + 1);
        } else if (c == '.' && at_ + 1 < text_.size() && is_letter(text_[at_ + 1])) {
            run(Token::Kind::field, at_ + 1);
        } else if (is_digit(c)) {
            number();
        } else if (is_letter(c)) {
            run(Token::Kind::word, at_);
        } else if (std::string_view("([{").find(c) != npos) {
            open_ += c;
            take(Token::Kind::open, at_ + 1);
        } else if (std::string_view(")]}").find(c) != npos) {
            close(c);
        } else {
            symbol(c);
        }
    }

    void run(Token::Kind kind, std::size_t from) {
        auto end = from;
        while (end < text_.size() && is_word(text_[end])) ++end;
        if (end == from) problem_ = std::string("A name must follow `") + text_[at_] + "`.";
        take(kind, end);
    }

    void number() {
        auto end = at_;
        while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '.')) ++end;
        if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
            auto exponent = end + 1;
            if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-'))
                ++exponent;
            while (exponent < text_.size() && is_digit(text_[exponent])) end = ++exponent;
        }
        take(Token::Kind::number, end);
    }

    void string() {
        auto const end = end_of_string(text_, at_);
        if (end == npos) {
            problem_ = "A string is never closed.";
            return;
        }
        bool const interpolated = text_.substr(at_, end - at_).find("\\(") != npos;
        take(Token::Kind::string, end);
        tokens_.back().is_interpolated = interpolated;
    }

    void close(char c) {
        static constexpr std::string_view opening = "([{", closing = ")]}";
        if (open_.empty() || opening.find(open_.back()) != closing.find(c)) {
            problem_ = std::string("`") + c + "` closes nothing.";
            return;
        }
        open_.pop_back();
        take(Token::Kind::close, at_ + 1);
    }

    void symbol(char c) {
        for (auto const known : long_symbols)
            if (text_.substr(at_).starts_with(known))
                return take(Token::Kind::symbol, at_ + known.size());
        if (std::string_view("|,=<>+-*/%.?:;").find(c) == npos) {
            bool const is_printable = c > ' ' && c < '\x7f';
            problem_ = is_printable ? std::string("`") + c + "` does not belong into an expression."
                                    : std::string("Only strings may hold letters beyond ASCII.");
            return;
        }
        take(Token::Kind::symbol, at_ + 1);
    }

    void take(Token::Kind kind, std::size_t end) {
        tokens_.push_back({kind, text_.substr(at_, end - at_), at_});
        at_ = end;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string open_;
    std::string problem_;
    std::vector<Token> tokens_;
};

}  // namespace

Result<std::vector<Token>> tokenize(std::string_view text) { return Splitter(text).split(); }

std::string_view text_of(Tokens tokens) {
    if (tokens.empty()) return {};
    auto const* begin = tokens.front().text.data();
    auto const* end = tokens.back().text.data() + tokens.back().text.size();
    return {begin, static_cast<std::size_t>(end - begin)};
}

std::vector<int> depths_of(Tokens tokens) {
    std::vector<int> depths;
    depths.reserve(tokens.size());
    int depth = 0;
    for (auto const& token : tokens) {
        bool const closes = token.kind == Token::Kind::close ||
                            (token.kind == Token::Kind::word && token.is("end"));
        bool const opens =
            token.kind == Token::Kind::open || (token.kind == Token::Kind::word && token.is("if"));
        if (closes) --depth;
        depths.push_back(depth);
        if (opens) ++depth;
    }
    return depths;
}

std::vector<std::string_view> interpolations(Token const& token) {
    std::vector<std::string_view> inside;
    auto const text = token.text;
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
        if (text[at] != '\\') continue;
        if (text[at + 1] != '(') {
            ++at;
            continue;
        }
        auto const end = end_of_interpolation(text, at + 2);
        if (end == npos) break;
        inside.push_back(text.substr(at + 2, end - at - 3));
        at = end - 1;
    }
    return inside;
}

}  // namespace resolute::policy
