// Calls of tools, models, memory and policies, and questions to people.
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;
using std::chrono::seconds;

TEST_CASE("a tool is asked for with evaluated arguments, a key and a time limit") {
    Driver driver(steps(R"(
  - pay:
      call: tool
      with:
        tool: payments.refund
        arguments: { amount: '${ .total }', currency: EUR, lines: ['${ .id }'] }
        idempotencyKey: '${ "refund-" + .id }'
      timeout: { after: { seconds: 3 } }
      output: { as: '{ paid: .amount, asked: $input.total }' }
)"));
    driver.outside.answers["payments.refund"] = {good({{"amount", 500}})};
    driver.start({{"total", 500}, {"id", "o1"}});
    CHECK(driver.output() == Json::parse(R"({"paid":500,"asked":500})"));
    REQUIRE(driver.outside.proposals.size() == 1);
    auto const& proposal = driver.outside.proposals[0];
    CHECK(proposal.kind == "tool");
    CHECK(proposal.key == "refund-o1");
    CHECK(proposal.request.json() == Json::parse(
                                         R"({"tool":"payments.refund",
                          "arguments":{"amount":500,"currency":"EUR","lines":["o1"]}})"));
    CHECK(driver.facts<ActivityStarted>().at(0).intent->timeout_ms == 3000);
}

TEST_CASE(
    "without arguments a tool gets an empty map, and without a key one that the engine derives") {
    Driver driver(steps("  - look: { call: tool, with: { tool: look } }\n"));
    driver.outside.answers["look"] = {good({{"seen", true}})};
    driver.start({{"secret", 1}});
    CHECK(driver.request_of("/do/0/look") == Json::parse(R"({"tool":"look","arguments":{}})"));
    CHECK_THAT(driver.outside.proposals[0].key, ContainsSubstring("rk_"));
    CHECK(driver.output() == Json{{"seen", true}});
    CHECK(driver.facts<StepCompleted>().empty());  // the answer is the step's output as it is
}

TEST_CASE("a key must be text") {
    Driver driver(
        steps("  - pay: { call: tool, with: { tool: pay, idempotencyKey: '${ .id }' } }\n"));
    driver.start({{"id", 5}});
    CHECK_THAT(driver.error()["detail"].get<std::string>(), ContainsSubstring("idempotencyKey"));
    CHECK(driver.outside.proposals.empty());
}

TEST_CASE(
    "a model gets instructions, input, schema and limits; its input is the step's unless said "
    "otherwise") {
    Driver driver(steps(R"(
  - plain: { call: model, with: { model: judge, instructions: Judge. } }
  - full:
      call: model
      with:
        model: judge
        instructions: '${ "Judge " + .kind }'
        input: { about: '${ .kind }' }
        output: { type: object, properties: { ok: { type: boolean } } }
        limits: { tokens: 500 }
        fallback: small
)"));
    driver.outside.answers["judge"] = {good({{"kind", "k"}}), good({{"ok", true}})};
    driver.start({{"text", "hello"}});
    CHECK(driver.output() == Json{{"ok", true}});
    CHECK(driver.request_of("/do/0/plain") ==
          Json::parse(R"({"model":"judge","instructions":"Judge.","input":{"text":"hello"}})"));
    CHECK(driver.request_of("/do/1/full") ==
          Json::parse(R"({"model":"judge","instructions":"Judge k","input":{"about":"k"},
        "output":{"type":"object","properties":{"ok":{"type":"boolean"}}},
        "limits":{"tokens":500},"fallback":"small"})"));
    CHECK(driver.outside.proposals[0].kind == "model");
}

TEST_CASE("memory and policy are asked for by their own kinds") {
    Driver driver(steps(R"(
  - recall:
      call: memory
      with: { op: recall, scope: customer, subject: '${ .who }', query: refunds, limit: 5 }
  - judge: { call: policy, with: { policy: refunds, input: { amount: 5 } } }
  - keep:
      call: memory
      with: { op: remember, scope: customer, subject: ann, key: last, value: '${ . }' }
)"));
    driver.outside.answers["recall"] = {good({{"items", Json::array()}})};
    driver.outside.answers["refunds"] = {good({{"decision", "permit"}})};
    driver.outside.answers["remember"] = {good({{"id", "m1"}})};
    driver.start({{"who", "ann"}});
    CHECK(driver.output() == Json{{"id", "m1"}});
    CHECK(driver.request_of("/do/0/recall") ==
          Json::parse(
              R"({"op":"recall","scope":"customer","subject":"ann","query":"refunds","limit":5})"));
    CHECK(driver.request_of("/do/1/judge") ==
          Json::parse(R"({"policy":"refunds","input":{"amount":5}})"));
    CHECK(driver.request_of("/do/2/keep")["value"] == Json{{"decision", "permit"}});
    CHECK(driver.outside.proposals[1].kind == "policy");
}

TEST_CASE("a case step asks for what its operation has, by a kind of its own") {
    Driver driver(steps(R"(
  - open: { call: case, with: { op: open, title: '${ .about }', facts: { order: 7 } } }
  - assign: { call: case, with: { op: assign, case: C-9, assignee: rita } }
  - close: { call: case, with: { op: close, resolution: refunded } }
)"));
    driver.outside.answers["open"] = {good({{"status", "open"}})};
    driver.outside.answers["assign"] = {good({{"assignee", "rita"}})};
    driver.outside.answers["close"] = {good({{"status", "closed"}})};
    driver.start({{"about", "A late parcel"}});
    CHECK(driver.output() == Json{{"status", "closed"}});
    CHECK(driver.request_of("/do/0/open") ==
          Json::parse(R"({"op":"open","title":"A late parcel","facts":{"order":7}})"));
    CHECK(driver.request_of("/do/1/assign") ==
          Json::parse(R"({"op":"assign","case":"C-9","assignee":"rita"})"));
    CHECK(driver.request_of("/do/2/close") ==
          Json::parse(R"({"op":"close","resolution":"refunded"})"));
    CHECK(driver.outside.proposals[0].kind == "case");
}

TEST_CASE(
    "a name in use.functions stands for a call, and the step's values come over the function's") {
    Driver driver(document(R"(
use:
  functions:
    refund: { call: tool, with: { tool: payments.refund, arguments: { currency: EUR } } }
do:
  - plain: { call: refund }
  - own: { call: refund, with: { arguments: { currency: USD } } }
)"));
    driver.outside.answers["payments.refund"] = {good({})};
    driver.start({});
    CHECK(driver.request_of("/do/0/plain")["arguments"] == Json{{"currency", "EUR"}});
    CHECK(driver.request_of("/do/1/own")["arguments"] == Json{{"currency", "USD"}});
}

TEST_CASE(
    "denied by policy and rejected by a person are authorization errors that differ by code") {
    auto const yaml = steps(R"(
  - guard:
      try: [ { pay: { call: tool, with: { tool: pay } } } ]
      catch:
        errors: { with: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/authorization' } }
        do: [ { tell: { set: { code: '${ $error.code }', why: '${ $error.detail }' } } } ]
)");
    Driver denied(yaml);
    denied.outside.denied["pay"] = "The order is flagged.";
    denied.start({});
    CHECK(denied.output() ==
          Json::parse(R"({"code":"denied_by_policy","why":"The order is flagged."})"));
    Driver rejected(yaml);
    rejected.outside.needs_approval["pay"] = {{"sentence", "May it?"}};
    rejected.start({});
    rejected.decide("reject", "bob");
    CHECK(rejected.output()["code"] == "rejected_by_person");
    Driver approved(yaml);
    approved.outside.needs_approval["pay"] = {{"sentence", "May it?"}};
    approved.outside.answers["pay"] = {good({{"paid", 1}})};
    approved.start({});
    approved.decide("approve", "bob");
    CHECK(approved.output() == Json{{"paid", 1}});
}

TEST_CASE("a question waits for a person and gives decision, by, at and form") {
    Driver driver(steps(R"(
  - ask:
      call: approval
      with:
        title: '${ "Close case " + .case + "?" }'
        to: { groups: [leads] }
        notBy: ['${ .agent }']
        show: { amount: '${ .amount }' }
        choices: [close, reopen]
        form: { type: object }
  - after:
      set:
        decision: ${ .decision }
        by: ${ .by }
        note: ${ .form.note }
        at: ${ .at }
)"));
    driver.start({{"case", "c1"}, {"agent", "ann"}, {"amount", 5}});
    auto const asked = driver.facts<ApprovalRequested>();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].card.json() == Json::parse(
                                      R"({"sentence":"Close case c1?","to":{"groups":["leads"]},
                          "show":{"amount":5},"form":{"type":"object"}})"));
    CHECK(asked[0].choices == std::vector<std::string>{"close", "reopen"});
    CHECK(asked[0].not_by == std::vector<std::string>{"ann"});
    driver.decide("reopen", "bob", {{"note", "n"}}, {"leads"});
    CHECK(driver.output() ==
          Json::parse(
              R"({"decision":"reopen","by":"bob","note":"n","at":"2023-11-14T22:13:20.000000Z"})"));
}

TEST_CASE("whom a question goes to must be lists of names, or nobody is asked") {
    for (auto const* to : {"{ users: '${ .agent }' }", "{ groups: [1] }"}) {
        CAPTURE(to);
        Driver driver(
            steps(std::string("  - ask: { call: approval, with: { title: 'Really?', to: ") + to +
                  " } }\n"));
        driver.start({{"agent", "ann"}});
        CHECK(driver.error()["code"] == "wrong_type");
    }
}

TEST_CASE("a question that nobody answers decides by itself, or fails with a timeout") {
    Driver decides(
        steps("  - ask: { call: approval, with: { title: 'Really?', due: [ { after: PT1H, decide: "
              "reject } ] } }\n"));
    decides.start({});
    decides.advance(std::chrono::hours(1));
    CHECK(decides.output()["decision"] == "reject");
    CHECK(decides.output()["by"] == nullptr);
    Driver fails(steps(
        "  - ask: { call: approval, with: { title: 'Really?', due: [ { after: PT1H } ] } }\n"));
    fails.start({});
    fails.advance(std::chrono::hours(1));
    CHECK(fails.error()["status"] == 408);
    CHECK(fails.error()["instance"] == "/do/0/ask");
}

TEST_CASE("the output of a call is checked like any other") {
    Driver driver(
        steps("  - look: { call: tool, with: { tool: look }, output: { schema: { document: { "
              "required: [x] } } } }\n"));
    driver.outside.answers["look"] = {good({{"y", 1}})};
    driver.start({});
    CHECK(driver.error()["code"] == "schema_violation");
}
