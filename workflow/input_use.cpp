#include "workflow/input_use.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace resolute::workflow {
namespace {

constexpr std::array<std::string_view, 18> keywords{
    "if",  "then",   "elif",    "else",  "end",   "and",  "or",    "as",   "def",
    "try", "reduce", "foreach", "catch", "label", "true", "false", "null", "__loc__"};

bool is_keyword(Token const& token) {
    return token.kind == TokenKind::identifier &&
           std::find(keywords.begin(), keywords.end(), token.text) != keywords.end();
}

// Functions that do not look at `.` themselves and evaluate their arguments where they are called.
constexpr std::array<std::string_view, 6> blind{"range", "limit", "isempty",
                                                "empty", "nan",   "infinite"};

bool is_assignment(Token const& token) {
    return token.kind == TokenKind::symbol && token.text.ends_with('=') && token.text != "==" &&
           token.text != "!=" && token.text != "<=" && token.text != ">=";
}

bool ends_term(Token const& token) {
    switch (token.kind) {
        case TokenKind::identifier: return !is_keyword(token);
        case TokenKind::variable:
        case TokenKind::field:
        case TokenKind::number:
        case TokenKind::format:
        case TokenKind::string_end: return true;
        case TokenKind::symbol:
            return std::string_view(")]}?...").find(token.text) != std::string_view::npos;
        default: return false;
    }
}

// Walks over the tokens and knows at each whether `.` still means the input. It does until a pipe
// gives it another meaning, and again behind a comma, a semicolon and the words of a condition.
class Walk {
  public:
    explicit Walk(std::span<Token const> tokens)
        : tokens_(tokens),
          has_definitions_(std::any_of(tokens.begin(), tokens.end(),
                                       [](auto const& token) { return token.is_word("def"); })) {}

    InputUse run() {
        group("", true, false);
        return std::move(use_);
    }

  private:
    Token const* next(std::size_t ahead = 0) const {
        return at_ + ahead < tokens_.size() ? &tokens_[at_ + ahead] : nullptr;
    }
    Token const* previous() const { return at_ >= 2 ? &tokens_[at_ - 2] : nullptr; }

    // One pair of brackets, or everything. `is_fold` is the part of reduce and foreach in which `.`
    // is what has been gathered, from the first semicolon on.
    void group(std::string_view opener, bool outer, bool is_fold) {
        bool const outer_at_start = outer;
        bool binds = false;  // the next pipe only ends an `as` or a label
        std::vector<bool> conditions;  // what `.` was at each open `if`
        while (at_ < tokens_.size()) {
            auto const& token = tokens_[at_++];
            if (token.is_symbol(")") || token.is_symbol("]") || token.is_symbol("}") ||
                token.kind == TokenKind::interpolation_end)
                return;
            if (token.is_symbol("|")) {
                outer = outer && binds;
                binds = false;
            } else if (token.is_symbol(",") || token.is_symbol(";")) {
                outer = conditions.empty() ? outer_at_start : conditions.back();
                if (is_fold && token.text == ";") return group(opener, false, false);
            } else if (token.is_word("as") || token.is_word("label")) {
                binds = true;
            } else if (token.is_word("if")) {
                conditions.push_back(outer);
            } else if (token.is_word("then") || token.is_word("elif") || token.is_word("else") ||
                       token.is_word("end")) {
                if (conditions.empty())
                    use_.everything = true;
                else
                    outer = conditions.back();
                if (token.text == "end" && !conditions.empty()) conditions.pop_back();
            } else if (opens(token)) {
                bool const starts_fold =
                    token.text == "(" && previous() && is_pattern_end(*previous());
                if (starts_fold) binds = false;
                group(token.text, outer, starts_fold);
            } else if (outer) {
                visit(token, opener);
            }
        }
    }

    static bool opens(Token const& token) {
        return token.is_symbol("(") || token.is_symbol("[") || token.is_symbol("{") ||
               token.kind == TokenKind::interpolation_start;
    }

    static bool is_pattern_end(Token const& token) {
        return token.kind == TokenKind::variable || token.is_symbol("]") || token.is_symbol("}");
    }

    void visit(Token const& token, std::string_view opener) {
        bool const starts_member = opener == "{" && previous() &&
                                   (previous()->is_symbol("{") || previous()->is_symbol(","));
        bool const is_key = starts_member && token.kind == TokenKind::identifier;
        if (is_key) {
            if (!next() || !next()->is_symbol(":")) use_.members.insert(token.text);  // {name}
        } else if (token.kind == TokenKind::field) {
            if (!previous() || !ends_term(*previous())) use_.members.insert(token.text);
        } else if (token.is_symbol(".") && is_quoted_member()) {
            use_.members.insert(next(2)->text);
        } else if (token.kind == TokenKind::format) {
            if (!next() || next()->kind != TokenKind::string_start) use_.everything = true;
        } else if (token.is_symbol(".") || token.is_symbol("..") || is_assignment(token)) {
            use_.everything = true;
        } else if (token.kind == TokenKind::identifier && !is_keyword(token) && !is_blind(token)) {
            use_.everything = true;  // a function, which reads what it likes
        }
    }

    bool is_blind(Token const& token) const {
        bool const takes_argument = next() && next()->is_symbol("(");
        bool const is_blind_so =
            token.text == "error" || token.text == "first" || token.text == "last";
        return !has_definitions_ &&
               ((is_blind_so && takes_argument) ||
                std::find(blind.begin(), blind.end(), token.text) != blind.end());
    }

    // .["name"]
    bool is_quoted_member() const {
        return next(4) && next()->is_symbol("[") && next(1)->kind == TokenKind::string_start &&
               next(2)->kind == TokenKind::string_text && next(3)->kind == TokenKind::string_end &&
               next(4)->is_symbol("]");
    }

    std::span<Token const> tokens_;
    bool has_definitions_;
    std::size_t at_ = 0;
    InputUse use_;
};

}  // namespace

InputUse input_use(std::span<Token const> tokens) { return Walk(tokens).run(); }

}  // namespace resolute::workflow
