// Whatever breaks inside a gate, nothing passes: no admission, and no request on the wire.
#include "net/http_server.h"
#include "tests/catch.h"
#include "tests/tools/fixtures.h"

using namespace resolute;
using namespace resolute::tools;

namespace {

bool passes(Admission const& admission) {
    return std::holds_alternative<Permitted>(admission) ||
           std::holds_alternative<NeedsApproval>(admission);
}

bool passes_with(std::function<void(Proposal&)> const& spoil) {
    auto const tools = registry({refund_yaml, find_refund_yaml, get_payment_yaml});
    auto const rules = permissive(*tools);
    auto asked = proposal("payments.refund", refund_arguments());
    spoil(asked);
    return passes(admit({*tools, rules, {}}, asked));
}

Payload request(Json value) { return Payload(std::move(value)); }

// A system that counts what reaches it.
struct Counted {
    std::shared_ptr<std::atomic<int>> calls = std::make_shared<std::atomic<int>>(0);
    net::Runtime runtime{1};
    std::unique_ptr<net::HttpServer> server;

    Counted() {
        runtime.start();
        server = std::make_unique<net::HttpServer>(
            runtime, net::HttpServerOptions{},
            [calls = calls](net::ServerRequest const&, net::Responder responder) {
                ++*calls;
                responder.respond({200, {}, R"({"id":"re_1","amount":3700})"});
            });
    }
};

}  // namespace

TEST_CASE("the proposal that every other one here is spoiled from does pass") {
    CHECK(passes_with([](Proposal&) {}));
}

TEST_CASE("malformed requests do not pass") {
    Json const good{{"tool", "payments.refund"}, {"arguments", refund_arguments()}};
    std::vector<Json> const bad{
        nullptr,
        "payments.refund",
        Json::array(),
        Json::object(),
        {{"tool", "payments.refund"}},
        {{"tool", nullptr}, {"arguments", refund_arguments()}},
        {{"tool", 7}, {"arguments", refund_arguments()}},
        {{"tool", ""}, {"arguments", refund_arguments()}},
        {{"tool", "payments.refund"}, {"arguments", nullptr}},
        {{"tool", "payments.refund"}, {"arguments", Json::array()}},
        {{"tool", "payments.refund"}, {"arguments", "{}"}},
        {{"tool", "payments.refund"}, {"arguments", refund_arguments()}, {"argument", 1}},
        {{"tool", "payments.refund"},
         {"arguments", refund_arguments()},
         {"verify", Json::object()}}};
    CHECK(passes_with([&](Proposal& p) { p.request = request(good); }));
    for (auto const& one : bad) {
        INFO(to_text(one));
        CHECK_FALSE(passes_with([&](Proposal& p) { p.request = request(one); }));
    }
}

TEST_CASE("a write without what its binding needs does not pass") {
    CHECK_FALSE(passes_with([](Proposal& p) { p.key.clear(); }));
    CHECK_FALSE(passes_with([](Proposal& p) { p.tenant.clear(); }));
    CHECK_FALSE(passes_with([](Proposal& p) { p.started_by.clear(); }));
    CHECK_FALSE(passes_with([](Proposal& p) { p.step = {}; }));
    CHECK_FALSE(passes_with([](Proposal& p) { p.run = {}; }));
    CHECK_FALSE(passes_with([](Proposal& p) { p.request = Payload::from_text("{not json"); }));
}

TEST_CASE("arguments without a canonical form do not pass") {
    auto const tools =
        registry({changed(refund_yaml, "additionalProperties: false", "additionalProperties: true"),
                  find_refund_yaml});
    auto const rules = permissive(*tools);
    auto arguments = refund_arguments();
    arguments["huge"] = 9007199254740993;  // beyond 2^53: two different numbers would read the same
    CHECK_FALSE(passes(admit({*tools, rules, {}}, proposal("payments.refund", arguments))));
}

TEST_CASE("an error in a rule denies") {
    auto const tools = registry({refund_yaml, find_refund_yaml});
    auto const rules = policies(
        *tools, changed(policy_yaml, "$arguments.amount <= 10000", "$facts.history.flag == false"));
    auto const admission =
        admit({*tools, rules, {}}, proposal("payments.refund", refund_arguments()));
    auto const* denied = std::get_if<Denied>(&admission);
    REQUIRE(denied);
    CHECK(denied->intent.decision.json().at("code") == "policy_error:small_refund");
}

TEST_CASE("a tool that the policies do not know is denied") {
    auto const tools = registry({refund_yaml, find_refund_yaml});
    auto const others = registry({get_payment_yaml});
    CHECK_FALSE(passes(
        admit({*tools, permissive(*others), {}}, proposal("payments.refund", refund_arguments()))));
}

