#include "approvals/card.h"

#include "base/canonical_json.h"
#include "tests/approvals/fixtures.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::approvals;

namespace {

struct Setting {
    Proposal proposal = refund_proposal();
    ToolFace tool = refund_tool();
    Payload arguments = refund_arguments();
    policy::Decision decision = refund_decision();
    Question question() const {
        return {.proposal = proposal, .tool = tool, .arguments = arguments, .decision = decision};
    }
    Asked asked() const { return ask(question()).value(); }
};

}  // namespace

TEST_CASE("the card says in one sentence what will happen, by template") {
    auto const card = Setting().asked().ask.card.json();
    CHECK(card["sentence"] == "Refund EUR 480.00 of payment pay_1 for case 8812");
    CHECK(card["why"] == "Refunds over EUR 100 need a second pair of eyes");
    CHECK(card["rule"] == "large_refund");
    CHECK(card["risk"] == "medium");
    CHECK(card["amount"] == Json{{"minor", 48000}, {"currency", "EUR"}});
    CHECK(card["toolContract"] == Json{{"name", "payments.refund"},
                                       {"version", "1.2.0"},
                                       {"title", "Refund a payment"},
                                       {"effect", "write"},
                                       {"reversible", true}});
    Setting plain;
    plain.tool.sentence.clear();
    CHECK(plain.asked().ask.card.json()["sentence"] == "Refund a payment for case 8812");
}

TEST_CASE("the card shows exactly the bytes that would be sent") {
    auto const asked = Setting().asked();
    auto const card = asked.ask.card.json();
    CHECK(card["argumentsText"] ==
          R"({"amount":48000,"currency":"EUR","payment_id":"pay_1","reason":"broken"})");
    CHECK(card["arguments"] == refund_arguments().json());
    CHECK(card["inspectable"] == true);
    CHECK(card["uninspectableWhy"] == nullptr);
    CHECK(digest_of(binding_from_json(card["binding"]).value()).value() == asked.ask.digest);
}

TEST_CASE("the card shows evidence with its trust, changes, what is missing, and claims apart") {
    Setting setting;
    auto question = setting.question();
    question.identify = [](std::string const& model) {
        return ModelIdentity{"scripted:" + model, true};
    };
    auto const card = ask(question).value().ask.card.json();
    CHECK(card["evidence"][1] == Json{{"title", "The customer wrote"},
                                      {"quote", "it broke"},
                                      {"source", "the customer's message"},
                                      {"at", nullptr},
                                      {"trust", "untrusted"}});
    CHECK(
        card["changes"] ==
        Json::parse(
            R"([{"label":"Refunded of this payment","before":"EUR 0.00","after":"EUR 480.00"}])"));
    CHECK(card["missing"] == Json{"Delivery (orders.get_delivery)"});
    CHECK(card["claims"] ==
          Json::parse(
              R"([{"text":"The customer is right","model":"scripted:reasoner","scripted":true}])"));
}

TEST_CASE("the request carries the terms of the rule") {
    auto const asked = Setting().asked();
    CHECK(asked.ask.kind == ApprovalKind::tool);
    CHECK(asked.ask.step.path == "/do/4/pay");
    CHECK(asked.ask.choices == std::vector<std::string>{"approve", "reject"});
    CHECK(asked.ask.not_by == std::vector<std::string>{"sam"});
    CHECK(asked.ask.quorum == 1);
    CHECK(asked.expires_after == std::chrono::hours(24));
}

