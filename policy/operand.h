// One value in a condition: a literal, a path such as `$arguments.amount`, or any other jq
// expression.
//
// Stricter than jq where jq would let a gate open by accident: a path that leads nowhere is an
// error and not null, unless it is written `(PATH // DEFAULT)` or `PATH?`; so is a value that its
// schema's enumeration does not know. Immutable after loading, safe to read from many threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "policy/tokens.h"
#include "policy/values.h"

namespace resolute::policy {

using Segment = std::variant<std::string, std::size_t>;

struct Path {
    Variable variable = Variable::arguments;
    std::vector<Segment> segments;
    bool is_optional = false;         // missing is null
    std::string text;                 // as written
    std::vector<Json> allowed;        // the schema's enumeration; empty = anything
};

// Why a condition has no truth value, as a sentence without a full stop.
struct EvaluationError {
    std::string why;
    bool operator==(EvaluationError const&) const = default;
};

// A value that lies in the request, or one that was made for this evaluation.
class Value {
  public:
    explicit Value(Json const* seen) : held_(seen) {}
    explicit Value(Json made) : held_(std::move(made)) {}
    Json const& json() const {
        auto const* seen = std::get_if<Json const*>(&held_);
        return seen ? **seen : std::get<Json>(held_);
    }

  private:
    std::variant<Json const*, Json> held_;
};

using Evaluation = std::variant<Value, EvaluationError>;

class Operand {
  public:
    // All problems at once: syntax, unknown variables, what jq itself refuses.
    static Result<Operand> compile(Tokens tokens);
    static Result<Operand> compile(std::string_view text);

    Evaluation evaluate(Values& values) const;

    std::string const& text() const { return text_; }
    Json const* literal() const { return literal_ ? &*literal_ : nullptr; }
    // The path that this operand is, with or without a default; none for literals and jq.
    Path const* path() const { return !literal_ && !program_ ? &paths_.front() : nullptr; }
    std::vector<Path>& paths() { return paths_; }  // every path mentioned, for the type check
    // jq orders null below numbers; a comparison inside jq text can hold where nothing is known.
    bool compares_inside_jq() const { return compares_inside_jq_; }
    // Evaluated by libjq, outside this process.
    bool leaves_process() const;

  private:
    struct Program;  // a compiled jq expression

    std::string text_;
    std::optional<Json> literal_;
    std::vector<Path> paths_;
    std::optional<Json> fallback_;  // of `PATH // LITERAL`
    std::shared_ptr<Program const> program_;
    bool compares_inside_jq_ = false;
};

}  // namespace resolute::policy
