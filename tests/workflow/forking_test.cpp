// Forks of runs of workflows: where they may begin, and what they begin with.
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

constexpr char sleeps[] = "  - nap: { wait: PT1H }\n";

std::string why_not_at(Driver const& driver, std::string const& place) {
    auto const planned = plan_fork(driver.run().id, driver.history, {.at = place, .by = "ann"});
    return planned ? "it can" : to_string(planned.diagnostics());
}

// Of a run of these steps, at the end of what it has done so far.
std::string why_not_now(std::string const& list) {
    Driver driver(steps(list));
    driver.start({});
    return why_not_at(driver, std::to_string(driver.history.size()));
}

}  // namespace

TEST_CASE("of several steps of one name it has to be said which is meant") {
    Driver driver(
        steps("  - loop: { for: { in: '[1, 2]' }, do: [ { a: { set: { n: '${ $item }' } "
              "} } ] }\n" +
              std::string(sleeps)));
    driver.start({});
    auto const paths = driver.completed();
    REQUIRE(paths.size() == 3);
    CHECK_THAT(why_not_at(driver, "a"),
               ContainsSubstring("The run has several steps `a`.") &&
                   ContainsSubstring("Name one of `" + paths[0] + "`, `" + paths[1] + "`."));
    CHECK(why_not_at(driver, paths[1]) == "it can");
}

TEST_CASE("a fork does not begin in the middle of what only one run can take part in") {
    CHECK(why_not_now(sleeps) == "it can");
    CHECK_THAT(why_not_now("  - sub: { run: { workflow: { namespace: t, name: c } } }\n"),
               ContainsSubstring("the run of `/do/0/sub` is under way"));
    CHECK_THAT(why_not_now("  - all: { call: map, with: { workflow: { namespace: t, name: c }, "
                           "items: [1] } }\n"),
               ContainsSubstring("the map of `/do/0/all` is under way"));
    CHECK_THAT(why_not_now("  - hear: { listen: { to: { one: { with: { type: t.x } } } } }\n"),
               ContainsSubstring("the listening of `/do/0/hear` is under way"));
    Driver driver(steps("  - pay: { call: tool, with: { tool: pay } }\n"));
    driver.outside.writes = {"pay"};
    driver.start({});
    driver.cancel();
    CHECK_THAT(why_not_at(driver, std::to_string(driver.history.size())),
               ContainsSubstring("the run is being cancelled"));
}

TEST_CASE("an edited output is what the step puts out, not what its call answered") {
    Driver driver(
        steps("  - pay: { call: tool, with: { tool: pay }, output: { as: '{ paid: .sum }' "
              "} }\n" +
              std::string(sleeps)));
    driver.outside.answers["pay"] = {good({{"sum", 5}})};
    driver.start({});
    driver.fork_off({.at = "nap", .by = "ann", .outputs = {{"pay", Json{{"paid", 9}}}}});
    CHECK(driver.facts<ActivitySucceeded>().front().output.json() == Json{{"sum", 5}});
    driver.advance(1h);
    CHECK(driver.output() == Json{{"paid", 9}});
}

TEST_CASE("a step has as long as was left of its timeout where a fork begins") {
    Driver driver(
        steps("  - slow: { do: [ { nap: { wait: PT3H } } ], timeout: { after: PT2H } }\n"));
    driver.start({});
    auto const place = std::to_string(driver.history.size());
    driver.now = driver.now + 48h;
    driver.fork_off({.at = place, .by = "ann"});
    driver.advance(119min);
    CHECK(driver.status() == "running");
    driver.advance(1min);
    CHECK(driver.error()["status"] == 408);
}
