// A paused run: nothing new begins, what is under way is settled, and it goes on where it stood.
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

std::string const flow = steps(R"(
  - first: { call: tool, with: { tool: first } }
  - second: { call: tool, with: { tool: second } }
  - nap: { wait: PT1M }
)");

}  // namespace

TEST_CASE("a paused run takes the answer of what is under way and begins nothing new") {
    Driver driver(flow);
    driver.start({});
    driver.pause();
    CHECK(waits_of(driver.run()).front().cause == WaitsFor::Cause::paused);
    auto const sentence = waits_of(driver.run()).front().sentence;
    CHECK(sentence == "to be resumed; ann paused it: the bank is down");
    driver.answer("/do/0/first", good(1));
    if (GENERATE(false, true)) driver.crash();
    driver.advance(hours(1));
    CHECK(driver.facts<ActivityStarted>().size() == 1);
    CHECK_FALSE(next_due(driver.run()));
    CHECK(driver.unpause() == "");
    CHECK(driver.facts<ActivityStarted>().size() == 2);
    driver.answer("/do/1/second", good(2));
    driver.advance(hours(1));
    CHECK(driver.output() == 2);
    CHECK(driver.facts<RunResumed>().front().by == "bob");
}

TEST_CASE("what came due while a run was paused rings when it is resumed") {
    Driver driver(steps(R"(
  - nap: { wait: PT1M }
  - ask:
      call: approval
      with: { title: Continue, due: [ { after: PT1M, decide: reject } ] }
)"));
    driver.start({});
    SECTION("a timer") {
        driver.pause();
        driver.advance(hours(1));
        CHECK(driver.facts<TimerFired>().empty());
        driver.unpause();
        driver.advance(seconds(0));
        CHECK(driver.facts<TimerFired>().size() == 1);
        CHECK(driver.run().approvals.size() == 1);
    }
    SECTION("a due date") {
        driver.advance(seconds(60));
        driver.pause();
        driver.advance(hours(1));
        CHECK(driver.facts<ApprovalExpired>().empty());
        driver.unpause();
        driver.advance(seconds(0));
        CHECK(driver.output()["decision"] == "reject");
    }
}

TEST_CASE("an approval that is given while a run is paused is used when it is resumed") {
    Driver driver(steps("  - pay: { call: tool, with: { tool: pay } }\n"));
    driver.outside.needs_approval["pay"] = {{"sentence", "Pay?"}};
    driver.outside.answers["pay"] = {good({{"paid", true}})};
    driver.start({});
    driver.pause();
    SECTION("approved") {
        driver.decide("approve", "bob");
        CHECK(driver.facts<ActivityStarted>().empty());
        driver.unpause();
        CHECK(driver.output() == Json{{"paid", true}});
    }
    SECTION("rejected") {
        driver.decide("reject", "bob");
        CHECK(driver.status() == "running");
        driver.unpause();
        CHECK(driver.error()["code"] == "rejected_by_person");
    }
    SECTION("a question too") {
        Driver asking(steps("  - ask: { call: approval, with: { title: Continue } }\n"));
        asking.start({});
        asking.pause();
        asking.decide("approve", "bob");
        CHECK(asking.status() == "running");
        asking.unpause();
        CHECK(asking.output()["decision"] == "approve");
    }
}

TEST_CASE("an approval that was given while a run was paused is not used after its expiry (I5)") {
    Driver driver(steps("  - pay: { call: tool, with: { tool: pay } }\n"));
    driver.outside.needs_approval["pay"] = {{"sentence", "Pay?"}};
    driver.outside.approvals_last = seconds(60);
    driver.start({});
    driver.pause();
    driver.decide("approve", "bob");
    driver.advance(hours(1));
    driver.unpause();
    CHECK(driver.facts<ActivityStarted>().empty());
    CHECK(driver.error()["code"] == "approval_expired");
}

TEST_CASE("an end that waited for an effect while a run was paused is gone on from once") {
    Driver driver(steps(R"(
  - guard:
      try:
        - look: { set: { n: 1 } }
        - slow: { timeout: { after: PT5S }, do: [ { pay: { call: tool, with: { tool: pay } } } ] }
      catch: { do: [ { late: { call: tool, with: { tool: late } } } ] }
)"));
    driver.outside.writes = {"pay"};
    driver.start({});
    driver.advance(seconds(5));
    REQUIRE(driver.facts<EndDecided>().size() == 1);
    driver.pause();
    driver.answer("/do/0/guard/try/1/slow/do/0/pay", good(1));
    if (GENERATE(false, true)) driver.crash();
    driver.unpause();
    CHECK(driver.outside.proposals.size() == 2);
    CHECK(driver.facts<ActivityStarted>().back().step.path == "/do/0/guard/catch/do/0/late");
    driver.answer("/do/0/guard/catch/do/0/late", good(2));
    CHECK(driver.output() == 2);
}

TEST_CASE("a lost answer is verified while the run is paused, and tried again only afterwards") {
    Driver driver(steps("  - pay: { call: tool, with: { tool: pay } }\n"));
    driver.outside.writes = {"pay"};
    driver.start({});
    driver.answer("/do/0/pay", outcome::Unknown{communication_failure("Lost.", "lost"), {}});
    driver.pause();
    driver.advance(hours(1));
    driver.verify("/do/0/pay", Verdict::absent);
    driver.advance(hours(1));
    CHECK(driver.facts<ActivityStarted>().size() == 1);
    driver.unpause();
    CHECK(driver.facts<ActivityStarted>().size() == 2);
}

TEST_CASE("a deadline that passed while a run was paused ends its step when it is resumed") {
    Driver driver(steps("  - nap: { wait: PT1H, timeout: { after: PT5S } }\n"));
    driver.start({});
    driver.pause();
    driver.advance(seconds(60));
    CHECK(driver.status() == "running");
    driver.unpause();
    driver.advance(seconds(0));
    CHECK(driver.error()["status"] == 408);
}

TEST_CASE("a paused run can be cancelled; one that is not paused cannot be resumed") {
    Driver driver(flow);
    driver.start({});
    CHECK(driver.unpause() == "not_paused");
    driver.pause();
    driver.pause();
    CHECK(driver.facts<RunPaused>().size() == 1);
    driver.cancel();
    CHECK(driver.status() == "cancelled");
    CHECK(driver.unpause() == "run_closed");
}

TEST_CASE("branches of a fork go on where each stood") {
    Driver driver(steps(R"(
  - both:
      fork:
        branches:
          - left: { do: [ { one: { call: tool, with: { tool: one } } }, { nap: { wait: PT1S } } ] }
          - right: { call: tool, with: { tool: right } }
)"));
    driver.start({});
    driver.pause();
    driver.answer("/do/0/both/fork/branches/0/left/do/0/one", good(1));
    driver.unpause();
    CHECK(driver.facts<ActivityStarted>().size() == 2);
    driver.answer("/do/0/both/fork/branches/1/right", good(2));
    driver.advance(seconds(1));
    CHECK(driver.output() == Json::parse("[1,2]"));
}
