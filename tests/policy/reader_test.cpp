// Mistakes in policy files: each is found when the file is loaded, at its line and column.
#include "policy/test_table.h"
#include "tests/catch.h"
#include "tests/policy/fixtures.h"

using namespace resolute;
using namespace resolute::policy;

namespace {

std::string report(std::string const& text) { return shown(problems_of(text)); }

void check(std::string const& text, std::string const& expected) {
    INFO(text);
    CHECK_THAT(report(text), ContainsSubstring(expected));
}

std::string const head = "policy: p\nversion: 1.0.0\nrules:\n";
std::string const whole = head + "  - name: r\n    title: T\n    tools: [payments.refund]\n";

}  // namespace

TEST_CASE("a mistyped key is an error, with its place and the key that was meant") {
    check(whole + "    wen: true\n    decide: permit\n", "p.yaml:7:5: a rule has no key `wen`.");
    check(whole + "    wen: true\n    decide: permit\n", "Did you mean `when`?");
    check("polcy: p\nversion: 1\nrules: []\n", "p.yaml:1:1: ");
    check(whole + "    decide: require_approval\n    approval: {quorom: 2}\n",
          "p.yaml:8:16: an approval has no key `quorom`.");
    check(head +
              "  - {name: r, title: T, tools: [payments.refund], decide: permit}\ndefault: allow\n",
          "has no key `default`");
    check(whole + "    decide: require_approval\n    approval: {on_timeout: allow}\n",
          "has no key `on_timeout`");
}

TEST_CASE("what is missing or of the wrong type is named") {
    check(head + "  - {title: T, tools: [payments.refund], decide: permit}\n", "needs `name`");
    check(head + "  - {name: r, tools: [payments.refund], decide: permit}\n", "needs `title`");
    check(head + "  - {name: r, title: T, decide: permit}\n", "needs `tools`");
    check(whole, "needs `decide`");
    check(head + "  - {name: r, title: T, tools: payments.refund, decide: permit}\n",
          "`tools` must be a list");
    check(whole + "    when: true\n    decide: permit\n", "`when` must be text");
    check(whole + "    decide: allow\n", "`allow` is not a decision.");
    check(whole + "    decide: permitt\n", "Did you mean `permit`?");
    check("- 1\n", "a policy must be a map");
    check("policy: Refunds!\nversion: 1.0.0\nrules: []\n", "p.yaml:1:9: `Refunds!` is not a name.");
}

TEST_CASE("an unknown tool is an error, with the tool that was meant") {
    check(head + "  - name: r\n    title: T\n    tools: [payments.refnd]\n    decide: permit\n",
          "p.yaml:6:13: `payments.refnd` is not a tool. (Did you mean `payments.refund`?)");
    check(head + "  - {name: r, title: T, tools: ['billing.*'], decide: permit}\n",
          "`billing.*` is not a tool.");
    check(head + "  - {name: r, title: T, tools: [], decide: permit}\n",
          "A rule about no tool never matches.");
}

TEST_CASE("a field that the tool's schema does not declare is an error") {
    check(rule_with("$arguments.amout <= 1"),
          "p.yaml:7:11: `$arguments.amout`: the input of `payments.refund` has no `amout`. (Did "
          "you mean `amount`?)");
    check(rule_with("$arguments.items[0].sku == \"a\" and $arguments.items[0].skew == \"b\""),
          "has no `skew`");
    check(rule_with("$arguments.amount.minor <= 1"), "has no `minor`");
    check(rule_with("$tool.effcet == \"write\""),
          "`$tool` has no `effcet`. (Did you mean `effect`?)");
    check(rule_with("$principal.name == \"sam\""), "`$principal` has no `name`");
    CHECK(report(rule_with("$facts.anything.goes == 1")).empty());
}

TEST_CASE("a comparison that could never hold is an error") {
    check(rule_with("$arguments.amount == \"100\""),
          "`$arguments.amount` is never a value like \"100\".");
    check(rule_with("$arguments.currency == \"EURO\""),
          "`$arguments.currency` is never \"EURO\". (It is one of [\"EUR\",\"USD\",\"GBP\"]. Did "
          "you mean `EUR`?)");
    check(rule_with("$arguments.currency | IN(\"EUR\", \"YEN\")"), "is never \"YEN\"");
    check(rule_with("$tool.effect == \"delete\""), "`$tool.effect` is never \"delete\".");
    check(rule_with("$arguments.reason"), "`$arguments.reason` is never a value like true.");
}

TEST_CASE("a pattern is checked against every tool that it covers") {
    check(head +
              "  - {name: r, title: T, tools: ['payments.*', orders.get_order], when: "
              "$arguments.nope == 1, decide: permit}\n",
          "the input of `payments.refund` has no `nope`");
}

TEST_CASE("an argument that may be missing is a warning") {
    auto const set = compile(rule_with("$arguments.urgent == true"));
    REQUIRE(set.warnings().size() == 1);
    CHECK(set.warnings()[0].code == "may_be_missing");
    CHECK(set.warnings()[0].line == 7);
    CHECK(compile(rule_with("($arguments.urgent // false) == true")).warnings().empty());
}

TEST_CASE("an unknown obligation, and one on a denial, are errors") {
    check(whole + "    decide: permit\n    obligations: {verify_outcom: true}\n",
          "`verify_outcom` is not an obligation. (Did you mean `verify_outcome`?)");
    check(whole + "    decide: permit\n    obligations: {verify_outcome: maybe}\n",
          "`verify_outcome` can only be `true`.");
    check(whole + "    decide: deny\n    obligations: {notify: [x]}\n",
          "A rule that denies leaves nothing to oblige.");
}

