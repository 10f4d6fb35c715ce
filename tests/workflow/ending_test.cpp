// What is under way inside a step when it is decided how the step ends: a race that another branch
// won, branches beside a failed one, `end` in a branch.
#include "tests/workflow/race.h"

using namespace resolute;
using namespace resolute::testing;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

std::string const pay_branch = "/do/0/race/fork/branches/0/pay";
std::string const quick = "/do/0/race/fork/branches/1/quick";

Driver racing() {
    Driver driver(race_of({"pay: { call: tool, with: { tool: pay } }",
                           "quick: { call: tool, with: { tool: quick } }"},
                          tell_winner));
    driver.outside.writes = {"pay"};
    driver.start({});
    return driver;
}

}  // namespace

TEST_CASE("a losing write is settled before the race is left") {
    auto driver = racing();
    driver.answer(quick, good({{"by", "quick"}}));
    CHECK(driver.status() == "running");
    REQUIRE(driver.facts<EndDecided>().size() == 1);
    CHECK(waits_of(driver.run()).front().cause == WaitsFor::Cause::activity);
    SECTION("because its answer came") { driver.answer(pay_branch, good({{"by", "pay"}})); }
    SECTION("because it surely failed") { driver.answer(pay_branch, bad(runtime_failure("No."))); }
    CHECK(driver.output() == Json::parse(R"({"winner":{"by":"quick"}})"));
    CHECK(driver.completed().back() == "/do/1/after");
}

TEST_CASE("a losing write whose answer was lost is verified before the race is left") {
    auto driver = racing();
    driver.answer(pay_branch, lost());
    driver.answer(quick, good({{"by", "quick"}}));
    CHECK(driver.status() == "running");
    CHECK(waits_of(driver.run()).front().cause == WaitsFor::Cause::verification);
    driver.advance(seconds(10));
    driver.verify(pay_branch, Verdict::undecided);
    CHECK(driver.status() == "running");
    SECTION("it was applied") { driver.verify(pay_branch, Verdict::applied); }
    SECTION("it was not, and a loser is not tried again") {
        driver.verify(pay_branch, Verdict::absent);
        CHECK(driver.facts<ActivityStarted>().size() == 2);
        CHECK_FALSE(driver.facts<ActivityVerified>().back().next_at);
    }
    CHECK(driver.output() == Json::parse(R"({"winner":{"by":"quick"}})"));
}

TEST_CASE("a loser that nobody can say anything about waits for a person") {
    auto driver = racing();
    driver.answer(pay_branch, lost());
    driver.answer(quick, good({{"by", "quick"}}));
    driver.advance(hours(1));
    driver.verify(pay_branch, Verdict::undecided);
    REQUIRE(driver.run().approvals.size() == 1);
    CHECK(driver.run().approvals.begin()->second.asked.kind == ApprovalKind::resolution);
    driver.decide("absent", "bob");
    CHECK(driver.facts<ActivityStarted>().size() == 2);
    CHECK(driver.output() == Json::parse(R"({"winner":{"by":"quick"}})"));
}

TEST_CASE("a crash while a losing write is settled forgets neither the winner nor the write") {
    auto driver = racing();
    driver.answer(quick, good({{"by", "quick"}}));
    driver.crash();
    CHECK(driver.facts<ActivityUnknown>().size() == 1);
    CHECK(driver.facts<EndDecided>().size() == 1);
    driver.advance(hours(1));
    driver.verify(pay_branch, Verdict::applied);
    CHECK(driver.output() == Json::parse(R"({"winner":{"by":"quick"}})"));
}

TEST_CASE("a losing write that was not sent yet is withdrawn") {
    Driver driver(
        race_of({"pay: { call: tool, with: { tool: pay } }", "quick: { set: { by: quick } }"}));
    driver.outside.writes = {"pay"};
    driver.outside.answers["pay"] = {good({{"by", "pay"}})};
    driver.start({});
    CHECK(driver.output() == Json{{"by", "quick"}});
    REQUIRE(driver.facts<ActivityCancelled>().size() == 1);
    CHECK(driver.facts<ActivitySucceeded>().empty());
}

