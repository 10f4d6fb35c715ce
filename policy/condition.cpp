#include "policy/condition.h"

#include <algorithm>
#include <array>

#include "base/error_codes.h"
#include "base/limits.h"

namespace resolute::policy {
namespace {

constexpr std::array<std::pair<std::string_view, Comparator>, 6> comparators = {
    {{"==", Comparator::equal},
     {"!=", Comparator::not_equal},
     {"<", Comparator::less},
     {"<=", Comparator::less_equal},
     {">", Comparator::greater},
     {">=", Comparator::greater_equal}}};

std::optional<Comparator> comparator_of(Token const& token) {
    if (token.kind != Token::Kind::symbol) return std::nullopt;
    for (auto const& [text, comparator] : comparators)
        if (token.is(text)) return comparator;
    return std::nullopt;
}

bool is_any_of(Token const& token, std::initializer_list<std::string_view> texts) {
    return std::any_of(texts.begin(), texts.end(), [&](auto text) { return token.is(text); });
}

// Reads the part of jq's grammar that binds more loosely than arithmetic:
//   "|"  <  ","  <  "//"  <  assignment  <  "or"  <  "and"  <  comparison
class ConditionReader {
  public:
    Result<Condition> read(Tokens tokens, int depth = 0);

  private:
    Result<Condition> read_pipe(Tokens tokens, std::size_t pipe, int depth);
    Result<Condition> read_junction(Tokens tokens, std::string_view word, int depth);
    Result<Condition> read_comparison(Tokens tokens, std::size_t at);
    Result<Condition> read_membership(Tokens tokens, std::size_t pipe);
    Result<Condition> read_truth(Tokens tokens);

