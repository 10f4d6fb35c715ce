// A jq expression that computes one JSON value from others: the one seam to jq.
//
// Immutable after compile, cheap to copy, safe to use from many threads. Never throws, never aborts
// and never runs on: paths, comparisons and constructions are evaluated right here; the rest is
// left to libjq in a process of its own, which may die in our place.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace resolute::workflow {

// What an expression may look at. Everything it points to must live until evaluate returns.
struct Scope {
    struct Variable {
        std::string_view name;  // without the `$`
        Json const* value;
    };

    Json const* input = nullptr;  // `.`; null when there is none
    std::vector<Variable> variables;

    Json const* find(std::string_view name) const;
};

class Expression {
  public:
    // `variables` are the names, without `$`, that the expression may mention. Refused, with line
    // and column in the text: what is no jq, unknown variables, integers that jq would round, and
    // all that reaches outside: input, env, now, debug, halt, import and the like.
    static Result<Expression> compile(std::string_view text,
                                      std::vector<std::string> const& variables);

    // Exactly one value, else a diagnostic with one of the codes expression_*. A variable that the
    // scope lacks is null. Keys of objects come out sorted; integers are exact or the evaluation
    // fails.
    Result<Json> evaluate(Scope const& scope) const;

    // The variables that it reads, sorted, without `$`; `reads_input` tells whether it reads `.`.
    std::vector<std::string> const& mentions() const;
    bool reads_input() const;

    std::string const& text() const;

    // Whether evaluation stays in this process unless it fails.
    bool is_native() const;

  private:
    struct Compiled;
    explicit Expression(std::shared_ptr<Compiled const> compiled)
        : compiled_(std::move(compiled)) {}

    std::shared_ptr<Compiled const> compiled_;
};

// What jq takes for true: everything but false and null.
inline bool is_truthy(Json const& value) { return !value.is_null() && value != false; }

}  // namespace resolute::workflow
