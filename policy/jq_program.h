// A jq expression over the variables of a condition; the only place where policies meet jq.
//
// Immutable, safe to use from many threads.
#pragma once

#include "policy/operand.h"
#include "workflow/expression.h"

namespace resolute::policy {

class JqProgram {
  public:
    static Result<JqProgram> compile(std::string_view text);
    Evaluation evaluate(Values& values) const;
    bool is_native() const { return expression_.is_native(); }

  private:
    explicit JqProgram(workflow::Expression expression) : expression_(std::move(expression)) {}

    workflow::Expression expression_;
};

}  // namespace resolute::policy
