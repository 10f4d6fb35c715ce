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

Json to_json(Decision const& decision) {
    Json json = {{"verdict", to_string(decision.verdict)},
                 {"code", decision.code},
                 {"sentence", decision.sentence},
                 {"remedy", decision.remedy},
                 {"policy", to_string(decision.policy)},
                 {"matched", Json::array()},
                 {"nearMisses", Json::array()},
                 {"errors", Json::array()},
                 {"obligations", decision.obligations},
                 {"approval", nullptr}};
    for (auto const& reason : decision.matched)
        json["matched"].push_back({{"policy", reason.policy},
                                   {"version", reason.version},
                                   {"rule", reason.rule},
                                   {"title", reason.title},
                                   {"verdict", to_string(reason.verdict)}});
    for (auto const& miss : decision.near_misses)
        json["nearMisses"].push_back({{"rule", miss.rule},
                                      {"title", miss.title},
                                      {"verdict", to_string(miss.verdict)},
                                      {"condition", miss.condition},
                                      {"actual", miss.actual}});
    for (auto const& error : decision.errors)
        json["errors"].push_back({{"rule", error.rule}, {"message", error.message}});
    if (decision.approval) json["approval"] = to_json(*decision.approval);
    return json;
}

}  // namespace resolute::policy