TEST_CASE("an attempt that is not what was recorded is not sent") {
    Counted counted;
    Stand stand(registry({refund_yaml, find_refund_yaml}, environment(counted.server->url())));
    auto const good = stand.permitted("payments.refund", refund_arguments());
    auto refused_with = [&](std::function<void(Attempt&)> const& spoil) {
        auto spoiled = good;
        spoil(spoiled);
        auto const outcome = stand.perform(spoiled);
        auto const* failed = std::get_if<outcome::Failed>(&outcome);
        return failed && !failed->retryable && failed->error.code != "" ? failed->error.code
                                                                        : std::string("sent");
    };
    auto rewrite = [](Attempt& a, auto change) {
        auto json = a.intent.request.json();
        change(json);
        a.intent.request = Payload(std::move(json));
    };
    CHECK(refused_with([&](Attempt& a) {
              rewrite(a, [](Json& j) { j["arguments"]["amount"] = 3701; });
          }) == codes::binding_mismatch);
    CHECK(refused_with([&](Attempt& a) {
              rewrite(a, [](Json& j) { j["tool"] = "payments.find_refund"; });
          }) == codes::binding_mismatch);
    CHECK(refused_with([&](Attempt& a) { rewrite(a, [](Json& j) { j.erase("arguments"); }); }) ==
          codes::binding_mismatch);
    CHECK(refused_with([](Attempt& a) { a.intent.request = Payload(); }) ==
          codes::binding_mismatch);
    CHECK(refused_with([](Attempt& a) { a.intent.key = "rk_2"; }) == codes::binding_mismatch);
    CHECK(refused_with([](Attempt& a) { a.intent.key.clear(); }) == codes::binding_mismatch);
    CHECK(refused_with([](Attempt& a) { a.intent.binding = {}; }) == codes::binding_mismatch);
    CHECK(refused_with([](Attempt& a) { a.intent.decision = Payload(); }) ==
          codes::binding_mismatch);
    CHECK(refused_with([](Attempt& a) { a.tenant = "other"; }) == codes::binding_mismatch);
    CHECK(refused_with([](Attempt& a) { a.started_by = "mallory"; }) == codes::binding_mismatch);
    CHECK(refused_with([](Attempt& a) { a.step = {"/do/1/refund"}; }) == codes::binding_mismatch);
    CHECK(refused_with([](Attempt& a) { a.intent.contract = sha256("other"); }) ==
          codes::contract_missing);
    CHECK(refused_with([](Attempt& a) { a.intent.contract = {}; }) == codes::contract_missing);
    CHECK(*counted.calls == 0);
    CHECK(std::holds_alternative<outcome::Succeeded>(stand.perform(good)));
    CHECK(*counted.calls == 1);
}

TEST_CASE("a call approved for one system is not sent to another") {
    Counted first, second;
    Stand stand(registry({refund_yaml, find_refund_yaml}, environment(first.server->url())));
    auto const approved = stand.permitted("payments.refund", refund_arguments());
    auto const moved = registry({refund_yaml, find_refund_yaml}, environment(second.server->url()));
    stand.handler.deploy({moved, permissive(*moved), {}});
    auto const outcome = stand.perform(approved);
    REQUIRE(std::holds_alternative<outcome::Failed>(outcome));
    CHECK(std::get<outcome::Failed>(outcome).error.code == codes::binding_mismatch);
    CHECK(*first.calls + *second.calls == 0);
}

TEST_CASE("a read that a person approved is bound like a write") {
    auto const tools = registry({get_payment_yaml});
    auto const rules = policies(*tools, R"(policy: curious
version: 1.0.0
rules:
  - name: ask
    title: Payments are private
    tools: [payments.get_payment]
    decide: require_approval
    approval: { to: { groups: [privacy] } }
)");
    Stand stand(tools, rules);
    auto const asked = proposal("payments.get_payment", {{"payment_id", "pay_1"}});
    auto const admission = stand.handler.admit(asked);
    auto const* needs = std::get_if<NeedsApproval>(&admission);
    REQUIRE(needs);
    auto other = attempt(asked, needs->intent, stand.clock.now() + std::chrono::seconds(5));
    auto request = other.intent.request.json();
    request["arguments"]["payment_id"] = "pay_2";
    other.intent.request = Payload(std::move(request));
    auto const outcome = stand.perform(other);
    REQUIRE(std::holds_alternative<outcome::Failed>(outcome));
    CHECK(std::get<outcome::Failed>(outcome).error.code == codes::binding_mismatch);
}

TEST_CASE("nothing is sent after the deadline") {
    Counted counted;
    Stand stand(registry({refund_yaml, find_refund_yaml}, environment(counted.server->url())));
    auto const late = stand.permitted("payments.refund", refund_arguments());
    stand.clock.advance(std::chrono::seconds(5));
    auto const outcome = stand.perform(late);
    auto const* failed = std::get_if<outcome::Failed>(&outcome);
    REQUIRE(failed);
    CHECK(failed->error.code == codes::past_deadline);
    CHECK(*counted.calls == 0);
}

TEST_CASE("nothing is sent after the lease of the process") {
    Counted counted;
    Stand stand(registry({refund_yaml, find_refund_yaml}, environment(counted.server->url())));
    auto late = stand.permitted("payments.refund", refund_arguments());
    auto const lease = std::make_shared<Lease>(stand.clock);
    lease->extend(stand.clock.monotonic() + std::chrono::seconds(1));
    late.lease = lease;
    stand.clock.advance(std::chrono::seconds(1));
    auto const outcome = stand.perform(late);
    auto const* failed = std::get_if<outcome::Failed>(&outcome);
    REQUIRE(failed);
    CHECK(failed->error.code == codes::not_sent);
    CHECK(failed->postponed);
    auto const verification = stand.verify(late);
    CHECK(verification.verdict == Verdict::undecided);
    CHECK(*counted.calls == 0);
    lease->extend(stand.clock.monotonic() + std::chrono::seconds(1));
    stand.perform(late);
    CHECK(*counted.calls == 1);
}
