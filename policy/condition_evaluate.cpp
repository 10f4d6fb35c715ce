// What a condition is worth for one request, and why.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "policy/condition.h"

namespace resolute::policy {
namespace {

std::string_view kind_of(Json const& value) {
    if (value.is_null()) return "null";
    if (value.is_boolean()) return "true or false";
    if (value.is_number()) return "a number";
    if (value.is_string()) return "text";
    return value.is_array() ? "a list" : "an object";
}

std::string is_a(Operand const& operand, Json const& value) {
    return "`" + operand.text() + "` is " + std::string(kind_of(value));
}

bool is_integer(Json const& value) { return value.is_number_integer(); }  // of either sign

// Exact for integers, also between signed and unsigned ones.
std::partial_ordering order_of_numbers(Json const& a, Json const& b) {
    if (!is_integer(a) || !is_integer(b)) return a.get<double>() <=> b.get<double>();
    bool const a_large = a.is_number_unsigned(), b_large = b.is_number_unsigned();
    if (a_large && b_large) return a.get<std::uint64_t>() <=> b.get<std::uint64_t>();
    if (!a_large && !b_large) return a.get<std::int64_t>() <=> b.get<std::int64_t>();
    if (a_large)
        return std::cmp_less(b.get<std::int64_t>(), a.get<std::uint64_t>())
                   ? std::partial_ordering::greater
               : std::cmp_equal(b.get<std::int64_t>(), a.get<std::uint64_t>())
                   ? std::partial_ordering::equivalent
                   : std::partial_ordering::less;
    return 0 <=> order_of_numbers(b, a);
}

bool same(Json const& a, Json const& b) {
    return a.is_number() && b.is_number() ? order_of_numbers(a, b) == 0 : a == b;
}

bool is_literal_null(Operand const& operand) {
    return operand.literal() && operand.literal()->is_null();
}

Holds compare(Comparison const& comparison, Json const& left, Json const& right) {
    auto const with = comparison.comparator;
    bool const is_equality = with == Comparator::equal || with == Comparator::not_equal;
    if (is_equality && (is_literal_null(comparison.left) || is_literal_null(comparison.right)))
        return (left.is_null() && right.is_null()) == (with == Comparator::equal);
    if (left.is_null()) return EvaluationError{"`" + comparison.left.text() + "` is null"};
    if (right.is_null()) return EvaluationError{"`" + comparison.right.text() + "` is null"};
    if (kind_of(left) != kind_of(right))
        return EvaluationError{is_a(comparison.left, left) + " and " +
                               is_a(comparison.right, right) + ", which cannot be compared"};
    if (is_equality) return same(left, right) == (with == Comparator::equal);
    if (!left.is_number() && !left.is_string())
        return EvaluationError{is_a(comparison.left, left) + ", which has no order"};
    auto const order = left.is_number()
                           ? order_of_numbers(left, right)
                           : std::partial_ordering(left.get_ref<std::string const&>() <=>
                                                   right.get_ref<std::string const&>());
    switch (with) {
        case Comparator::less: return order < 0;
        case Comparator::less_equal: return order <= 0;
        case Comparator::greater: return order > 0;
        default: return order >= 0;
    }
}

Holds evaluate_form(Comparison const& comparison, Values& values) {
    auto const left = comparison.left.evaluate(values);
    if (auto const* error = std::get_if<EvaluationError>(&left)) return *error;
    auto const right = comparison.right.evaluate(values);
    if (auto const* error = std::get_if<EvaluationError>(&right)) return *error;
    return compare(comparison, std::get<Value>(left).json(), std::get<Value>(right).json());
}

Holds evaluate_form(Membership const& membership, Values& values) {
    auto const found = membership.value.evaluate(values);
    if (auto const* error = std::get_if<EvaluationError>(&found)) return *error;
    auto const& value = std::get<Value>(found).json();
    bool is_comparable = false;
    for (auto const& choice : membership.choices) {
        if (same(value, choice)) return true;
        is_comparable = is_comparable || kind_of(value) == kind_of(choice);
    }
    if (!is_comparable)
        return EvaluationError{is_a(membership.value, value) + ", and no choice is"};
    return false;
}

Holds evaluate_form(Truth const& truth, Values& values) {
    auto const found = truth.operand.evaluate(values);
    if (auto const* error = std::get_if<EvaluationError>(&found)) return *error;
    auto const& value = std::get<Value>(found).json();
    if (!value.is_boolean())
        return EvaluationError{is_a(truth.operand, value) + " where true or false is needed"};
    return value.get<bool>();
}

Holds evaluate_form(All const& all, Values& values) {
    for (auto const& part : all.parts) {
        auto const holds = evaluate(part, values);
        if (auto const* truth = std::get_if<bool>(&holds); !truth || !*truth) return holds;
    }
    return true;
}

Holds evaluate_form(Any const& any, Values& values) {
    for (auto const& part : any.parts) {
        auto const holds = evaluate(part, values);
        if (auto const* truth = std::get_if<bool>(&holds); !truth || *truth) return holds;
    }
    return false;
}

Holds evaluate_form(Not const& negation, Values& values) {
    auto const holds = evaluate(negation.part.front(), values);
    if (auto const* truth = std::get_if<bool>(&holds)) return !*truth;
    return holds;
}

Json shortened(Json const& value) {
    auto text = to_text(value);
    if (text.size() <= limits::policy_actual_bytes) return value;
    return "(" + std::to_string(text.size()) + " bytes)";
}

}  // namespace

Holds evaluate(Condition const& condition, Values& values) {
    return std::visit([&](auto const& form) { return evaluate_form(form, values); },
                      condition.form);
}

Finding examine(Condition const& condition, Values& values) {
    auto const* all = std::get_if<All>(&condition.form);
    if (!all) {
        Finding finding{evaluate(condition, values), nullptr, 0};
        if (finding.holds == Holds(false)) finding.failing = &condition;
        return finding;
    }
    Finding finding{true, nullptr, 0};
    for (auto const& part : all->parts) {
        finding.holds = evaluate(part, values);
        if (finding.holds != Holds(true)) {
            finding.failing = std::holds_alternative<bool>(finding.holds) ? &part : nullptr;
            break;
        }
        ++finding.held;
    }
    return finding;
}

Json actual_values(Condition const& condition, Values& values) {
    Json actual = Json::object();
    for (auto const* operand : operands_of(condition)) {
        if (operand->literal()) continue;
        auto const found = operand->evaluate(values);
        auto const* value = std::get_if<Value>(&found);
        actual[operand->text()] = value ? shortened(value->json()) : Json(nullptr);
    }
    return actual;
}

}  // namespace resolute::policy
