#include "policy/jq_program.h"

namespace resolute::policy {

Result<JqProgram> JqProgram::compile(std::string_view text) {
    auto expression = workflow::Expression::compile(text, variable_names());
    if (!expression) return expression.diagnostics();
    return JqProgram(std::move(*expression));
}

Evaluation JqProgram::evaluate(Values& values) const {
    workflow::Scope scope;
    for (auto const& name : expression_.mentions()) {
        auto const variable = variable_named(name);
        if (!variable) return EvaluationError{"`$" + name + "` is not a variable of a condition"};
        scope.variables.push_back({name_of(*variable), &values.get(*variable)});
    }
    auto result = expression_.evaluate(scope);
    if (result) return Value(std::move(*result));
    auto why = result.diagnostics().empty() ? std::string("it has no value")
                                            : result.diagnostics().front().message;
    if (why.ends_with('.')) why.pop_back();
    return EvaluationError{"`" + expression_.text() + "`: " + why};
}

}  // namespace resolute::policy
