// Events: what a step emits, which events a step listens for, and what it makes of them.
#include "base/error_codes.h"
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;
using std::chrono::seconds;

namespace {

Json event(std::string const& type, Json data, std::string const& id = "e1") {
    return {{"specversion", "1.0"},
            {"id", id},
            {"source", "shop"},
            {"type", type},
            {"data", std::move(data)}};
}

// One step that listens like this, and what it is called.
Driver listening(std::string const& to, Json input = {{"order", 7}}) {
    Driver driver(steps("  - hear: { listen: " + to + " }\n"));
    driver.start(std::move(input));
    return driver;
}
std::string const hear = "/do/0/hear";

std::vector<EventChange::Kind> kinds(Driver const& driver) {
    std::vector<EventChange::Kind> found;
    for (auto const& change : driver.events) found.push_back(change.kind);
    return found;
}
using Kind = EventChange::Kind;

}  // namespace

TEST_CASE("a step emits an event, which is its output") {
    Driver driver(steps(R"(
  - tell:
      emit:
        event:
          with: { source: shop, type: order.placed, data: { n: '${ .n }' }, tenantid: x }
)"));
    driver.start(Json{{"n", 5}});
    auto const output = driver.output();
    CHECK(output["specversion"] == "1.0");
    CHECK(output["type"] == "order.placed");
    CHECK(output["source"] == "shop");
    CHECK(output["tenantid"] == "x");
    CHECK(output["data"] == Json{{"n", 5}});
    CHECK(output["time"] == to_string(driver.now));
    CHECK(output["id"].get<std::string>().size() == 32);
    REQUIRE(driver.events.size() == 1);
    CHECK(driver.events[0].kind == Kind::emitted);
    CHECK(driver.events[0].content.json() == output);
}

TEST_CASE("an event must have a source and a type that are text") {
    Driver driver(
        steps("  - tell: { emit: { event: { with: { source: '${ .n }', type: t } } } }\n"));
    driver.start(Json{{"n", 5}});
    CHECK(driver.error()["code"] == codes::wrong_type);
    CHECK(driver.events.empty());
}

TEST_CASE("a step listens for one event and puts out a list of what came") {
    auto driver = listening("{ to: { one: { with: { type: paid } } } }");
    auto const waits = waits_of(driver.run());
    REQUIRE(waits.size() == 1);
    CHECK(waits[0].cause == WaitsFor::Cause::event);
    CHECK(waits[0].sentence == "for an event of type `paid`");
    if (GENERATE(false, true)) driver.crash();
    CHECK(driver.facts<EventsAwaited>().size() == 1);
    CHECK(driver.hear(hear, event("paid", {{"amount", 3}})));
    CHECK(driver.output() == Json::parse(R"([{"amount":3}])"));
}

TEST_CASE("what is read of an event is its data or all of it") {
    auto const read = GENERATE(values<std::string>({"data", "raw", "envelope"}));
    auto driver = listening("{ to: { one: { with: { type: paid } } }, read: " + read + " }");
    driver.hear(hear, event("paid", 3));
    CHECK(driver.output() == Json::array({read == "envelope" ? event("paid", 3) : Json(3)}));
}

TEST_CASE("any of several filters lets one event through") {
    auto driver =
        listening("{ to: { any: [ { with: { type: paid } }, { with: { type: cancelled } } ] } }");
    CHECK(waits_of(driver.run())[0].sentence == "for an event of type `paid` or `cancelled`");
    driver.hear(hear, event("cancelled", 2), 1);
    CHECK(driver.output() == Json::array({2}));
}

TEST_CASE("until says when there are enough events") {
    auto driver = listening("{ to: { any: [ { with: { type: vote } } ], until: 'length == 3' } }");
    for (int i = 1; i < 3; ++i) driver.hear(hear, event("vote", i));
    CHECK(driver.status() == "running");
    driver.crash();
    driver.hear(hear, event("vote", 3));
    CHECK(driver.output() == Json::parse("[1,2,3]"));
}

TEST_CASE("all filters need an event each, in whichever order they come") {
    auto driver =
        listening("{ to: { all: [ { with: { type: packed } }, { with: { type: paid } } ] } }");
    driver.hear(hear, event("paid", "money"), 1);
    CHECK(driver.status() == "running");
    auto const filters = driver.run().listening.at({hear}).filters.json();
    REQUIRE(filters.size() == 1);
    CHECK(filters[0]["type"] == "packed");
    driver.hear(hear, event("packed", "box"), 0);
    CHECK(driver.output() == Json::parse(R"(["money","box"])"));
}

TEST_CASE("an event that the filter does not let through goes back, and is not offered again") {
    auto const filter = GENERATE(values<std::string>({
        "with: { type: t, data: '${ .weight < 30 }' }",
        "with: { type: t, source: '${ \"sh\" + \"op\" }', data: { weight: 20 } }",
        "with: { type: t }, correlate: { o: { from: .data.weight, expect: '${ .order + 13 }' } }",
        "with: { type: t }, correlate: { o: { from: '.data | .weight', expect: 20 } }",
    }));
    CAPTURE(filter);
    auto driver = listening("{ to: { one: { " + filter + " } } }");
    driver.hear(hear, event("t", {{"weight", 40}}));
    CHECK(driver.status() == "running");
    CHECK(kinds(driver) == std::vector{Kind::awaited, Kind::returned, Kind::awaited});
    CHECK(driver.events[1].content.json() == Json{{"position", "1"}});
    CHECK(driver.events[2].content.json()["declined"] == Json::array({"1"}));
    if (GENERATE(false, true)) driver.crash();
    driver.hear(hear, event("t", {{"weight", 20}}));
    CHECK(driver.output() == Json::parse(R"([{"weight":20}])"));
}

TEST_CASE("the store is told as much of a filter as it can compare by itself") {
    auto driver = listening(R"({ to: { one: {
        with: { type: t, source: shop, data: '${ .weight < 30 }' },
        correlate: {
          a: { from: .data.order, expect: '${ .order }' }, b: { from: '.data | .x' } } } } })");
    auto const filter = driver.run().listening.at({hear}).filters.json()[0];
    CHECK(filter["equals"] == Json::parse(R"([[["source"],"shop"],[["data","order"],7]])"));
}