TEST_CASE("what only waits in a losing branch is withdrawn: approvals, questions, timers, reads") {
    Driver driver(race_of({"gated: { call: tool, with: { tool: gated } }",
                           "asks: { call: approval, with: { title: Which one, choices: [a, b] } }",
                           "naps: { do: [ { nap: { wait: PT1H } } ] }",
                           "reads: { call: tool, with: { tool: slow } }",
                           "quick: { call: tool, with: { tool: quick } }"}));
    driver.outside.writes = {"gated"};
    driver.outside.needs_approval["gated"] = {{"sentence", "Pay?"}};
    driver.start({});
    REQUIRE(driver.run().approvals.size() == 2);
    driver.answer("/do/0/race/fork/branches/4/quick", good(5));
    CHECK(driver.output() == 5);
    CHECK(driver.facts<ApprovalRevoked>().size() == 2);
    CHECK(driver.facts<TimerCancelled>().size() == 1);
    std::set<std::string> cancelled;
    for (auto const& fact : driver.facts<ActivityCancelled>()) cancelled.insert(fact.step.path);
    CHECK(cancelled == std::set<std::string>{"/do/0/race/fork/branches/0/gated",
                                             "/do/0/race/fork/branches/3/reads"});
}

TEST_CASE("a write beside a failed branch is settled before the error is handled") {
    Driver driver(steps(R"(
  - guard:
      try:
        - both:
            fork:
              branches:
                - pay: { call: tool, with: { tool: pay } }
                - breaks: { call: tool, with: { tool: breaks } }
      catch: { as: problem, do: [ { handle: { set: { caught: '${ $problem.detail }' } } } ] }
)"));
    driver.outside.writes = {"pay"};
    driver.start({});
    auto const fork = "/do/0/guard/try/0/both/fork/branches/";
    driver.answer(fork + std::string("0/pay"), lost());
    driver.answer(fork + std::string("1/breaks"), bad(runtime_failure("Broken.")));
    CHECK(driver.status() == "running");
    CHECK(driver.completed().empty());
    driver.crash();
    driver.advance(seconds(10));
    driver.verify(fork + std::string("0/pay"), Verdict::applied);
    CHECK(driver.output() == Json{{"caught", "Broken."}});
}

TEST_CASE("a run that ends in a branch closes when the other branches' writes are settled") {
    Driver driver(steps(R"(
  - both:
      fork:
        branches:
          - pay: { call: tool, with: { tool: pay } }
          - stop: { do: [ { check: { call: tool, with: { tool: check }, then: end } } ] }
  - never: { set: { never: true } }
)"));
    driver.outside.writes = {"pay"};
    driver.start({});
    driver.answer("/do/0/both/fork/branches/1/stop/do/0/check", good({{"stop", true}}));
    CHECK(driver.status() == "running");
    SECTION("as it is decided") {}
    SECTION("after a crash") {
        driver.crash();
        driver.advance(hours(1));
        driver.verify("/do/0/both/fork/branches/0/pay", Verdict::applied);
    }
    SECTION("or cancelled") {
        driver.cancel();
        CHECK(driver.status() == "running");
        driver.answer("/do/0/both/fork/branches/0/pay", good({}));
        CHECK(driver.status() == "cancelled");
        return;
    }
    if (driver.status() == "running")
        driver.answer("/do/0/both/fork/branches/0/pay", good({{"paid", true}}));
    CHECK(driver.output() == Json{{"stop", true}});
}

TEST_CASE("a fork inside a losing branch ends with it") {
    Driver driver(steps(R"(
  - race:
      fork:
        compete: true
        branches:
          - slow:
              do:
                - inner:
                    fork:
                      compete: true
                      branches:
                        - pay: { call: tool, with: { tool: pay } }
                        - one: { call: tool, with: { tool: one } }
                - late: { set: { never: true } }
          - two: { call: tool, with: { tool: two } }
)"));
    driver.outside.writes = {"pay"};
    driver.start({});
    auto const inner = std::string("/do/0/race/fork/branches/0/slow/do/0/inner/fork/branches/");
    driver.answer(inner + "1/one", good(1));
    driver.answer("/do/0/race/fork/branches/1/two", good(2));
    CHECK(driver.run().endings.size() == 1);
    driver.answer(inner + "0/pay", good(3));
    CHECK(driver.output() == 2);
    CHECK(driver.completed() == std::vector<std::string>{inner + "1/one",
                                                         "/do/0/race/fork/branches/1/two",
                                                         "/do/0/race"});
}
