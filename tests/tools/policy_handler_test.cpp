// A workflow asks what the policy says about a call that it does not make.
#include "tools/policy_handler.h"
#include "tests/catch.h"
#include "tests/tools/fixtures.h"

using namespace resolute;
using namespace resolute::tools;

namespace {

constexpr char other_policy[] = R"(policy: freeze
version: 1.0.0
rules:
  - name: frozen
    title: No money moves today
    tools: [payments.*]
    decide: deny
)";

struct Desk {
    std::shared_ptr<Registry const> tools =
        registry({refund_yaml, find_refund_yaml, get_payment_yaml});
    Stand stand{tools,
                policy::Set::compile({{"policy.yaml", policy_yaml}, {"freeze.yaml", other_policy}},
                                     {tools->for_policies(), {}})
                    .value()};
    PolicyHandler handler{stand.handler};

    Admission ask(Json request) const {
        auto asked = proposal("unused", {});
        asked.kind = "policy";
        asked.request = Payload(std::move(request));
        return handler.admit(asked);
    }
    Json answer(std::string const& policy, int amount) {
        auto const admission = ask(
            {{"policy", policy},
             {"input", {{"tool", "payments.refund"}, {"arguments", refund_arguments(amount)}}}});
        REQUIRE(std::holds_alternative<Permitted>(admission));
        auto const& permit = std::get<Permitted>(admission);
        CHECK(permit.in_process);
        CHECK(permit.intent.effect == Effect::read);
        CHECK(permit.intent.decision.json().at("policy") ==
              to_string(stand.handler.deployment()->policies.digest()));
        Attempt const sent = attempt(proposal("unused", {}), permit.intent, stand.clock.now());
        net::Awaited<Outcome> outcome;
        handler.perform(sent, [outcome](Outcome what) { outcome.set(std::move(what)); });
        return std::get<outcome::Succeeded>(outcome.get()).output.json();
    }
    std::string refusal(Json request) const {
        auto const admission = ask(std::move(request));
        REQUIRE(std::holds_alternative<Rejected>(admission));
        return std::get<Rejected>(admission).why.code;
    }
};

}  // namespace

TEST_CASE("a policy question is answered with the decision, the reasons and the rules") {
    Desk desk;
    auto const small = desk.answer("refunds", 3700);
    CHECK(small["decision"] == "permit");
    CHECK(small["rules"] == Json{"small_refund"});
    CHECK(small["reasons"][0] ==
          "Permitted by the rule `small_refund`: Refunds up to EUR 100 are paid at once.");
    auto const large = desk.answer("refunds", 48000);
    CHECK(large["decision"] == "review");
    CHECK(large["rules"] == Json{"large_refund"});
    CHECK(large["reasons"].size() == 2);
    CHECK(desk.answer("refunds", 2'000'000)["decision"] == "deny");
}

TEST_CASE("only the policy that was asked answers, and by default it denies a write") {
    Desk desk;
    CHECK(desk.answer("freeze", 3700)["rules"] == Json{"frozen"});
    CHECK(desk.answer("refunds", 3700)["rules"] == Json{"small_refund"});
}

TEST_CASE("the gate in front of the tool still asks every policy") {
    Desk desk;
    auto const admission =
        desk.stand.handler.admit(proposal("payments.refund", refund_arguments(3700)));
    CHECK(std::holds_alternative<Denied>(admission));
}

TEST_CASE("a malformed policy question is refused and says what is wrong") {
    Desk desk;
    Json const call{{"tool", "payments.refund"}, {"arguments", refund_arguments()}};
    CHECK(desk.refusal(Json::array()) == codes::arguments_malformed);
    CHECK(desk.refusal({{"input", call}}) == codes::arguments_malformed);
    CHECK(desk.refusal({{"policy", "refund"}, {"input", call}}) == codes::unknown_policy);
    CHECK(desk.refusal({{"policy", "refunds"}}) == codes::arguments_malformed);
    CHECK(desk.refusal({{"policy", "refunds"}, {"input", {{"amount", 5}}}}) ==
          codes::arguments_malformed);
    CHECK(
        desk.refusal({{"policy", "refunds"},
                      {"input", {{"tool", "payments.refunds"}, {"arguments", Json::object()}}}}) ==
        codes::unknown_tool);
    CHECK(desk.refusal({{"policy", "refunds"},
                        {"input", {{"tool", "payments.refund"}, {"arguments", Json::object()}}}}) ==
          codes::schema_violation);
}
