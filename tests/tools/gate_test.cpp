#include "tests/catch.h"
#include "tests/tools/fixtures.h"

using namespace resolute;
using namespace resolute::tools;

namespace {

struct Gated {
    std::shared_ptr<Registry const> tools =
        registry({refund_yaml, find_refund_yaml, get_payment_yaml});
    policy::Set rules = policies(*tools);

    Admission admit(std::string const& tool, Json arguments) const {
        return tools::admit({*tools, rules, {}}, proposal(tool, std::move(arguments)));
    }
    Admission admit(Proposal const& what) const { return tools::admit({*tools, rules, {}}, what); }
};

template <class T>
T admitted(Admission const& admission) {
    auto const* found = std::get_if<T>(&admission);
    if (!found) FAIL("another admission, with index " << admission.index());
    return *found;
}

}  // namespace

TEST_CASE("a permitted write is bound to exactly what will run") {
    Gated const gate;
    auto const permit = admitted<Permitted>(gate.admit("payments.refund", refund_arguments()));
    CHECK(permit.intent.kind == "tool");
    CHECK(permit.intent.target == "payments.refund@1.2.0");
    CHECK(permit.intent.effect == Effect::write);
    CHECK(permit.intent.key == "rk_1");
    CHECK(permit.intent.contract == gate.tools->find("payments.refund")->digest);
    CHECK(permit.intent.request.json() == Json{{"tool", "payments.refund"},
                                               {"version", "1.2.0"},
                                               {"arguments", refund_arguments()}});
    CHECK(permit.intent.decision.json().at("verdict") == "permit");
    CHECK(permit.intent.decision.json().at("matched").at(0).at("rule") == "small_refund");
    CHECK_FALSE(permit.intent.binding.is_zero());
    CHECK_FALSE(permit.in_process);
    CHECK(permit.terms.can_verify);
}

TEST_CASE("a write that needs an approval is asked for with the digest of its binding") {
    Gated const gate;
    auto const needs =
        admitted<NeedsApproval>(gate.admit("payments.refund", refund_arguments(48000)));
    CHECK(needs.ask.digest == needs.intent.binding);
    CHECK(needs.ask.kind == ApprovalKind::tool);
    CHECK(needs.ask.choices == std::vector<std::string>{"approve", "reject"});
    CHECK(needs.ask.not_by == std::vector<std::string>{"anna"});
    CHECK(needs.ask.card.json().at("sentence") == "Refund EUR 480.00 of payment pay_1");
    CHECK(needs.expires_after == Duration(std::chrono::hours(24)));
}

TEST_CASE("asking the gate again for what was recorded gives the same digest") {
    Gated const gate;
    auto asked = proposal("payments.refund", refund_arguments(48000));
    auto const first = admitted<NeedsApproval>(gate.admit(asked));
    asked.request = first.intent.request;
    asked.at = asked.at + std::chrono::hours(5);
    CHECK(admitted<NeedsApproval>(gate.admit(asked)).ask.digest == first.ask.digest);
}

TEST_CASE("anything that decides what would run changes the digest") {
    Gated const gate;
    auto const original = proposal("payments.refund", refund_arguments());
    auto digest_of = [&](Proposal const& what) {
        return admitted<Permitted>(gate.admit(what)).intent.binding;
    };
    auto const digest = digest_of(original);
    CHECK(digest_of(original) == digest);
    auto with = [&](auto change) {
        auto other = original;
        change(other);
        return digest_of(other);
    };
    CHECK(with([](Proposal& p) {
              p.request =
                  Payload(Json{{"tool", "payments.refund"}, {"arguments", refund_arguments(3701)}});
          }) != digest);
    CHECK(with([](Proposal& p) { p.key = "rk_2"; }) != digest);
    CHECK(with([](Proposal& p) { p.step = {"/do/0/refund@1"}; }) != digest);
    CHECK(with([](Proposal& p) { p.run.value[0] = 1; }) != digest);
    CHECK(with([](Proposal& p) { p.tenant = "other"; }) != digest);
    CHECK(with([](Proposal& p) { p.started_by = "ben"; }) != digest);
    Gated moved;
    moved.tools = registry({refund_yaml, find_refund_yaml}, environment("http://other:9"));
    CHECK(admitted<Permitted>(moved.admit(original)).intent.binding != digest);
    Gated renewed;
    renewed.rules = policies(*renewed.tools, changed(policy_yaml, "1.0.0", "1.0.1"));
    CHECK(admitted<Permitted>(renewed.admit(original)).intent.binding != digest);
}

TEST_CASE("what the policy denies has no effect and says why") {
    Gated const gate;
    auto const denied =
        admitted<Denied>(gate.admit("payments.refund", refund_arguments(1'000'000)));
    CHECK_THAT(denied.sentence, ContainsSubstring("Nobody refunds EUR 10,000"));
    CHECK(denied.intent.decision.json().at("code") == "denied_by_rule");
}

TEST_CASE("a write that no rule speaks of is denied") {
    Gated gate;
    gate.rules = policies(*gate.tools,
                          "policy: none\nversion: 1.0.0\nrules:\n  - name: other\n    title: "
                          "Reads\n    tools: [payments.get_payment]\n    decide: permit\n");
    CHECK(admitted<Denied>(gate.admit("payments.refund", refund_arguments()))
              .intent.decision.json()
              .at("code") == "denied_by_default");
    gate.rules = policy::Set();
    CHECK(std::holds_alternative<Denied>(gate.admit("payments.refund", refund_arguments())));
}

TEST_CASE("a read passes without a rule, and says so briefly") {
    Gated const gate;
    auto const permit =
        admitted<Permitted>(gate.admit("payments.get_payment", {{"payment_id", "pay_1"}}));
    CHECK(permit.intent.decision.json().at("code") == "permitted_read");
    CHECK(permit.intent.binding.is_zero());
    CHECK_FALSE(permit.in_process);
}

TEST_CASE("an unknown tool is rejected with its neighbour") {
    Gated const gate;
    auto const rejected = admitted<Rejected>(gate.admit("payments.refnd", refund_arguments()));
    CHECK(rejected.why.code == codes::unknown_tool);
    CHECK(rejected.why.detail ==
          "There is no tool `payments.refnd`. Did you mean `payments.refund`?");
}

TEST_CASE("arguments that break the schema are rejected with pointer and rule") {
    Gated const gate;
    auto const rejected = admitted<Rejected>(
        gate.admit("payments.refund", {{"payment_id", "p"}, {"amount", 0}, {"currency", "EUR"}}));
    CHECK(rejected.why.code == codes::schema_violation);
    CHECK(rejected.why.status == 400);
    CHECK_THAT(rejected.why.detail, ContainsSubstring("`/amount`"));
    CHECK_THAT(rejected.why.detail, ContainsSubstring("/properties/amount/minimum"));
}

TEST_CASE("a function that reads is done in this process") {
    Gated gate;
    gate.tools = registry(
        {}, {}, {},
        {{.name = "sum", .call = [](Json const&, std::string const&) { return Json(1); }}});
    gate.rules = policies(*gate.tools, "policy: none\nversion: 1.0.0\nrules: []\n");
    CHECK(admitted<Permitted>(gate.admit("sum", Json::object())).in_process);
}
