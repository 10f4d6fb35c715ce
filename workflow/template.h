// A JSON value with expressions in it, as workflows write them: `{ amount: '${ .total }', currency:
// EUR }`.
//
// Immutable, cheap to copy, safe to use from many threads.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "base/payload.h"
#include "engine/failure.h"
#include "workflow/expression.h"

namespace resolute::workflow {

class Arguments;
class UriTemplate;

// What went wrong inside a step. Thrown where values are made, caught where the step starts or
// ends, and then the step's failure; it never leaves the interpreter.
struct Fault {
    Failure error;
};

class Template {
  public:
    Template() : Template(Payload()) {}
    explicit Template(Payload literal);
    explicit Template(Expression expression);
    Template(Expression expression,
             Payload fallback);  // `loose`: the fallback when the evaluation fails
    static Template current();  // `.`
    static Template list(std::vector<Template> items);
    static Template map(std::map<std::string, Template> members);
    static Template uri(UriTemplate address);  // filled from the members of `.`

    Payload evaluate(Arguments& arguments) const;  // throws Fault
    Template otherwise(Payload fallback) const;  // an expression that fails yields this

    Payload const* literal() const;  // nothing when it has to be evaluated
    std::map<std::string, Template> const* members() const;  // of a map that is no literal

  private:
    struct Computed;
    struct Current {};
    using List = std::vector<Template>;
    using Map = std::map<std::string, Template>;
    using Content =
        std::variant<Payload, Current, std::shared_ptr<Computed const>, std::shared_ptr<List const>,
                     std::shared_ptr<Map const>, std::shared_ptr<UriTemplate const>>;

    explicit Template(Content content) : content_(std::move(content)) {}
    Json value(Arguments& arguments) const;
    static Json value_of(Computed const& computed, Arguments& arguments);

    Content content_;
};

// An expression that must yield true or false; null counts as false.
struct Condition {
    Template value;
    bool holds(Arguments& arguments) const;  // throws Fault
};

}  // namespace resolute::workflow
