#include "tests/catch.h"
#include "tests/policy/fixtures.h"

using namespace resolute;
using namespace resolute::policy;

namespace {

std::string always(std::string const& name, std::string const& decide,
                   std::string const& more = {}) {
    return "  - name: " + name + "\n    title: The rule " + name +
           "\n    tools: [payments.refund]\n    decide: " + decide + "\n" + more;
}

Decision decide(std::string const& rules, Request const& request = small_refund(),
                std::set<std::string> obligations = {}) {
    return compile("policy: p\nversion: 1.0.0\nrules:\n" + rules, std::move(obligations))
        .decide(request);
}

}  // namespace

TEST_CASE("deny is stronger than approval, and approval stronger than permit, in every order") {
    std::vector<std::pair<std::string, Verdict>> const rules = {
        {always("a", "permit"), Verdict::permit},
        {always("b", "require_approval"), Verdict::require_approval},
        {always("c", "deny"), Verdict::deny}};
    for (auto const& [first, left] : rules)
        for (auto const& [second, right] : rules) {
            if (first == second) continue;
            CHECK(decide(first + second).verdict == std::min(left, right));
        }
}

TEST_CASE("a permitted call says by which rule") {
    auto const set = compile(refund_rules);
    auto const decision = set.decide(small_refund());
    CHECK(decision.verdict == Verdict::permit);
    CHECK(decision.code == "permitted_by_rule");
    CHECK(decision.sentence ==
          "Permitted by the rule `small_refund`: Small refunds in euros are paid at once.");
    CHECK(decision.remedy.empty());
    CHECK(decision.policy == set.digest());
    REQUIRE(decision.near_misses.size() == 2);
    CHECK(decision.near_misses[0].rule == "fraud_flag");
    CHECK(decision.near_misses[0].actual == Json{{"$facts.history.fraud_flag", false}});
    CHECK(decision.near_misses[1].condition == "$arguments.amount > 10000");
}

TEST_CASE("an approval says who must give it and what would make it needless") {
    auto const decision = compile(refund_rules).decide(with_argument("amount", 48000));
    CHECK(decision.verdict == Verdict::require_approval);
    CHECK(decision.code == "approval_required");
    CHECK(decision.sentence ==
          "Needs an approval by the rule `large_refund`: Refunds over EUR 100 need a second pair "
          "of eyes.");
    CHECK(decision.remedy ==
          "One person must approve it. The rule `small_refund` would permit it if "
          "`$arguments.amount <= 10000`; it is 48000.");
    REQUIRE(decision.approval);
    CHECK(decision.approval->risk == Risk::medium);
    CHECK(decision.approval->expires_after == std::chrono::hours(48));
    CHECK(decision.approval->not_by == std::vector<std::string>{"sam"});
    CHECK(decision.approval->why == "Refunds over EUR 100 need a second pair of eyes");
}

TEST_CASE("a denial by a rule names it") {
    auto request = small_refund();
    request.facts["history"] = Payload(Json{{"fraud_flag", true}});
    auto const decision = compile(refund_rules).decide(request);
    CHECK(decision.verdict == Verdict::deny);
    CHECK(decision.code == "denied_by_rule");
    CHECK(decision.sentence ==
          "Denied by the rule `fraud_flag`: Customers with a fraud flag get no refund.");
    CHECK(decision.remedy == "Nothing permits it while `fraud_flag` matches.");
}

TEST_CASE("a write that no rule permits is denied, and the nearest rule is named") {
    auto const decision = compile(refund_rules).decide(with_argument("currency", "USD"));
    CHECK(decision.verdict == Verdict::deny);
    CHECK(decision.code == "denied_by_default");
    CHECK(decision.sentence == "Denied because no rule permits `payments.refund` here.");
    CHECK(decision.remedy ==
          "The rule `small_refund` would permit it if `$arguments.currency == \"EUR\"`; it is "
          "\"USD\".");
}

TEST_CASE("a rule that misses by two conditions is not offered as the remedy") {
    auto const decision =
        compile(rule_with("$arguments.amount <= 10 and $arguments.currency == \"USD\""))
            .decide(small_refund());
    CHECK(decision.remedy == "Write a rule that permits it, or that asks for an approval.");
    REQUIRE(decision.near_misses.size() == 1);
}

TEST_CASE("reads need no rule, and say that they had none") {
    auto request = small_refund();
    request.tool = "orders.get_order";
    request.effect = Effect::read;
    auto const decision = compile(refund_rules).decide(request);
    CHECK(decision.verdict == Verdict::permit);
    CHECK(decision.code == "permitted_read");
    CHECK(decision.sentence ==
          "Permitted because `orders.get_order` only reads and no rule forbids it.");
}

TEST_CASE("a read that no rule speaks of is known to pass without looking at it") {
    auto request = small_refund();
    request.tool = "orders.get_order";
    request.effect = Effect::read;
    auto const set = compile(refund_rules);
    auto const* recorded = set.permitted_read(request.tool);
    REQUIRE(recorded);
    auto const whole = to_json(set.decide(request));
    for (auto const& [member, value] : recorded->json().items()) CHECK(whole.at(member) == value);
    CHECK(recorded->json().size() == 3);
    CHECK_FALSE(set.permitted_read("payments.refund"));
    CHECK_FALSE(set.permitted_read("payments.wipe"));
    CHECK_FALSE(set.permitted_read("nobody.knows"));
    CHECK_FALSE(Set().permitted_read("orders.get_order"));
    auto const ruled = compile(
        "policy: p\nversion: 1.0.0\nrules:\n  - name: none\n    title: None\n"
        "    tools: ['orders.*']\n    decide: deny\n");
    CHECK_FALSE(ruled.permitted_read("orders.get_order"));
}