TEST_CASE("asking again gives the same digest, and any change of what would run gives another") {
    auto const digest = [](Setting const& setting) { return setting.asked().ask.digest; };
    auto const original = digest({});
    CHECK(digest({}) == original);
    Setting changed;
    changed.arguments = Payload(Json{
        {"payment_id", "pay_1"}, {"amount", 48001}, {"currency", "EUR"}, {"reason", "broken"}});
    CHECK(digest(changed) != original);
    changed = {};
    changed.decision.policy = sha256("another policy");
    CHECK(digest(changed) != original);
    changed = {};
    changed.tool.contract = sha256("another contract");
    CHECK(digest(changed) != original);
    changed = {};
    changed.decision.approval->evidence[0].quote = "A-20325 lost";
    CHECK(digest(changed) != original);
    changed = {};
    changed.decision.approval->missing.clear();
    CHECK(digest(changed) != original);
    changed = {};
    changed.proposal.at = {1'000'000};
    changed.decision.approval->claims.clear();
    CHECK(digest(changed) == original);
}

TEST_CASE("without arguments nothing can be asked") {
    for (auto const& value : std::vector<Json>{nullptr, Json::array(), "x"}) {
        Setting setting;
        setting.arguments = Payload(value);
        CHECK_FALSE(ask(setting.question()));
    }
    Setting anonymous;
    anonymous.proposal.started_by.clear();
    CHECK_FALSE(ask(anonymous.question()));
}

TEST_CASE(
    "hidden characters in arguments and quotes are revealed, and private ones cannot be approved") {
    Setting setting;
    setting.arguments =
        Payload(Json{{"payment_id", "pay\u202E1"}, {"amount", 1}, {"currency", "EUR"}});
    setting.decision.approval->evidence[0].quote = "\u202Elive";
    auto card = setting.asked().ask.card.json();
    CHECK(card["sentence"] == "Refund EUR 0.01 of payment pay⟨U+202E⟩1 for case 8812");
    CHECK(card["evidence"][0]["quote"] == "⟨U+202E⟩live");
    CHECK(card["inspectable"] == true);
    setting.arguments = Payload(Json{{"payment_id", "\uE000"}, {"amount", 1}, {"currency", "EUR"}});
    card = setting.asked().ask.card.json();
    CHECK(card["inspectable"] == false);
    CHECK(card["uninspectableWhy"] ==
          "`Payment` cannot be shown: the character U+E000 is private and looks different "
          "everywhere.");
    setting.arguments =
        Payload(Json{{"payment_id", std::string(70'000, 'x')}, {"amount", 1}, {"currency", "EUR"}});
    CHECK(setting.asked().ask.card.json()["uninspectableWhy"] ==
          "The arguments are longer than 65536 bytes.");
}

TEST_CASE("facts are what the step can see: outputs around it, the nearest first") {
    Run run;
    run.frames[StepId{""}].tasks = {{"history", Payload(Json(1))}, {"order", Payload(Json(2))}};
    run.frames[StepId{"/do/1/each"}].tasks = {{"order", Payload(Json(3))}};
    run.frames[StepId{"/do/2/fork"}].tasks = {{"elsewhere", Payload(Json(4))}};
    auto const inside = facts_of(run, {"/do/1/each#3/do/0/pay"});
    CHECK(inside.size() == 2);
    CHECK(inside.at("order").json() == 3);
    CHECK(inside.at("history").json() == 1);
    CHECK(facts_of(run, {"/do/4/pay"}).at("order").json() == 2);
}

TEST_CASE("the policy is asked about exactly this proposal") {
    Run run;
    run.started.input = Payload(Json{{"message", "it broke"}});
    run.frames[StepId{""}].tasks = {{"history", Payload(Json{{"fraud_flag", false}})}};
    auto proposal = refund_proposal();
    proposal.history = &run;
    auto const request = policy_request(proposal, refund_tool(), refund_arguments());
    CHECK(request.tool == "payments.refund");
    CHECK(request.effect == policy::Effect::write);
    CHECK(request.principal.id == "sam");
    CHECK(request.case_id == "8812");
    CHECK(request.input.json()["message"] == "it broke");
    CHECK(request.facts.at("history").json()["fraud_flag"] == false);
    CHECK(request.workflow == "cases/refund");
    CHECK(request.step == "/do/4/pay");
}
