// Time limits: of the run, of a step, of one attempt of a `try`. What passes one fails with the
// standard timeout error, and an effect that is under way is settled first.
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

std::string const timeout_type = "https://serverlessworkflow.io/spec/1.0.0/errors/timeout";

// Caught, so that the run goes on; `step` is what may take five seconds.
std::string guarded(std::string const& step) {
    return steps("  - guard:\n      try: [ { slow: { " + step +
                 ", timeout: { after: PT5S } } } ]\n"
                 "      catch:\n"
                 "        errors: { with: { type: '" +
                 timeout_type +
                 "', status: 408 } }\n"
                 "        do: [ { late: { set: { late: '${ $error.instance }' } } } ]\n");
}
std::string const slow = "/do/0/guard/try/0/slow";
Json const late{{"late", slow}};

}  // namespace

TEST_CASE("a step that takes longer than its timeout fails with the timeout error") {
    auto const step = GENERATE(values<std::string>({
        "wait: PT1H",
        "do: [ { nap: { wait: PT1H } } ]",
        "for: { in: '[1, 2]' }, do: [ { nap: { wait: PT4S } } ]",
        "fork: { branches: [ { a: { wait: PT1H } }, { b: { wait: PT1S } } ] }",
        "call: tool, with: { tool: slow }",
        "call: approval, with: { title: Continue }",
        "call: tool, with: { tool: gated }",
        // its own `catch` does not take it
        "try: [ { nap: { wait: PT1H } } ], catch: { do: [ { own: { set: { own: 1 } } } ] }",
    }));
    bool const crashes = GENERATE(false, true);
    CAPTURE(step, crashes);
    Driver driver(guarded(step));
    driver.outside.needs_approval["gated"] = {{"sentence", "Pay?"}};
    driver.start({});
    CHECK(next_due(driver.run()) <= driver.now + seconds(5));
    if (crashes) driver.crash();
    driver.advance(seconds(4));
    CHECK(driver.status() == "running");
    driver.advance(seconds(1));
    CHECK(driver.output() == late);
    CHECK(driver.facts<DeadlinePassed>().size() == 1);
    CHECK(driver.run().deadlines.empty());
}