TEST_CASE("an approval block is checked as strictly") {
    auto const approval = [](std::string const& block) {
        return whole + "    decide: require_approval\n    approval: {" + block + "}\n";
    };
    check(approval("risk: extreme"),
          "`extreme` is not a risk. (It is one of `low`, `medium`, `high`.");
    check(approval("quorum: 0"), "`quorum` must be a whole number from 1 to 10.");
    check(approval("expiresAfter: P1M"), "`P1M` is not a duration.");
    check(approval("expiresAfter: PT0S"), "An approval must be open for some time.");
    check(approval("notBy: [7]"), "an item of `notBy` must be text");
    check(approval("evidence: [{title: T, quote: $facts.a}]"), "needs `source`");
    check(approval("evidence: [{title: T, source: s, quote: $fact.a}]"),
          "`$fact` is not a variable of a condition.");
    check(approval("evidence: [{title: T, source: s, quote: $arguments.amout}]"), "has no `amout`");
    check(approval("evidence: [{title: T, source: s, quote: $facts.a, trust: total}]"),
          "`total` is not a trust.");
    check(whole + "    decide: permit\n    approval: {quorum: 1}\n",
          "`approval` belongs to rules that decide `require_approval`.");
}

TEST_CASE("duplicate rules and policies are found, also across files") {
    check(
        whole +
            "    decide: permit\n  - {name: r, title: T, tools: [payments.refund], decide: deny}\n",
        "p.yaml:8:5: The rule `r` is here twice; the first stands in line 4.");
    auto const twice = Set::compile(
        {{"a.yaml", whole + "    decide: permit\n"}, {"b.yaml", whole + "    decide: deny\n"}},
        {refund_tools(), {}});
    REQUIRE_FALSE(twice);
    CHECK_THAT(shown(twice.diagnostics()),
               ContainsSubstring("b.yaml:1:1: The policy `p` is also in a.yaml."));
    CHECK_THAT(shown(twice.diagnostics()),
               ContainsSubstring("b.yaml:4:5: The rule `r` is also in a.yaml."));
}

TEST_CASE("all problems of all files come at once") {
    CHECK(problems_of(head +
                      "  - {nam: r, title: T, tools: [payments.refnd], when: $x, decide: maybe}\n")
              .size() >= 5);
    auto const set =
        Set::compile({{"a.yaml", "rules: ["}, {"b.yaml", "policy: 1"}}, {refund_tools(), {}});
    REQUIRE_FALSE(set);
    CHECK_THAT(shown(set.diagnostics()), ContainsSubstring("a.yaml:"));
    CHECK_THAT(shown(set.diagnostics()), ContainsSubstring("b.yaml:"));
}

TEST_CASE("a table of tests tells what differs") {
    auto const set = compile(refund_rules);
    File const table{"refunds.test.yaml", R"(policy: refunds
given:
  tool: payments.refund
  arguments: {payment_id: pay_1, amount: 4800, currency: EUR}
  facts: {history: {fraud_flag: false}}
tests:
  - name: small is automatic
    expect: {verdict: permit, rules: [small_refund]}
  - name: wrong on purpose
    when: {arguments: {amount: 20000}}
    expect: {verdict: permit}
  - name: no history, no refund
    when: {facts: {history: null}}
    expect: {verdict: deny, code: "policy_error:fraud_flag"}
)"};
    auto const outcomes = run_tests(set, {table}).value();
    REQUIRE(outcomes.size() == 3);
    CHECK(outcomes[0].passed);
    CHECK_FALSE(outcomes[1].passed);
    CHECK(outcomes[1].line == 9);
    CHECK(outcomes[1].problem ==
          "Expected permit, got require_approval. Needs an approval by the rule `large_refund`: "
          "Refunds over EUR 100 need a second pair of eyes.");
    CHECK(outcomes[2].passed);
}

TEST_CASE("a table of tests is read strictly") {
    auto const set = compile(refund_rules);
    auto const problems = [&](std::string const& text) {
        auto const outcomes = run_tests(set, {{"t.yaml", text}});
        return outcomes ? std::string("none") : shown(outcomes.diagnostics());
    };
    CHECK_THAT(
        problems("policy: refnds\ntests: []\n"),
        ContainsSubstring("t.yaml:1:9: `refnds` is not a policy. (Did you mean `refunds`?)"));
    CHECK_THAT(problems("policy: refunds\ntests: [{name: a, expect: {verdict: permit}}]\n"),
               ContainsSubstring("This test names no tool."));
    CHECK_THAT(problems("policy: refunds\ngiven: {tools: x}\ntests: []\n"),
               ContainsSubstring("has no key `tools`"));
    CHECK_THAT(problems("policy: refunds\ngiven: {tool: payments.refund}\ntests: [{name: a, "
                        "expect: {verdict: yes, rules: [nope]}}]\n"),
               ContainsSubstring("`nope` is not a rule."));
}

TEST_CASE("a condition that needs jq itself works, and is a warning") {
    auto const set =
        compile(rule_with("($facts.history.refunds | map(.amount) | add // 0) <= 100"));
    REQUIRE(set.warnings().size() == 1);
    CHECK(set.warnings()[0].code == "slow_condition");
    auto request = small_refund();
    CHECK(set.decide(request).verdict == Verdict::permit);
    request.facts["history"] =
        Payload(Json::parse(R"({"refunds": [{"amount": 60}, {"amount": 50}]})"));
    CHECK(set.decide(request).verdict == Verdict::deny);
    request.facts["history"] = Payload(Json::parse(R"({"refunds": 7})"));
    CHECK(set.decide(request).code == "policy_error:the_rule");
    auto const lenient = compile(rule_with("$facts.history.refunds | all(.amount <= 100)"));
    CHECK(lenient.warnings()[0].code == "lenient_comparison");
}
