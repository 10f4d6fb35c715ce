// Another definition against what a run recorded: which changes the run does not notice, and where
// the others show.
#include "engine/comparison.h"
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

std::string flow(std::string const& steps) {
    return "document: { dsl: '1.0.3', namespace: t, name: pays, version: '1.0.0' }\ndo:\n" + steps;
}

constexpr char pay_step[] =
    "  - pay: { call: tool, with: { tool: pay, arguments: { amount: 5 } } }\n";
constexpr char nap[] = "  - nap: { wait: PT1H }\n";
constexpr char tell[] = "  - tell: { set: { told: true } }\n";

// A run that has paid and sleeps.
Driver asleep() {
    Driver driver(flow(std::string(pay_step) + nap + tell));
    driver.outside.answers["pay"] = {good("paid")};
    driver.outside.adds_version = true;
    driver.start({});
    return driver;
}

std::string difference(Driver const& driver, std::string const& steps) {
    Driver const other(flow(steps));
    auto const verdicts = compare(*other.orchestrator, driver.run().id, driver.history);
    if (!verdicts.first) return "it fits";
    return verdicts.first->step.path + " at " + std::to_string(verdicts.first->sequence) + ": " +
           verdicts.first->sentence;
}

}  // namespace

TEST_CASE("what a run has not reached may change, what it has done may not") {
    auto const driver = asleep();
    CHECK(difference(driver, std::string(pay_step) + nap + tell) == "it fits");
    CHECK(difference(driver, std::string(pay_step) + nap) == "it fits");
    CHECK(difference(driver, std::string(pay_step) + nap +
                                 "  - tell: { set: { told: 2 } }\n  - last: { wait: PT1S }\n") ==
          "it fits");
    CHECK_THAT(difference(driver, std::string("  - pay: { call: tool, with: { tool: pay, "
                                              "arguments: { amount: 6 } } }\n") +
                                      nap + tell),
               ContainsSubstring("/do/0/pay at ") &&
                   ContainsSubstring("/request/arguments/amount: 5 was recorded, 6 is asked for"));
}

TEST_CASE("a step that was put before, taken away or renamed is found at its place") {
    auto const driver = asleep();
    CHECK_THAT(difference(driver, std::string(tell) + pay_step + nap),
               ContainsSubstring("/do/0/pay at ") &&
                   ContainsSubstring("the workflow asks for step_completed of `/do/0/tell`"));
    CHECK_THAT(difference(driver, std::string(pay_step) + tell),
               ContainsSubstring("/do/1/nap at "));
    CHECK_THAT(difference(driver, std::string(pay_step) + "  - rest: { wait: PT1H }\n"),
               ContainsSubstring("timer_started of `/do/1/nap` was recorded") &&
                   ContainsSubstring("timer_started of `/do/1/rest`"));
}

TEST_CASE("a shorter wait differs, and a run that is over does not miss what comes after") {
    auto driver = asleep();
    CHECK_THAT(difference(driver, std::string(pay_step) + "  - nap: { wait: PT1M }\n"),
               ContainsSubstring("timer_started of `/do/1/nap` differs: /due"));
    driver.advance(1h);
    REQUIRE(driver.status() == "completed");
    CHECK_THAT(
        difference(driver, std::string(pay_step) + nap + tell + "  - more: { wait: PT1H }\n"),
        ContainsSubstring("run_completed"));
}

TEST_CASE("runs that were cancelled or paused on the way are compared as far as they went") {
    auto cancelled = asleep();
    cancelled.cancel();
    REQUIRE(cancelled.status() == "cancelled");
    CHECK(difference(cancelled, std::string(pay_step) + nap + tell) == "it fits");
    auto paused = asleep();
    paused.pause();
    paused.advance(2h);
    CHECK(difference(paused, std::string(pay_step) + nap + tell) == "it fits");
    CHECK(paused.unpause().empty());
    paused.advance(1s);
    REQUIRE(paused.status() == "completed");
    CHECK(difference(paused, std::string(pay_step) + nap + tell) == "it fits");
}

namespace {

std::string order(int total) {
    return "  - order: { set: { total: " + std::to_string(total) + " } }\n";
}

// Two days later a fork of a run that naps.
Driver forked(std::map<std::string, Payload> outputs) {
    Driver driver(flow(order(5) + nap + tell));
    driver.start({});
    driver.now = driver.now + 48h;
    driver.fork_off({.at = std::to_string(driver.history.size()),
                     .by = "ann",
                     .outputs = std::move(outputs)});
    REQUIRE(driver.facts<TimerFired>().empty());
    return driver;
}

}  // namespace

TEST_CASE("what a fork shares is compared as the run that did it, what it did as its own") {
    auto driver = forked({});
    auto const against = [&](std::string const& steps) { return difference(driver, steps); };
    CHECK(against(order(5) + nap + tell) == "it fits");
    CHECK_THAT(against(order(6) + nap + tell), ContainsSubstring("/do/0/order at "));
    CHECK_THAT(against(order(5) + "  - nap: { wait: PT2H }\n" + tell),
               ContainsSubstring("/do/1/nap at ") && ContainsSubstring("/due"));
    driver.advance(1h);
    CHECK(driver.status() == "completed");
    CHECK(against(order(5) + nap + tell) == "it fits");
    CHECK_THAT(against(order(5) + nap + "  - tell: { set: { told: 2 } }\n"),
               ContainsSubstring("/do/2/tell at "));
}

TEST_CASE("what was edited in a fork, and what is shared after it, was asked for by nobody") {
    auto driver = forked({{"order", Json{{"total", 7}}}});
    auto const against = [&](std::string const& steps) { return difference(driver, steps); };
    CHECK(against(order(5) + nap + tell) == "it fits");
    CHECK(against(order(6) + nap + tell) == "it fits");
    driver.advance(1h);
    CHECK(against(order(5) + nap + tell) == "it fits");
    CHECK_THAT(against(order(5) + nap + "  - tell: { set: { told: '${ .total }' } }\n"),
               ContainsSubstring("/do/2/tell at "));
}

TEST_CASE("a fork of the first event has the whole time of its run") {
    auto const yaml = "document: { dsl: '1.0.3', namespace: t, name: pays, version: '1.0.0' }\n"
                      "timeout: { after: P1D }\ndo:\n" + std::string(nap);
    Driver driver(yaml);
    driver.start({});
    driver.now = driver.now + 48h;
    driver.fork_off({.at = "1", .by = "ann"});
    CHECK(driver.run().deadlines.at(StepId{}).due == driver.now + 24h);
    CHECK_FALSE(compare(*driver.orchestrator, driver.run().id, driver.history).first);
    driver.advance(1h);
    CHECK(driver.status() == "completed");
    CHECK_FALSE(compare(*driver.orchestrator, driver.run().id, driver.history).first);
}
