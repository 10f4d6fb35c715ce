#include <charconv>
#include <cmath>
#include <initializer_list>

#include "base/limits.h"
#include "workflow/native_expression.h"

namespace resolute::workflow::native {
namespace {

struct NotNative {};  // thrown inside, caught by parse

template <class Form>
NodePtr make(Form form) {
    return std::make_unique<Node const>(Node{std::move(form)});
}

// Recursive descent over the precedence of jq, lowest first. Levels that jq lets yield several
// values
// (`,` and `.[]`) are not native except between the brackets of an array.
class Parser {
  public:
    explicit Parser(std::span<Token const> tokens) : tokens_(tokens) {}

    NodePtr run() {
        auto root = pipe();
        if (at_ != tokens_.size()) throw NotNative();
        return root;
    }

  private:
    bool next_is(std::string_view symbol, std::size_t ahead = 0) const {
        return at_ + ahead < tokens_.size() && tokens_[at_ + ahead].is_symbol(symbol);
    }
    bool next_is(TokenKind kind) const { return at_ < tokens_.size() && tokens_[at_].kind == kind; }
    bool next_is_word(std::string_view word) const {
        return at_ < tokens_.size() && tokens_[at_].is_word(word);
    }
    bool take(std::string_view symbol) { return next_is(symbol) ? (++at_, true) : false; }
    bool take_word(std::string_view word) { return next_is_word(word) ? (++at_, true) : false; }
    void expect(bool taken) {
        if (!taken) throw NotNative();
    }
    Token const& take_token() {
        if (at_ == tokens_.size()) throw NotNative();
        return tokens_[at_++];
    }

    NodePtr pipe() {
        // Every nesting passes through here, so this bounds the stack of the parser and the
        // evaluator.
        if (++depth_ > limits::native_expression_depth) throw NotNative();
        auto left = alternative();
        if (take("|")) left = make(Pipe{std::move(left), pipe()});
        --depth_;
        return left;
    }

    NodePtr alternative() {
        auto left = disjunction();
        if (!take("//")) return left;
        if (++depth_ > limits::native_expression_depth) throw NotNative();
        auto right = alternative();
        --depth_;
        return make(Alternative{std::move(left), std::move(right)});
    }

    // Chains grow the tree to the left without recursion here, but evaluation recurses into them.
    void count_link() {
        if (++links_ > limits::native_expression_depth) throw NotNative();
    }

    NodePtr disjunction() {
        auto left = conjunction();
        while (take_word("or")) {
            count_link();
            left = make(Logic{false, std::move(left), conjunction()});
        }
        return left;
    }

    NodePtr conjunction() {
        auto left = comparison();
        while (take_word("and")) {
            count_link();
            left = make(Logic{true, std::move(left), comparison()});
        }
        return left;
    }

    NodePtr comparison() {
        auto left = sum();
        for (std::string_view sign : {"==", "!=", "<=", ">=", "<", ">"})
            if (take(sign)) return make(Comparison{std::string(sign), std::move(left), sum()});
        return left;
    }

    NodePtr sum() {
        auto left = product();
        while (next_is("+") || next_is("-")) {
            count_link();
            char const sign = take_token().text.front();
            left = make(Arithmetic{sign, std::move(left), product()});
        }
        return left;
    }

    NodePtr product() {
        auto left = term();
        while (next_is("*") || next_is("/")) {
            count_link();
            char const sign = take_token().text.front();
            if (next_is("-")) throw NotNative();  // a / -b * c is a / -(b * c)
            auto right = term();
            auto const* divisor = std::get_if<Constant>(&right->form);
            if (sign == '/' && divisor && divisor->value == 0)
                throw NotNative();  // jq refuses to compile it
            left = make(Arithmetic{sign, std::move(left), std::move(right)});
        }
        return left;
    }

    NodePtr term() {
        bool const is_condition = next_is_word("if");
        auto made = primary();
        if (is_condition) return made;  // no term, so nothing can follow its `end`
        while (next_is(TokenKind::field) || next_is("[")) {
            count_link();
            auto at = next_is("[") ? bracketed_index() : constant(take_token().text);
            bool const is_optional = take("?");
            made = make(Index{std::move(made), std::move(at), is_optional});
        }
        return made;
    }

    NodePtr bracketed_index() {
        ++at_;
        auto at = pipe();
        expect(take("]"));
        return at;
    }

    NodePtr primary() {
        auto const& token = take_token();
        switch (token.kind) {
            case TokenKind::variable: return make(Variable{token.text});
            case TokenKind::number: return constant(number(token.text));
            case TokenKind::string_start: return text();
            case TokenKind::field: return make(Index{input(), constant(token.text)});
            case TokenKind::identifier: return word(token.text);
            case TokenKind::symbol: return bracketed(token.text);
            default: throw NotNative();
        }
    }

