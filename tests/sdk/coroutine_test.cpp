// Workflows that are coroutines: what each verb asks of the engine, and what it gives.
#include "tests/sdk/code_driver.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;
using sdk::Flow;
using sdk::Task;

namespace {

Task<Json> two_calls(Flow& flow, Json input) {
    auto looking = flow.call("order", "orders.get", input);
    auto const order = co_await looking;
    Json const wanted{{"payment", order["payment"]}};
    auto paying = flow.call("pay", "payments.pay", wanted, {.idempotency_key = "k-1"});
    auto const paid = co_await paying;
    auto noting = flow.set("note", paid);
    co_await noting;
    co_return Json{{"order", order}, {"paid", paid}};
}

Task<Json> caught(Flow& flow, Json) {
    std::string why;
    try {
        auto paying = flow.call("pay", "pay", Json::object());
        co_await paying;
    } catch (sdk::StepError const& error) {
        why = error.code() + " at " + error.step().path + ": " + error.failure().detail;
    }
    auto telling = flow.set("tell", why);
    co_await telling;
    co_return Json(why);
}

Task<Json> uncaught(Flow& flow, Json) {
    auto paying = flow.call("pay", "pay", Json::object());
    co_return co_await paying;
}

Task<Json> waits(Flow& flow, Json) {
    auto const begun = flow.now();
    auto napping = flow.wait_for("nap", 5s);
    co_await napping;
    auto const slept = (flow.now() - begun) / 1s;
    auto receiving = flow.receive("parcel", "shipped");
    auto const parcel = co_await receiving;
    auto listening = flow.listen("paid", {.type = "paid", .equals = {{"data.order", 7}}});
    auto const paid = co_await listening;
    co_return Json{{"slept", slept}, {"parcel", parcel}, {"paid", paid}};
}

Task<Json> asks(Flow& flow, Json) {
    auto asking = flow.approve("sign", {.sentence = "Pay?", .not_by = {"ann"}});
    auto const first = co_await asking;
    sdk::Review const second{
        .sentence = "Sure?", .expires_after = 60s, .decision_when_expired = "reject"};
    auto doubting = flow.approve("sure", second);
    auto const late = co_await doubting;
    co_return Json{{"first", first.decision}, {"by", *first.by}, {"late", late.decision}};
}

Task<Json> structure(Flow& flow, Json) {
    auto doing = flow.block("both", [](Flow& inner) -> Task<Json> {
        auto gathering = inner.parallel(
            "gather",
            sdk::branch("one", [](Flow& f) { return f.call("x", "one", Json::object()); }),
            sdk::branch("two", [](Flow& f) -> Task<int> {
                auto calling = f.call<int>("two", "two", Json::object());
                auto const two = co_await calling;
                auto napping = f.wait_for("nap", 1s);
                co_await napping;
                co_return two + 1;
            }));
        auto const [one, two] = co_await gathering;
        co_return Json{{"one", one}, {"two", two}};
    });
    auto const both = co_await doing;
    auto racing = flow.race("race",
                            sdk::branch("slow",
                                        [](Flow& f) -> Task<Json> {
                                            auto waiting = f.wait_for("hour", 1h);
                                            co_await waiting;
                                            co_return Json("slow");
                                        }),
                            sdk::branch("quick", [](Flow& f) -> Task<Json> {
                                auto waiting = f.wait_for("second", 1s);
                                co_await waiting;
                                co_return Json("quick");
                            }));
    auto const won = co_await racing;
    co_return Json{{"both", both}, {"winner", won.name}, {"output", won.output}};
}

Task<Json> children(Flow& flow, Json) {
    auto starting = flow.start_child("sub", "test/other", Json{{"n", 1}});
    auto const sub = co_await starting;
    auto detaching = flow.start_detached("aside", "test/other", Json::object());
    co_await detaching;
    auto emitting =
        flow.emit("tell", Json{{"source", "shop"}, {"type", "done"}, {"data", sub["n"]}});
    co_await emitting;
    co_return sub;
}

Task<Json> limited(Flow& flow, Json) {
    std::string how = "in time";
    try {
        auto hurrying = flow.block(
            "hurry",
            [](Flow& inner) -> Task<void> {
                auto waiting = inner.wait_for("long", 1h);
                co_await waiting;
            },
            10s);
        co_await hurrying;
    } catch (sdk::StepError const& error) {
        how = error.code();
    }
    co_return Json(how);
}

}  // namespace

TEST_CASE("calls of a workflow in C++ are the steps of one in YAML") {
    auto driver = code_driver(two_calls);
    driver.outside.answers["orders.get"] = {good({{"payment", "p1"}})};
    driver.outside.answers["payments.pay"] = {good({{"amount", 5}})};
    driver.start({{"id", 7}});
    CHECK(driver.output() == Json::parse(R"({"order":{"payment":"p1"},"paid":{"amount":5}})"));
    CHECK(driver.completed() == std::vector<std::string>{"/do/0/order", "/do/1/pay", "/do/2/note"});
    CHECK(driver.request_of("/do/0/order") ==
          Json::parse(R"({"tool":"orders.get","arguments":{"id":7}})"));
    CHECK(driver.outside.proposals.back().key == "k-1");
    REQUIRE(driver.facts<ActivitySucceeded>().size() == 2);
    CHECK(driver.facts<ActivitySucceeded>()[0].completes_step);
}