TEST_CASE("without an expected value events correlate with the first") {
    auto driver = listening(R"({ to: { all: [
        { with: { type: a }, correlate: { order: { from: .data.order } } },
        { with: { type: b }, correlate: { order: { from: .data.order } } } ] } })");
    driver.hear(hear, event("a", {{"order", 1}}), 0);
    driver.hear(hear, event("b", {{"order", 2}}), 1);
    CHECK(driver.status() == "running");
    driver.hear(hear, event("b", {{"order", 1}}), 1);
    CHECK(driver.status() == "completed");
}

TEST_CASE("a step that is over listens no more, and an event that comes too late goes back") {
    Driver driver(steps(R"(
  - race:
      fork:
        compete: true
        branches:
          - hear: { listen: { to: { one: { with: { type: paid } } } }, timeout: { after: PT1H } }
          - nap: { wait: PT1S }
  - after: { wait: PT1H }
)"));
    driver.start({});
    StepId const step{"/do/0/race/fork/branches/0/hear"};
    driver.advance(seconds(1));
    CHECK(driver.facts<ListeningEnded>().size() == 1);
    CHECK(kinds(driver) == std::vector{Kind::awaited, Kind::ended});
    driver.offer({step, 0, "9", Payload(event("paid", 1))});
    CHECK(kinds(driver).back() == Kind::returned);
    CHECK(driver.events.back().content.json()["position"] == "9");
    CHECK(driver.facts<EventReceived>().empty());
}

TEST_CASE("a step that hears nothing in time fails with the timeout error") {
    Driver driver(
        steps("  - hear: { listen: { to: { one: { with: { type: paid } } } }, timeout: { "
              "after: PT5S } }\n"));
    driver.start({});
    driver.advance(seconds(5));
    CHECK(driver.error()["status"] == 408);
    CHECK(kinds(driver) == std::vector{Kind::awaited, Kind::ended});
}

TEST_CASE("an event that came while the run was paused is looked at when it is resumed") {
    auto driver = listening("{ to: { one: { with: { type: paid } } } }");
    driver.pause();
    driver.hear(hear, event("paid", 1));
    CHECK(driver.status() == "running");
    driver.unpause();
    CHECK(driver.output() == Json::array({1}));
}
