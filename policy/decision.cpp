#include "policy/decision.h"

namespace resolute::policy {
namespace {

Json to_json(ApprovalTerms const& terms) {
    return {{"risk", to_string(terms.risk)},
            {"quorum", terms.quorum},
            {"expiresAfter", resolute::to_string(terms.expires_after)},
            {"notBy", terms.not_by},
            {"to", {{"groups", terms.groups}, {"users", terms.users}}},
            {"rule", terms.rule},
            {"why", terms.why}};
}

}  // namespace

// Member by member, because every write is recorded with its decision.
Json to_json(Decision const& decision) {
    Json::object_t json;
    json.emplace("verdict", to_string(decision.verdict));
    json.emplace("code", decision.code);
    json.emplace("sentence", decision.sentence);
    json.emplace("remedy", decision.remedy);
    json.emplace("policy", to_string(decision.policy));
    json.emplace("obligations", decision.obligations);
    json.emplace("approval", decision.approval ? to_json(*decision.approval) : Json());
    Json::array_t matched, misses, errors;
    for (auto const& reason : decision.matched) {
        Json::object_t one;
        one.emplace("policy", reason.policy);
        one.emplace("version", reason.version);
        one.emplace("rule", reason.rule);
        one.emplace("title", reason.title);
        one.emplace("verdict", to_string(reason.verdict));
        matched.emplace_back(std::move(one));
    }
    for (auto const& miss : decision.near_misses)
        misses.push_back({{"rule", miss.rule},
                          {"title", miss.title},
                          {"verdict", to_string(miss.verdict)},
                          {"condition", miss.condition},
                          {"actual", miss.actual}});
    for (auto const& error : decision.errors)
        errors.push_back({{"rule", error.rule}, {"message", error.message}});
    json.emplace("matched", std::move(matched));
    json.emplace("nearMisses", std::move(misses));
    json.emplace("errors", std::move(errors));
    return Json(std::move(json));
}

}  // namespace resolute::policy
