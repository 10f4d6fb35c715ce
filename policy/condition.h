// The `when` of a rule: a jq expression that must be true or false, taken apart so that it explains
// itself.
//
// `and`, `or`, `| not`, comparisons, `| IN(…)`, paths and literals are read here and evaluated
// without jq; whatever else stands between them is a jq operand. Everything that jq would answer by
// convention is an error: missing members, null where a value is compared, values of different
// types, conditions that are not true or false. Immutable after loading, safe to read from many
// threads.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/operand.h"

namespace resolute::policy {

enum class Comparator { equal, not_equal, less, less_equal, greater, greater_equal };

struct Condition;
struct All {
    std::vector<Condition> parts;
};
struct Any {
    std::vector<Condition> parts;
};
struct Not {
    std::vector<Condition> part;
};  // exactly one
struct Comparison {
    Operand left;
    Comparator comparator;
    Operand right;
};
struct Membership {
    Operand value;
    std::vector<Json> choices;
};
struct Truth {
    Operand operand;
};

struct Condition {
    std::variant<All, Any, Not, Comparison, Membership, Truth> form;
    std::string text;  // as written

    static Result<Condition> compile(std::string_view text);
};

using Holds = std::variant<bool, EvaluationError>;
Holds evaluate(Condition const& condition, Values& values);

// Where a condition stopped holding: the first part of its top-level `and` that is false.
struct Finding {
    Holds holds = EvaluationError{"not evaluated"};
    Condition const* failing = nullptr;  // set when `holds` is false
    std::size_t held = 0;  // parts before it that were true
};
Finding examine(Condition const& condition, Values& values);

// The parts that must all be true; the condition itself when it is not an `and`.
std::vector<Condition const*> conjuncts_of(Condition const& condition);

// What the paths of a condition are right now, by their text: {"$arguments.amount": 48000}.
Json actual_values(Condition const& condition, Values& values);

std::vector<Operand*> operands_of(Condition& condition);
std::vector<Operand const*> operands_of(Condition const& condition);

}  // namespace resolute::policy
