// Every way in which a rule can fail to be evaluated, against rules of every kind: nothing opens.
#include "tests/catch.h"
#include "tests/policy/fixtures.h"

using namespace resolute;
using namespace resolute::policy;

namespace {

void check_denied(Decision const& decision, std::string const& code) {
    CHECK(decision.verdict == Verdict::deny);
    CHECK(decision.code == code);
    CHECK_FALSE(decision.sentence.empty());
    CHECK_FALSE(decision.remedy.empty());
    CHECK_FALSE(decision.approval);
}

Request with_fact(Json value) {
    auto request = small_refund();
    request.facts["history"] = Payload(std::move(value));
    return request;
}

}  // namespace

TEST_CASE(
    "a fact that is missing, null or of another type denies, also for a rule that would have "
    "denied only when it is true") {
    auto const set = compile(refund_rules);
    std::vector<Json> const bad = {nullptr,
                                   Json::object(),
                                   Json::array(),
                                   "text",
                                   1,
                                   true,
                                   Json{{"fraud_flag", nullptr}},
                                   Json{{"fraud_flag", "true"}},
                                   Json{{"fraud_flag", 0}},
                                   Json{{"fraud_flag", Json::array()}},
                                   Json{{"fraud", false}}};
    for (auto const& value : bad) {
        INFO(to_text(value));
        check_denied(set.decide(with_fact(value)), "policy_error:fraud_flag");
    }
    auto without = small_refund();
    without.facts.clear();
    check_denied(set.decide(without), "policy_error:fraud_flag");
    CHECK(set.decide(without).sentence ==
          "Denied because the rule `fraud_flag` cannot be evaluated: `$facts.history.fraud_flag` "
          "is missing.");
}

TEST_CASE("an argument of another type denies") {
    auto const set = compile(refund_rules);
    for (auto const& value :
         std::vector<Json>{nullptr, "4800", true, Json::array({4800}), Json::object()}) {
        INFO(to_text(value));
        check_denied(set.decide(with_argument("amount", value)), "policy_error:small_refund");
    }
}

TEST_CASE("a value outside its schema's enumeration denies, whatever the rule compares it with") {
    check_denied(compile(refund_rules).decide(with_argument("currency", "QQQ")),
                 "policy_error:small_refund");
    auto const set = compile(rule_with("$arguments.currency != \"USD\""));
    check_denied(set.decide(with_argument("currency", "BTC")), "policy_error:the_rule");
    CHECK(set.decide(with_argument("currency", "BTC")).sentence ==
          "Denied because the rule `the_rule` cannot be evaluated: `$arguments.currency` is "
          "\"BTC\", which its schema does not know.");
    auto labelled = small_refund();
    labelled.labels = Json{{"/amount", {{"integrity", "holy"}, {"confidentiality", "public"}}}};
    check_denied(
        compile(rule_with("$labels[\"/amount\"].integrity != \"untrusted\"")).decide(labelled),
        "policy_error:the_rule");
    check_denied(compile(rule_with("$labels[\"/amount\"].integrity != \"untrusted\""))
                     .decide(small_refund()),
                 "policy_error:the_rule");
}

TEST_CASE("an error in one rule denies although another rule permits") {
    std::string const more =
        "  - name: always\n    title: Always\n    tools: [payments.refund]\n    decide: permit\n";
    auto const set = compile(rule_with("$facts.nobody.knows == 1", "require_approval") + more);
    auto const decision = set.decide(small_refund());
    check_denied(decision, "policy_error:the_rule");
    REQUIRE(decision.errors.size() == 1);
    CHECK(decision.errors[0].message == "`$facts.nobody.knows` is missing");
}

TEST_CASE("a read is denied too when a rule about it cannot be evaluated") {
    auto request = small_refund();
    request.tool = "orders.get_order";
    request.effect = Effect::read;
    auto const set = compile(
        "policy: p\nversion: 1.0.0\nrules:\n  - {name: r, title: R, tools: ['*'], when: $facts.no "
        "== 1, decide: permit}\n");
    check_denied(set.decide(request), "policy_error:r");
}

TEST_CASE("a tool that the policy does not know is denied, reads included") {
    auto request = small_refund();
    request.tool = "payments.refunds";
    request.effect = Effect::read;
    check_denied(compile(refund_rules).decide(request), "tool_unknown_to_policy");
    check_denied(Set().decide(small_refund()), "tool_unknown_to_policy");
}

TEST_CASE("an effect that nobody named is denied, even where a rule permits") {
    auto const set = compile(refund_rules);
    for (auto const effect : {Effect::unknown, static_cast<Effect>(99)}) {
        auto request = small_refund();
        request.effect = effect;
        check_denied(set.decide(request), "effect_unknown");
    }
    CHECK(effect_from("reads") == Effect::unknown);
}

TEST_CASE("arguments that are absent or no object are denied") {
    auto const set = compile(rule_with("true"));
    for (auto const& value : std::vector<Json>{nullptr, Json::array(), "x", 1, true}) {
        auto request = small_refund();
        request.arguments = Payload(value);
        check_denied(set.decide(request), "arguments_malformed");
    }
    auto request = small_refund();
    request.arguments = Payload::from_text("not json");
    CHECK(set.decide(request).verdict == Verdict::deny);
}

TEST_CASE("writes and irreversible calls that no rule is about are denied") {
    auto request = small_refund();
    for (auto const effect : {Effect::write, Effect::irreversible}) {
        request.tool = "payments.wipe";
        request.effect = effect;
        check_denied(compile(refund_rules).decide(request), "denied_by_default");
    }
}

TEST_CASE("an obligation that nobody keeps denies") {
    auto text = rule_with("true") + "    obligations: {verify_outcome: true}\n";
    check_denied(compile(text).decide(small_refund()), "obligation_unmet:verify_outcome");
    CHECK(compile(text, {"verify_outcome"}).decide(small_refund()).verdict == Verdict::permit);
    text = rule_with("true", "require_approval") + "    obligations: {mask: [amount]}\n";
    check_denied(compile(text, {"verify_outcome"}).decide(small_refund()), "obligation_unmet:mask");
}

TEST_CASE("two rules that oblige differently deny") {
    auto const text = rule_with("true") + "    obligations: {cap: 1}\n" +
                      "  - {name: other, title: O, tools: [payments.refund], decide: permit, "
                      "obligations: {cap: 2}}\n";
    check_denied(compile(text, {"cap"}).decide(small_refund()), "obligation_unmet:cap");
}

TEST_CASE("a default-constructed decision denies") { CHECK(Decision{}.verdict == Verdict::deny); }