    NodePtr bracketed(std::string const& symbol) {
        if (symbol == ".") {
            if (next_is(TokenKind::string_start)) throw NotNative();  // ."a"
            return input();
        }
        if (symbol == "-") {
            // A minus before anything but a number has a precedence of its own.
            if (!next_is(TokenKind::number)) throw NotNative();
            auto const value = number(take_token().text);
            if (next_is("[") || next_is("?") || next_is(TokenKind::field)) throw NotNative();
            return constant(value.is_number_float() ? Json(-value.get<double>())
                                                    : Json(-value.get<std::int64_t>()));
        }
        if (symbol == "(") {
            auto inner = pipe();
            expect(take(")"));
            return inner;
        }
        if (symbol == "[") return array();
        if (symbol == "{") return object();
        throw NotNative();
    }

    NodePtr array() {
        ArrayOf made;
        if (take("]")) return make(std::move(made));
        do {
            made.items.push_back(alternative());
        } while (take(","));
        if (next_is("|")) throw NotNative();  // [a, b | c] pipes both
        expect(take("]"));
        return make(std::move(made));
    }

    NodePtr object() {
        ObjectOf made;
        if (take("}")) return make(std::move(made));
        do {
            made.members.push_back(member());
        } while (take(","));
        expect(take("}"));
        return make(std::move(made));
    }

    std::pair<NodePtr, NodePtr> member() {
        auto const& token = take_token();
        if (token.kind == TokenKind::variable && !next_is(":"))
            return {constant(token.text), make(Variable{token.text})};
        if (token.kind == TokenKind::identifier && !next_is(":"))
            return {constant(token.text), make(Index{input(), constant(token.text)})};
        NodePtr key;
        if (token.kind == TokenKind::identifier)
            key = constant(token.text);
        else if (token.kind == TokenKind::string_start)
            key = text();
        else if (token.is_symbol("(")) {
            key = pipe();
            expect(take(")"));
        }
        expect(key && take(":") && !next_is_word("if"));
        return {std::move(key), term()};  // jq allows no operators here
    }

    NodePtr text() {
        TextOf made;
        while (!next_is(TokenKind::string_end)) {
            auto const& token = take_token();
            if (token.kind == TokenKind::string_text) {
                made.parts.push_back(constant(token.text));
            } else {
                expect(token.kind == TokenKind::interpolation_start);
                made.parts.push_back(pipe());
                expect(take_token().kind == TokenKind::interpolation_end);
            }
        }
        ++at_;
        if (made.parts.empty()) return constant("");
        bool const is_plain = made.parts.size() == 1 &&
                              std::holds_alternative<Constant>(made.parts[0]->form) &&
                              std::get<Constant>(made.parts[0]->form).value.is_string();
        return is_plain ? std::move(made.parts[0]) : make(std::move(made));
    }

    NodePtr word(std::string const& name) {
        if (next_is("(")) throw NotNative();
        if (name == "true" || name == "false") return constant(name == "true");
        if (name == "null") return constant(nullptr);
        if (name == "if") return condition();
        std::optional<Builtin> builtin;
        if (name == "not") builtin = Builtin::negation;
        if (name == "length") builtin = Builtin::length;
        if (name == "type") builtin = Builtin::type;
        if (!builtin) throw NotNative();
        return make(*builtin);
    }

    NodePtr condition() {
        auto test = pipe();
        expect(take_word("then"));
        auto then = pipe();
        if (take_word("elif")) {
            if (++depth_ > limits::native_expression_depth) throw NotNative();
            auto otherwise = condition();
            --depth_;
            return make(Condition{std::move(test), std::move(then), std::move(otherwise)});
        }
        expect(take_word("else"));
        auto otherwise = pipe();
        expect(take_word("end"));
        return make(Condition{std::move(test), std::move(then), std::move(otherwise)});
    }

    static NodePtr input() { return make(Input{}); }

    static NodePtr constant(Json value) { return make(Constant{std::move(value)}); }

    // Whole numbers become integers, however they are written; the lexer has refused inexact ones.
    static Json number(std::string const& digits) {
        double value = 0;
        auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) throw NotNative();
        if (std::trunc(value) == value &&
            std::fabs(value) <= static_cast<double>(limits::exact_integer))
            return static_cast<std::int64_t>(value);
        return value;
    }

    std::span<Token const> tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
    int links_ = 0;
};

}  // namespace

NodePtr parse(std::span<Token const> tokens) {
    try {
        return Parser(tokens).run();
    } catch (NotNative const&) {
        return nullptr;
    }
}

}  // namespace resolute::workflow::native
