#include "tools/policy_handler.h"

#include "base/spelling.h"

namespace resolute::tools {
namespace {

// The words of the workflow language.
Json word_for(Json const& verdict) {
    return verdict == "require_approval" ? Json("review") : verdict;
}

Json answer_of(Json const& decision) {
    Json reasons = Json::array({decision.at("sentence")});
    if (decision.at("remedy") != "") reasons.push_back(decision.at("remedy"));
    Json rules = Json::array();
    for (auto const& reason : decision.at("matched")) rules.push_back(reason.at("rule"));
    return {{"decision", word_for(decision.at("verdict"))},
            {"reasons", std::move(reasons)},
            {"rules", std::move(rules)}};
}

}  // namespace

Admission PolicyHandler::admit(Proposal const& proposal) const {
    auto const& request = proposal.request.json();
    auto const input = request.is_object() ? request.value("input", Json()) : Json();
    if (!request.is_object() || !request.contains("policy") || !request["policy"].is_string())
        return Rejected{validation_failure("A policy question needs the name of a policy.",
                                           codes::arguments_malformed)};
    auto const policy = request["policy"].get<std::string>();
    auto const deployed = tools_.deployment();
    auto const known = deployed->policies.policies();
    if (std::ranges::find(known, policy) == known.end())
        return Rejected{configuration_failure(
            "There is no policy `" + policy + "`." + did_you_mean(policy, known),
            codes::unknown_policy)};
    Gate const gate{*deployed->registry, deployed->policies, deployed->identify};
    auto answer = consult(gate, proposal, policy, input);
    if (auto* failure = std::get_if<Failure>(&answer)) return Rejected{std::move(*failure)};
    auto intent = unbound(proposal, policy, Effect::read);
    intent.decision = Payload(to_json(std::get<policy::Decision>(answer)));
    return Permitted{std::move(intent), {}, true};
}

Terms PolicyHandler::terms(ActivityIntent const&) const { return {}; }

void PolicyHandler::perform(Attempt const& attempt, std::function<void(Outcome)> done) {
    done(outcome::Succeeded{Payload(answer_of(attempt.intent.decision.json())), {}});
}

// Nothing to ask: a question changes nothing.
void PolicyHandler::verify(Attempt const&, std::function<void(Verification)> done) {
    done({Verdict::resend, {}, {}});
}

}  // namespace resolute::tools
