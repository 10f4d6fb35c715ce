// The part of jq that is evaluated right here on our own values: paths, comparisons, constructions.
//
// Pure and immutable. It decides only what it is sure of; everything else, errors and their wording
// included, it leaves to libjq.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "workflow/expression.h"
#include "workflow/expression_token.h"

namespace resolute::workflow::native {

struct Node;
using NodePtr = std::unique_ptr<Node const>;

struct Input {};
struct Variable {
    std::string name;
};
struct Constant {
    Json value;
};
struct Index {  // .a, .["a"], .[0], .[$i]
    NodePtr of, at;
    bool is_optional = false;  // .a? forgives what fails at this step, not before it
};
struct Pipe {
    NodePtr left, right;
};
struct Alternative {
    NodePtr left, right;
};  // a // b
struct Logic {
    bool is_and;
    NodePtr left, right;
};
struct Comparison {
    std::string sign;
    NodePtr left, right;
};
struct Arithmetic {
    char sign;
    NodePtr left, right;
};
struct Condition {
    NodePtr test, then, otherwise;
};
struct ArrayOf {
    std::vector<NodePtr> items;
};
struct ObjectOf {
    std::vector<std::pair<NodePtr, NodePtr>> members;
};
struct TextOf {
    std::vector<NodePtr> parts;
};  // "a \(.b) c"
enum class Builtin { negation, length, type };

struct Node {
    std::variant<Input, Variable, Constant, Index, Pipe, Alternative, Logic, Comparison, Arithmetic,
                 Condition, ArrayOf, ObjectOf, TextOf, Builtin>
        form;
};

// Null when any token lies outside the part that is known here. What is accepted is accepted by jq
// 1.6 too; variables are not checked.
NodePtr parse(std::span<Token const> tokens);

// Why there is no value.
enum class Ending {
    none,  // the expression yields no value
    failed,  // jq fails here too, and has the words for it
    unsure,  // only jq knows
    inexact,  // jq would round an integer
};

std::variant<Json, Ending> evaluate(Node const& node, Scope const& scope);

}  // namespace resolute::workflow::native