TEST_CASE("a failed step is an exception that code can catch") {
    auto driver = code_driver(caught);
    driver.outside.denied["pay"] = "No.";
    driver.start({});
    CHECK(driver.output() == "denied_by_policy at /do/0/pay: No.");
    CHECK(driver.facts<StepFailed>().size() == 1);
}

TEST_CASE("an error that nobody catches faults the run, at its step") {
    auto driver = code_driver(uncaught);
    driver.outside.answers["pay"] = {bad(communication_failure("No route."))};
    driver.start({});
    CHECK(driver.error()["instance"] == "/do/0/pay");
    CHECK(driver.error()["detail"] == "No route.");
}

TEST_CASE("time, signals and events are awaited") {
    auto driver = code_driver(waits);
    driver.start({});
    CHECK(waits_of(driver.run()).front().cause == WaitsFor::Cause::timer);
    driver.advance(5s);
    driver.signal("other", 1);
    CHECK(waits_of(driver.run()).front().sentence == "for the signal `shipped`");
    driver.signal("shipped", {{"parcel", 9}});
    auto const& filter = driver.run().listening.at(StepId{"/do/2/paid"}).filters.json()[0];
    CHECK(filter == Json::parse(R"({"slot":0,"type":"paid","equals":[[["data","order"],7]]})"));
    CHECK(driver.hear("/do/2/paid", {{"type", "paid"}, {"data", {{"order", 7}}}}));
    CHECK(driver.output() ==
          Json::parse(R"({"slept":5,"parcel":{"parcel":9},"paid":{"order":7}})"));
}

TEST_CASE("a signal that came before it was awaited is there") {
    auto driver = code_driver(waits);
    driver.start({});
    driver.signal("shipped", 1);
    driver.advance(5s);
    CHECK(waits_of(driver.run()).front().cause == WaitsFor::Cause::event);
}

TEST_CASE("people are asked, and nobody answers in time") {
    auto driver = code_driver(asks);
    driver.start({});
    driver.decide("approve", "bob");
    driver.advance(60s);
    CHECK(driver.output() == Json::parse(R"({"first":"approve","by":"bob","late":"reject"})"));
}

TEST_CASE("blocks, branches and races") {
    auto driver = code_driver(structure);
    driver.outside.answers["one"] = {good({{"one", 1}})};
    driver.outside.answers["two"] = {good(2)};
    driver.start({});
    driver.advance(1s);
    driver.advance(1s);
    CHECK(driver.output() == Json::parse(R"({"both":{"one":{"one":1},"two":3},
                                             "winner":"quick","output":"quick"})"));
    auto const completed = driver.completed();
    CHECK(std::ranges::count(completed, "/do/0/both/do/0/gather/fork/branches/0/one") == 1);
    CHECK(std::ranges::count(completed, "/do/0/both/do/0/gather/fork/branches/1/two/do/1/nap") ==
          1);
    CHECK(driver.facts<TimerCancelled>().size() == 1);
}

TEST_CASE("runs are started, events are emitted") {
    auto driver = code_driver(children);
    driver.start({});
    driver.end_child("/do/0/sub", {{}, ChildEnd::completed, Payload(Json{{"n", 2}}), {}});
    CHECK(driver.output() == Json{{"n", 2}});
    CHECK(driver.facts<ChildStarted>()[1].detached);
    REQUIRE(driver.facts<EventEmitted>().size() == 1);
    CHECK(driver.facts<EventEmitted>()[0].event.json()["data"] == 2);
}

TEST_CASE("a block has a time limit") {
    auto driver = code_driver(limited);
    driver.start({});
    driver.advance(10s);
    CHECK(driver.output() == "timed_out");
}

TEST_CASE("an input of another shape faults the run before any code runs") {
    auto driver = code_driver(+[](Flow&, std::int64_t n) -> Task<std::int64_t> { co_return n; });
    driver.start("seven");
    CHECK(driver.error()["code"] == "schema_violation");
}

TEST_CASE("an answer of another shape fails its step's await") {
    auto driver = code_driver(+[](Flow& flow, Json) -> Task<std::int64_t> {
        auto calling = flow.call<std::int64_t>("n", "count", Json::object());
        co_return co_await calling;
    });
    driver.outside.answers["count"] = {good("many")};
    driver.start({});
    CHECK(driver.error()["code"] == "schema_violation");
    CHECK(driver.error()["detail"] ==
          "Its answer has another shape: the value must be a whole number");
}