TEST_CASE("approvals join to the stricter") {
    auto const decision = decide(always("a", "require_approval",
                                        "    approval: {risk: low, expiresAfter: PT48H, quorum: 1, "
                                        "notBy: [alice], to: {groups: [leads]}}\n") +
                                 always("b", "require_approval",
                                        "    approval: {risk: high, expiresAfter: PT1H, quorum: 2, "
                                        "notBy: [initiator, bob], to: {groups: [finance]}}\n"));
    REQUIRE(decision.approval);
    CHECK(decision.approval->risk == Risk::high);
    CHECK(decision.approval->expires_after == std::chrono::hours(1));
    CHECK(decision.approval->quorum == 2);
    CHECK(decision.approval->not_by == std::vector<std::string>{"alice", "bob", "sam"});
    CHECK(decision.approval->groups == std::vector<std::string>{"finance", "leads"});
    CHECK(decision.approval->rule == "a");
}

TEST_CASE(
    "an irreversible call is always high risk, and a rule without an approval block excludes who "
    "started the run") {
    auto request = small_refund();
    request.tool = "payments.wipe";
    request.effect = Effect::irreversible;
    request.on_behalf_of = "carol";
    auto const decision = decide(
        "  - {name: wipe, title: Wipes are asked for, tools: [payments.wipe], decide: "
        "require_approval}\n",
        request);
    REQUIRE(decision.approval);
    CHECK(decision.approval->risk == Risk::high);
    CHECK(decision.approval->not_by == std::vector<std::string>{"carol", "sam"});
    CHECK(decision.approval->expires_after == std::chrono::hours(24));
}

TEST_CASE("an approval that nobody could give denies") {
    auto const decision =
        decide(always("a", "require_approval", "    approval: {to: {users: [sam]}}\n"));
    CHECK(decision.verdict == Verdict::deny);
    CHECK(decision.code == "approval_impossible");
    CHECK_FALSE(decision.approval);
}

TEST_CASE("obligations are joined from the rules that matched") {
    auto const decision =
        decide(always("a", "permit", "    obligations: {verify_outcome: true, notify: [leads]}\n") +
                   always("b", "permit", "    obligations: {notify: [finance]}\n"),
               small_refund(), {"verify_outcome", "notify"});
    CHECK(decision.verdict == Verdict::permit);
    CHECK(decision.obligations ==
          std::map<std::string, Json>{{"notify", {"leads", "finance"}}, {"verify_outcome", true}});
}

TEST_CASE("rules match tools by name, by prefix and by star") {
    CHECK(matches("payments.refund", "payments.refund"));
    CHECK_FALSE(matches("payments.refund", "payments.refunds"));
    CHECK(matches("payments.*", "payments.refund"));
    CHECK_FALSE(matches("payments.*", "payment.refund"));
    CHECK(matches("*", "anything"));
}

TEST_CASE("the digest depends on the text of every policy and not on the order of files") {
    File const a{"a.yaml", refund_rules};
    File const b{"b.yaml", rule_with("true")};
    auto const ab = Set::compile({a, b}, {refund_tools(), {}}).value();
    auto const ba = Set::compile({b, a}, {refund_tools(), {}}).value();
    auto changed = b;
    changed.text += "# a comment\n";
    auto const other = Set::compile({a, changed}, {refund_tools(), {}}).value();
    CHECK(ab.digest() == ba.digest());
    CHECK(ab.digest() != other.digest());
    CHECK(ab.digest() != Set().digest());
}

TEST_CASE("a decision is recorded with all its reasons") {
    auto const json = to_json(compile(refund_rules).decide(with_argument("amount", 48000)));
    CHECK(json["verdict"] == "require_approval");
    CHECK(json["matched"] ==
          Json::parse(R"([{"policy":"refunds","version":"1.0.0","rule":"large_refund",
              "title":"Refunds over EUR 100 need a second pair of eyes",
              "verdict":"require_approval"}])"));
    CHECK(json["nearMisses"][0] ==
          Json::parse(R"({"rule":"fraud_flag","title":"Customers with a fraud flag get no refund",
            "verdict":"deny","condition":"$facts.history.fraud_flag == true",
            "actual":{"$facts.history.fraud_flag":false}})"));
    CHECK(json["approval"]["expiresAfter"] == "P2D");
    CHECK(json["policy"] == to_string(compile(refund_rules).digest()));
}

TEST_CASE("what is recorded of a decision is its JSON, and with what it was admitted") {
    auto failing = compile("policy: p\nversion: 1.0.0\nrules:\n" + always("a", "permit") +
                           always("b", "deny", "    when: $facts.missing.x > 1\n"))
                       .decide(small_refund());
    for (auto const& decision :
         {compile(refund_rules).decide(small_refund()),
          compile(refund_rules).decide(with_argument("amount", 48000)), failing, Decision{}}) {
        CHECK(recorded(decision).text() == to_text(to_json(decision)));
        auto admitted = to_json(decision);
        admitted["admittedAt"] = "2023-11-14T22:13:20.000000Z";
        admitted["evidenceRoot"] = to_string(sha256("evidence"));
        CHECK(recorded(decision, Admitted{sha256("evidence"), {1'700'000'000'000'000}}).text() ==
              to_text(admitted));
    }
}
