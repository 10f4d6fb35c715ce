// Limits on how many runs go at a time: what a run waits for before its work begins.
#include "engine/comparison.h"
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;
using std::chrono::hours;

namespace {

std::string limited(std::string const& metadata, std::string const& rest = "") {
    return "document: { dsl: '1.0.3', namespace: test, name: flow, version: '1.0.0', metadata: " +
           metadata + " }\n" + rest + "do:\n  - a: { set: { done: true } }\n";
}

// What the run waits for now: the place of its filter.
Json awaited(Driver const& driver) {
    auto const& listening = driver.run().listening.at(StepId{});
    CHECK(listening.waits);
    return listening.filters.json().at(0).at("place");
}

void give(Driver& driver) { REQUIRE(driver.hear("", Json::object())); }

using Kind = EventChange::Kind;

}  // namespace

TEST_CASE("a run begins its work when it has a place under each of its keys, the narrowest first") {
    Driver driver(
        limited("{ limits: [ { key: workflow, concurrency: 3 }, { key: '${ .customer }', "
                "concurrency: 1, rate: { count: 5, per: PT1M } }, { key: case, "
                "concurrency: 1 }, { key: tenant, concurrency: 9 } ], priority: '${ "
                ".urgent }' }"));
    driver.start(Json{{"customer", 7}, {"urgent", 2}});
    CHECK(awaited(driver) == Json{{"key", "test/flow tenant \"default\" key 7"},
                                  {"priority", 2},
                                  {"most", 1},
                                  {"many", 5},
                                  {"perMs", 60'000}});
    give(driver);
    CHECK(awaited(driver) == Json{{"key", "test/flow tenant \"default\" case \"case-1\""},
                                  {"priority", 2},
                                  {"most", 1}});
    give(driver);
    CHECK(awaited(driver)["key"] == "test/flow tenant \"default\"");
    give(driver);
    CHECK(awaited(driver)["key"] == "test/flow");
    CHECK(driver.facts<WorkStarted>().empty());
    give(driver);
    CHECK(driver.output() == Json{{"done", true}});
    // Its last fact gives them up.
    CHECK(driver.events.back().kind == Kind::ended);
    CHECK(driver.events.back().step == StepId{});
}

TEST_CASE("a run that waits for a place says so") {
    Driver driver(
        limited("{ limits: [ { key: workflow, concurrency: 3, rate: { count: 2, per: "
                "PT1S } } ] }"));
    driver.start(Json::object());
    auto const waits = waits_of(driver.run());
    REQUIRE(waits.size() == 1);
    CHECK(waits[0].cause == WaitsFor::Cause::place);
    CHECK(waits[0].sentence ==
          "for a place under the key `test/flow`, where at most 3 go at a time "
          "and at most 2 begin in PT1S");
}

TEST_CASE("a run without the key of a limit needs no place") {
    Driver driver(limited("{ limits: [ { key: '${ .customer }', concurrency: 1 } ] }"));
    driver.start(Json::object());
    CHECK(driver.status() == "completed");
    CHECK(driver.events.empty());
}

TEST_CASE("a run without limits asks for nothing and records nothing more") {
    Driver driver(limited("{}"));
    driver.start(Json::object());
    CHECK(driver.status() == "completed");
    CHECK(driver.events.empty());
    CHECK(driver.facts<EventsAwaited>().empty());
    CHECK(driver.run().places == 0);
}

TEST_CASE("a limit with a name is shared by the workflows that use it") {
    Driver driver(limited("{ limits: [ { key: tenant, name: bank, concurrency: 1 } ] }"));
    driver.start(Json::object());
    CHECK(awaited(driver)["key"] == "bank tenant \"default\"");
}

TEST_CASE("what a run waits for is decided once, whatever its expressions say later") {
    Driver driver(
        limited("{ limits: [ { key: workflow, concurrency: 1 }, { key: '${ $runtime.name "
                "}', concurrency: 1 } ] }"));
    driver.start(Json::object());
    auto const first = driver.facts<EventsAwaited>().at(0).filters.json();
    give(driver);
    auto const second = driver.facts<EventsAwaited>().at(1).filters.json();
    REQUIRE(first.size() == 2);
    CHECK(second == Json::array({first[1]}));
}

TEST_CASE("a run that is paused before it has its place begins when it is resumed") {
    Driver driver(limited("{ limits: [ { key: workflow, concurrency: 1 } ] }"));
    driver.start(Json::object());
    driver.pause();
    give(driver);
    CHECK(driver.status() == "running");
    CHECK(driver.unpause() == "");
    CHECK(driver.status() == "completed");
}

TEST_CASE("two limits on one key are one place") {
    Driver driver(
        limited("{ limits: [ { key: workflow, concurrency: 3 }, { key: workflow, rate: { "
                "count: 2, per: PT1S } } ] }"));
    driver.start(Json::object());
    CHECK(awaited(driver) ==
          Json{{"key", "test/flow"}, {"priority", 0}, {"most", 3}, {"many", 2}, {"perMs", 1'000}});
    give(driver);
    CHECK(driver.status() == "completed");
}

TEST_CASE("a key or a priority that cannot be used faults the run") {
    Driver driver(limited("{ limits: [ { key: '${ .customer }', concurrency: 1 } ] }"));
    driver.start(Json{{"customer", {1, 2}}});
    CHECK(driver.error()["detail"] == "The key of a limit must be a short text or a number.");
    Driver urgent(
        limited("{ limits: [ { key: workflow, concurrency: 1 } ], priority: '${ .p }' }"));
    urgent.start(Json{{"p", "high"}});
    CHECK_THAT(urgent.error()["detail"].get<std::string>(),
               ContainsSubstring("must be a whole number"));
}

TEST_CASE("a run is cancelled while it waits for a place, and gives back what it has") {
    Driver driver(
        limited("{ limits: [ { key: workflow, concurrency: 1 }, { key: tenant, "
                "concurrency: 1 } ] }"));
    driver.start(Json::object());
    SECTION("the first") {}
    SECTION("the second") { give(driver); }
    driver.cancel();
    CHECK(driver.status() == "cancelled");
    CHECK(driver.events.back().kind == Kind::ended);
    // A place that comes too late goes back.
    driver.offer({StepId{}, 0, "0", Payload(Json::object())});
    CHECK(driver.events.back().kind == Kind::returned);
}

TEST_CASE("a run that waits for a place, or has one, survives a crash at every event") {
    for (std::size_t kept = 1; kept < 7; ++kept) {
        CAPTURE(kept);
        Driver driver(
            limited("{ limits: [ { key: workflow, concurrency: 1 }, { key: tenant, "
                    "concurrency: 1 } ] }"));
        driver.start(Json::object());
        give(driver);
        give(driver);
        REQUIRE(driver.status() == "completed");
        if (driver.history.size() <= kept) break;
        driver.crash(kept);
        while (driver.hear("", Json::object())) {
        }
        CHECK(driver.status() == "completed");
        CHECK(driver.run().places == 2);
    }
}

TEST_CASE("the time of a workflow's timeout begins with its work, not with its waiting") {
    Driver driver(limited("{ limits: [ { key: workflow, concurrency: 1 } ] }",
                          "timeout: { after: "
                          "PT1M }\n"));
    driver.start(Json::object());
    driver.advance(hours(2));
    CHECK(driver.status() == "running");
    give(driver);
    CHECK(driver.status() == "completed");
}

TEST_CASE("limits are no part of what a run is compared by") {
    std::string const one = "{ limits: [ { key: workflow, concurrency: 1 } ] }";
    std::string const other = "{ limits: [ { key: tenant, concurrency: 1 } ] }";
    std::string const timeout = "timeout: { after: PT1H }\n";
    auto const fits = [&](Driver const& driver, std::string const& metadata) {
        Driver const against(limited(metadata, timeout));
        auto const found = compare(*against.orchestrator, driver.run().id, driver.history).first;
        if (found) UNSCOPED_INFO(found->sentence);
        return !found;
    };
    for (auto const& metadata : {one, std::string("{}")}) {
        CAPTURE(metadata);
        Driver driver(limited(metadata, timeout));
        driver.start(Json::object());
        SECTION("that waits") {}
        SECTION("that was paused while it waited") {
            driver.pause();
            driver.unpause();
            driver.advance(hours(2));
        }
        SECTION("that was paused while it waited, and is over") {
            driver.pause();
            driver.unpause();
            driver.hear("", Json::object());
            REQUIRE(driver.status() == "completed");
        }
        SECTION("that is over") { driver.hear("", Json::object()); }
        CHECK(fits(driver, one));
        CHECK(fits(driver, other));
        CHECK(fits(driver, "{}"));
    }
}

TEST_CASE("a run that has its place is compared by its work, which it has once") {
    auto const napping = [](char const* time) {
        return "document: { dsl: '1.0.3', namespace: test, name: flow, version: '1.0.0', metadata: "
               "{ limits: [ { key: workflow, concurrency: 1 } ] } }\ndo:\n  - nap: { wait: " +
               std::string(time) + " }\n";
    };
    Driver driver(napping("PT1H"));
    driver.start(Json::object());
    give(driver);
    for (auto const* time : {"PT1H", "PT2H"}) {
        Driver const against(napping(time));
        auto const found = compare(*against.orchestrator, driver.run().id, driver.history).first;
        CHECK(found.has_value() == (time == std::string("PT2H")));
    }
}
