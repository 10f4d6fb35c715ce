// A run goes on from wherever its history ends, and comes to the same result.
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

// Every construct once; the tools answer by themselves.
std::string const everything = steps(R"(
  - prepare: { set: { n: 1, log: [] } }
  - loop:
      for: { in: '[1, 2, 3]' }
      do:
        - add: { set: { n: '${ .n + $item }', log: '${ .log + [$index] }' } }
        - odd: { if: '${ $item == 2 }', set: { n: '${ .n * 2 }', log: '${ .log }' } }
  - both:
      fork:
        branches:
          - left: { call: tool, with: { tool: left, arguments: { n: '${ .n }' } } }
          - right: { do: [ { nap: { wait: PT1S } }, { fin: { set: { right: '${ .n }' } } } ] }
          - off: { if: '${ false }', set: { x: 1 } }
  - guard:
      try:
        - first: { set: { n: 5 } }
        - flaky: { call: tool, with: { tool: flaky } }
      catch:
        retry: { delay: PT1S, limit: { attempt: { count: 1 } } }
        do:
          - skip: { if: '${ false }', set: { x: 1 } }
          - tell: { set: { caught: '${ $error.status }', data: '${ . }' } }
  - count:
      set:
        n: ${ (.n // 0) + 1 }
        before: ${ $tasks.loop }
        guard: ${ $tasks.guard }
  - again: { switch: [ { more: { when: .n < 3, then: count } } ] }
  - ask: { call: approval, with: { title: 'Fine?' } }
  - finish:
      set:
        decision: ${ .decision }
        both: ${ $tasks.both }
        count: ${ $tasks.count }
)");

void script(Driver& driver) {
    driver.outside.answers["left"] = {good({{"left", true}})};
    driver.outside.answers["flaky"] = {bad(communication_failure("No route."))};
}

void run_to_the_end(Driver& driver) {
    for (int i = 0; i < 10 && driver.status() == "running"; ++i) {
        if (!driver.run().approvals.empty())
            driver.decide("approve", "bob");
        else
            driver.advance(std::chrono::seconds(1));
    }
}

}  // namespace

TEST_CASE("a run that is cut off after any number of events comes to the same end") {
    auto const definition = workflow::load(everything).value();
    Driver whole(definition);
    script(whole);
    whole.start({});
    run_to_the_end(whole);
    REQUIRE(whole.status() == "completed");
    auto const expected = whole.output();
    CHECK(expected["both"] == Json::parse(R"([{"left":true},{"right":11},null])"));
    CHECK(expected["count"]["guard"] ==
          Json::parse(R"({"caught":500,"data":[{"left":true},{"right":11},null]})"));

    for (std::size_t kept = 1; kept < whole.history.size(); ++kept) {
        Driver driver(definition);
        script(driver);
        driver.start({});
        run_to_the_end(driver);
        CAPTURE(kept, encode(driver.history[kept - 1].fact));
        driver.crash(kept);
        run_to_the_end(driver);
        CHECK(driver.status() == "completed");
        auto output = driver.run().output.json();
        CHECK(output == expected);
    }
}

TEST_CASE("what waits is left alone, however often the process dies") {
    Driver driver(steps(R"(
  - both:
      fork:
        branches:
          - nap: { wait: PT1H }
          - ask: { call: approval, with: { title: 'Fine?' } }
          - look: { call: tool, with: { tool: look } }
)"));
    driver.outside.needs_approval["look"] = {{"sentence", "May it?"}};
    driver.start({});
    auto const events = driver.history.size();
    for (int i = 0; i < 3; ++i) driver.crash();
    CHECK(driver.history.size() == events);
    CHECK(driver.status() == "running");
}

TEST_CASE("a history of another definition is refused, not guessed at") {
    Driver driver(steps("  - nap: { wait: PT1S }\n  - next: { set: { x: 1 } }\n"));
    driver.start({});
    workflow::Interpreter const other(
        workflow::load(steps("  - different: { set: { x: 1 } }\n")).value());
    CHECK_THROWS_AS(other.decide(driver.run(), {9, driver.now, TimerFired{{"/do/0/nap"}}}),
                    CorruptHistory);
}