    template <class Wanted>
    static std::optional<std::size_t> find_last(Tokens tokens, Wanted wanted);
};

Diagnostic syntax(std::string message, std::string remedy = {}) {
    return {.code = codes::invalid_expression,
            .message = std::move(message),
            .remedy = std::move(remedy)};
}

// The last token of the outermost level that is wanted.
template <class Wanted>
std::optional<std::size_t> ConditionReader::find_last(Tokens tokens, Wanted wanted) {
    auto const depths = depths_of(tokens);
    for (std::size_t i = tokens.size(); i-- > 0;)
        if (depths[i] == 0 && wanted(tokens[i])) return i;
    return std::nullopt;
}

bool is_wrapped(Tokens tokens) {
    if (tokens.size() < 3 || !tokens.front().is("(") || !tokens.back().is(")")) return false;
    auto const depths = depths_of(tokens);
    return std::all_of(depths.begin() + 1, depths.end() - 1, [](int depth) { return depth > 0; });
}

Result<Condition> ConditionReader::read(Tokens tokens, int depth) {
    if (tokens.empty()) return syntax("A part of the condition is empty.");
    if (depth > limits::policy_condition_depth)
        return syntax("The condition is nested too deeply.");
    if (is_wrapped(tokens)) return read(tokens.subspan(1, tokens.size() - 2), depth + 1);

    // Words that make the rest of the expression their own: jq reads it, as one value.
    if (find_last(tokens, [](auto& t) {
            return t.kind == Token::Kind::word &&
                   is_any_of(t, {"as", "def", "reduce", "foreach", "label", "try"});
        }))
        return read_truth(tokens);
    if (auto pipe = find_last(tokens, [](auto& t) { return t.is("|"); }))
        return read_pipe(tokens, *pipe, depth);
    if (find_last(tokens, [](auto& t) {
            return is_any_of(t, {",", "=", "|=", "+=", "-=", "*=", "/=", "%=", "//=", "?//"});
        }))
        return syntax(
            "A condition has one value and changes nothing: `,` and assignments do not belong into "
            "it.");
    auto const is_junction = [](auto& t) {
        return is_any_of(t, {"and", "or"}) || comparator_of(t);
    };
    if (find_last(tokens, [](auto& t) { return t.is("//"); }) && find_last(tokens, is_junction))
        return syntax("`//` takes everything to its right as the default, the comparison too.",
                      "Put the value and its default in parentheses: `(PATH // DEFAULT)`.");
    for (auto const word : {"or", "and"})
        if (find_last(tokens, [&](auto& t) { return t.is(word); }))
            return read_junction(tokens, word, depth);
    if (auto at = find_last(tokens, [](auto& t) { return comparator_of(t).has_value(); }))
        return read_comparison(tokens, *at);
    return read_truth(tokens);
}

Result<Condition> ConditionReader::read_pipe(Tokens tokens, std::size_t pipe, int depth) {
    auto const after = tokens.subspan(pipe + 1);
    if (after.size() == 1 && after[0].is("not")) {
        auto part = read(tokens.first(pipe), depth + 1);
        if (!part) return part.diagnostics();
        Not inner;
        inner.part.push_back(std::move(*part));
        return Condition{std::move(inner), std::string(text_of(tokens))};
    }
    if (!after.empty() && after[0].is("IN")) return read_membership(tokens, pipe);
    return read_truth(tokens);
}

Result<Condition> ConditionReader::read_junction(Tokens tokens, std::string_view word, int depth) {
    auto const depths = depths_of(tokens);
    std::vector<Condition> parts;
    Diagnostics problems;
    std::size_t from = 0;
    for (std::size_t i = 0; i <= tokens.size(); ++i) {
        bool const ends = i == tokens.size() || (depths[i] == 0 && tokens[i].is(word));
        if (!ends) continue;
        auto part = read(tokens.subspan(from, i - from), depth + 1);
        if (part)
            parts.push_back(std::move(*part));
        else
            problems.insert(problems.end(), part.diagnostics().begin(), part.diagnostics().end());
        from = i + 1;
    }
    if (!problems.empty()) return problems;
    std::string text(text_of(tokens));
    if (word == "and") return Condition{All{std::move(parts)}, std::move(text)};
    return Condition{Any{std::move(parts)}, std::move(text)};
}

Result<Condition> ConditionReader::read_comparison(Tokens tokens, std::size_t at) {
    if (find_last(tokens.first(at), [](auto& t) { return comparator_of(t).has_value(); }))
        return syntax("Two comparisons stand side by side.", "Join them with `and`.");
    auto left = Operand::compile(tokens.first(at));
    auto right = Operand::compile(tokens.subspan(at + 1));
    Diagnostics problems;
    for (auto const* side : {&left, &right})
        if (!*side)
            problems.insert(problems.end(), side->diagnostics().begin(), side->diagnostics().end());
    if (!problems.empty()) return problems;
    auto const comparator = *comparator_of(tokens[at]);
    bool const orders = comparator != Comparator::equal && comparator != Comparator::not_equal;
    for (auto const* side : {&left, &right})
        if (auto const* literal = (*side)->literal();
            orders && literal && !literal->is_number() && !literal->is_string())
            return syntax("`" + std::string(text_of(tokens)) +
                          "` can never hold: only numbers and texts have an order.");
    return Condition{Comparison{std::move(*left), comparator, std::move(*right)},
                     std::string(text_of(tokens))};
}

// `VALUE | IN(LITERAL, …)`; with anything but literals it is left to jq.
Result<Condition> ConditionReader::read_membership(Tokens tokens, std::size_t pipe) {
    auto const call = tokens.subspan(pipe + 1);
    auto const list = call.subspan(1);
    if (!is_wrapped(list)) return read_truth(tokens);
    auto choices = parse_json("[" + std::string(text_of(list.subspan(1, list.size() - 2))) + "]");
    if (!choices || choices->empty()) return read_truth(tokens);
    auto value = Operand::compile(tokens.first(pipe));
    if (!value) return value.diagnostics();
    return Condition{Membership{std::move(*value), choices->get<std::vector<Json>>()},
                     std::string(text_of(tokens))};
}

Result<Condition> ConditionReader::read_truth(Tokens tokens) {
    auto operand = Operand::compile(tokens);
    if (!operand) return operand.diagnostics();
    if (auto const* literal = operand->literal(); literal && !literal->is_boolean())
        return syntax("`" + operand->text() + "` is neither true nor false.",
                      "Compare it with something.");
    return Condition{Truth{std::move(*operand)}, std::string(text_of(tokens))};
}

template <class Node, class Out>
void collect(Node& condition, Out& out) {
    std::visit(
        [&](auto& form) {
            using Form = std::decay_t<decltype(form)>;
            if constexpr (std::is_same_v<Form, Comparison>) {
                out.push_back(&form.left);
                out.push_back(&form.right);
            } else if constexpr (std::is_same_v<Form, Membership>) {
                out.push_back(&form.value);
            } else if constexpr (std::is_same_v<Form, Truth>) {
                out.push_back(&form.operand);
            } else if constexpr (std::is_same_v<Form, Not>) {
                collect(form.part.front(), out);
            } else {
                for (auto& part : form.parts) collect(part, out);
            }
        },
        condition.form);
}

}  // namespace

Result<Condition> Condition::compile(std::string_view text) {
    if (text.size() > limits::policy_condition_bytes)
        return syntax("The condition is longer than " +
                      std::to_string(limits::policy_condition_bytes) + " bytes.");
    auto tokens = tokenize(text);
    if (!tokens) return tokens.diagnostics();
    if (tokens->empty())
        return syntax("The condition is empty.", "Leave `when` away for a rule without one.");
    return ConditionReader().read(*tokens);
}

std::vector<Condition const*> conjuncts_of(Condition const& condition) {
    std::vector<Condition const*> parts;
    if (auto const* all = std::get_if<All>(&condition.form))
        for (auto const& part : all->parts) parts.push_back(&part);
    else
        parts.push_back(&condition);
    return parts;
}

std::vector<Operand*> operands_of(Condition& condition) {
    std::vector<Operand*> out;
    collect(condition, out);
    return out;
}

std::vector<Operand const*> operands_of(Condition const& condition) {
    std::vector<Operand const*> out;
    collect(condition, out);
    return out;
}

}  // namespace resolute::policy
