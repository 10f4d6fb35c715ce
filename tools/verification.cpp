#include "tools/verification.h"

namespace resolute::tools {
namespace {

using workflow::Expression;
using workflow::Scope;

Result<bool> holds(Expression const& expression, Json const& seen, Json const& call) {
    auto value = expression.evaluate({&seen, {{"call", &call}}});
    if (!value) return value.diagnostics();
    if (value->is_boolean()) return value->get<bool>();
    return Diagnostic{.code = codes::wrong_type,
                      .message = "`" + expression.text() + "` is neither true nor false but " +
                                 to_text(*value) + "."};
}

Verification applied(Contract const& contract, Json const& call, Json const& seen, Json evidence) {
    auto const& verify = *contract.verify;
    auto result =
        verify.result ? verify.result->evaluate({&seen, {{"call", &call}}}) : Result<Json>(seen);
    if (!result)
        return undecided(
            "It was applied, but `result` cannot be evaluated: " + to_string(result.diagnostics()),
            std::move(evidence));
    auto const violations = contract.output.validate(*result);
    if (!violations.empty())
        return undecided(
            "It was applied, but its result breaks the output schema: " + to_string(violations),
            std::move(evidence));
    return {Verdict::applied, Payload(std::move(evidence)), Payload(std::move(*result))};
}

}  // namespace

Json call_of(Attempt const& attempt) {
    auto const& request = attempt.intent.request.json();
    return {
        {"idempotencyKey", attempt.intent.key},
        {"arguments", request.is_object() && request.contains("arguments") ? request.at("arguments")
                                                                           : Json::object()},
        {"attempt", attempt.number}};
}

Result<Json> question(Verify const& verify, Json const& call) {
    Json const nothing;
    return verify.arguments.evaluate({&nothing, {{"call", &call}}});
}

Verification judge(Contract const& contract, Json const& call, Outcome const& answer) {
    auto const& verify = *contract.verify;
    if (auto const* failed = std::get_if<outcome::Failed>(&answer))
        return undecided("`" + verify.tool + "` could not be asked: " + failed->error.detail,
                         failed->evidence.json());
    if (auto const* unknown = std::get_if<outcome::Unknown>(&answer))
        return undecided("`" + verify.tool + "` did not answer: " + unknown->why.detail,
                         unknown->evidence.json());
    auto const& good = std::get<outcome::Succeeded>(answer);
    auto const& seen = good.output.json();
    Json evidence{{"asked", verify.tool}, {"answer", seen}, {"how", good.evidence.json()}};
    auto const is_applied = holds(verify.applied, seen, call);
    if (!is_applied)
        return undecided("`applied` gives no verdict: " + to_string(is_applied.diagnostics()),
                         std::move(evidence));
    auto const is_absent = holds(verify.absent, seen, call);
    if (!is_absent)
        return undecided("`absent` gives no verdict: " + to_string(is_absent.diagnostics()),
                         std::move(evidence));
    if (*is_applied && *is_absent)
        return undecided("`applied` and `absent` are both true.", std::move(evidence));
    if (*is_applied) return applied(contract, call, seen, std::move(evidence));
    if (*is_absent) return {Verdict::absent, Payload(std::move(evidence)), Payload()};
    return undecided("The answer is neither what `applied` nor what `absent` describes.",
                     std::move(evidence));
}

Verification undecided(std::string why, Json evidence) {
    if (!evidence.is_object()) evidence = Json::object();
    evidence["why"] = std::move(why);
    return {Verdict::undecided, Payload(std::move(evidence)), Payload()};
}

}  // namespace resolute::tools