TEST_CASE("a step that is over in time has no deadline any more") {
    Driver driver(steps(R"(
  - first: { wait: PT1S, timeout: { after: PT5S } }
  - quick: { set: { n: 1 } }
  - second: { wait: PT1H }
)"));
    driver.start({});
    driver.advance(seconds(1));
    CHECK(driver.run().deadlines.empty());
    driver.advance(seconds(10));
    CHECK(driver.status() == "running");
    CHECK(driver.facts<DeadlinePassed>().empty());
}

TEST_CASE("a step that ends at once sets no deadline") {
    Driver driver(steps(R"(
  - none: { for: { in: '[]' }, do: [ { nap: { wait: PT1H } } ], timeout: { after: PT5S } }
)"));
    driver.start(Json{{"n", 1}});
    CHECK(driver.output() == Json{{"n", 1}});
    CHECK(driver.facts<DeadlineSet>().empty());
}

TEST_CASE("a timeout can be named, and computed from the step's input") {
    Driver driver(document(R"(
use: { timeouts: { soon: { after: '${ .patience }' } } }
do:
  - nap: { wait: PT1H, timeout: soon, input: { from: .limits } }
)"));
    driver.start(Json{{"limits", {{"patience", {{"seconds", 7}}}}}});
    driver.advance(seconds(6));
    CHECK(driver.status() == "running");
    driver.advance(seconds(1));
    CHECK(driver.error()["type"] == timeout_type);
    CHECK(driver.error()["instance"] == "/do/0/nap");
    CHECK(driver.error()["code"] == "timed_out");
}

TEST_CASE("a timeout that is no duration fails its step") {
    Driver driver(steps("  - nap: { wait: PT1H, timeout: { after: '${ .patience }' } }\n"));
    driver.start(Json{{"patience", "soon"}});
    CHECK(driver.error()["type"] == "https://serverlessworkflow.io/spec/1.0.0/errors/expression");
    CHECK(driver.facts<TimerStarted>().empty());
}

TEST_CASE("a run that takes longer than the workflow's timeout faults with the timeout error") {
    Driver driver(document("timeout: { after: PT1M }\ndo: [ { nap: { wait: PT1H } } ]\n"));
    driver.start({});
    driver.advance(seconds(59));
    CHECK(driver.status() == "running");
    driver.crash();
    driver.advance(seconds(1));
    CHECK(driver.error()["type"] == timeout_type);
    CHECK(driver.facts<TimerCancelled>().size() == 1);
}

TEST_CASE("a write that is under way when its time is over is settled first") {
    Driver driver(guarded("call: tool, with: { tool: pay }"));
    driver.outside.writes = {"pay"};
    driver.start({});
    driver.advance(seconds(5));
    CHECK(driver.status() == "running");
    REQUIRE_FALSE(waits_of(driver.run()).empty());
    SECTION("and when it was applied after all, the step has succeeded") {
        driver.answer(slow, good({{"paid", true}}));
        CHECK(driver.output() == Json{{"paid", true}});
    }
    SECTION("and when it surely was not, the step is late") {
        driver.answer(slow, bad(runtime_failure("No.")));
        CHECK(driver.output() == late);
    }
    SECTION("and when its answer is lost, the system of record is asked") {
        driver.answer(slow, lost());
        if (GENERATE(false, true)) driver.crash();
        driver.advance(hours(1));
        SECTION("which says that it was applied") {
            driver.verify(slow, Verdict::applied);
            CHECK(driver.output() == Json{{"found", true}});
        }
        SECTION("which says that it was not: it is not tried again") {
            driver.verify(slow, Verdict::absent);
            CHECK(driver.output() == late);
            CHECK(driver.facts<ActivityStarted>().size() == 1);
        }
    }
}

TEST_CASE("a write inside a block that is late is settled before the block fails") {
    Driver driver(guarded("do: [ { pay: { call: tool, with: { tool: pay } } } ]"));
    driver.outside.writes = {"pay"};
    driver.start({});
    driver.advance(seconds(5));
    CHECK(driver.status() == "running");
    CHECK(driver.facts<EndDecided>().size() == 1);
    driver.answer(slow + "/do/0/pay", good({{"paid", true}}));
    CHECK(driver.output() == late);
}

TEST_CASE("each attempt of a try has its own time limit, and the next one a fresh one") {
    Driver driver(steps(R"(
  - guard:
      try: [ { a: { set: { n: 1 } } }, { pay: { call: tool, with: { tool: pay } } } ]
      catch:
        retry:
          delay: PT1S
          limit: { attempt: { count: 1, duration: PT5S } }
        do: [ { late: { set: { late: '${ $error.instance }' } } } ]
)"));
    driver.start({});
    driver.advance(seconds(5));
    CHECK(driver.facts<StepFailed>().size() == 1);
    driver.advance(seconds(1));
    SECTION("which it can keep") {
        driver.answer("/do/0/guard#1/try/1/pay", good({{"paid", true}}));
        CHECK(driver.output() == Json{{"paid", true}});
    }
    SECTION("or break too") {
        driver.advance(seconds(4));
        if (GENERATE(false, true)) driver.crash();
        CHECK(driver.status() == "running");
        driver.advance(seconds(1));
        CHECK(driver.output() == Json{{"late", "/do/0/guard/try"}});
    }
}

TEST_CASE("an attempt that failed leaves no deadline behind") {
    Driver driver(steps(R"(
  - guard:
      try: [ { pay: { call: tool, with: { tool: pay } } } ]
      catch:
        retry: { delay: PT1H, limit: { attempt: { count: 1, duration: PT5S } } }
)"));
    driver.start({});
    driver.answer("/do/0/guard/try/0/pay", bad(runtime_failure("No.")));
    CHECK(driver.run().deadlines.empty());
    CHECK(next_due(driver.run()) == driver.now + hours(1));
}

TEST_CASE("what is due together with a time limit is decided on first") {
    Driver driver(steps(R"(
  - guard:
      try: [ { nap: { wait: PT5S } }, { more: { call: tool, with: { tool: more } } } ]
      catch:
        retry: { delay: PT1S, limit: { attempt: { count: 1, duration: PT5S } } }
        do: [ { late: { call: tool, with: { tool: late } } } ]
)"));
    driver.start({});
    driver.advance(seconds(5));
    CHECK(driver.facts<StepFailed>().size() == 1);
    if (GENERATE(false, true)) driver.crash();
    CHECK(driver.run().activities.empty());
    driver.advance(seconds(1));  // the second attempt, and the last
    driver.advance(seconds(5));
    CHECK(driver.run().activities.size() == 1);
    driver.answer(driver.facts<ActivityStarted>().back().step.path, good("late"));
    CHECK(driver.output() == "late");
}

TEST_CASE("limits of a step and of what is around it pass together while an effect is under way") {
    Driver driver(document(R"(timeout: { after: PT5S }
do:
  - slow: { timeout: { after: PT5S }, do: [ { pay: { call: tool, with: { tool: pay } } } ] }
)"));
    driver.outside.writes = {"pay"};
    driver.start({});
    driver.advance(seconds(5));
    driver.answer("/do/0/slow/do/0/pay", good(1));
    CHECK(driver.error()["status"] == 408);
}

TEST_CASE("a timer waits until a moment") {
    Driver driver(steps("  - nap: { call: timer, with: { until: '${ .at }' } }\n"));
    driver.start(Json{{"at", to_string(driver.now + seconds(90))}});
    driver.advance(seconds(89));
    CHECK(driver.status() == "running");
    driver.advance(seconds(1));
    CHECK(driver.output().contains("at"));
}

TEST_CASE("a timer whose moment has passed does not wait, and one without a moment fails") {
    Driver driver(steps("  - nap: { call: timer, with: { until: '${ .at }' } }\n"));
    SECTION("passed") {
        driver.start(Json{{"at", "2001-02-03T04:05:06Z"}});
        driver.advance(seconds(0));
        CHECK(driver.status() == "completed");
    }
    SECTION("none") {
        driver.start(Json{{"at", "tomorrow"}});
        CHECK(driver.error()["code"] == "invalid_value");
    }
}
