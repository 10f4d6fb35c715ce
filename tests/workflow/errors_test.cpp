// Errors: raised, caught, tried again, passed on.
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;
using std::chrono::seconds;

namespace {

// A tool that is guarded by `try`, with this below `catch`.
std::string guarded(std::string const& fallback) {
    return steps(
        "  - guard:\n      try:\n        - before: { set: { from: before } }\n        - pay: { "
        "call: tool, with: { tool: pay } }\n      catch:\n" +
        fallback + "  - after: { set: { after: '${ . }' } }\n");
}

std::deque<Outcome> fails_then_works(int times) {
    std::deque<Outcome> script(static_cast<std::size_t>(times),
                               bad(communication_failure("No route.")));
    script.push_back(good({{"paid", true}}));
    return script;
}

}  // namespace

TEST_CASE("raise faults the run with its error and the place of the step") {
    Driver driver(document(R"(
use:
  errors:
    compliance:
      type: https://example.com/errors/compliance
      status: 400
      title: Compliance Error
      detail: ${ "Case " + .case }
do:
  - outer: { do: [ { breaks: { raise: { error: compliance } } } ] }
)"));
    driver.start({{"case", "c1"}});
    CHECK(
        driver.error() ==
        Json::parse(
            R"({"type":"https://example.com/errors/compliance","status":400,
                          "title":"Compliance Error",
        "detail":"Case c1","instance":"/do/0/outer/do/0/breaks"})"));
}

TEST_CASE("a caught error is data in the catch block, which starts from the input of the try") {
    Driver driver(guarded(
        "        as: problem\n        do:\n          - skipped: { if: .absent, set: { x: 1 } }\n"
        "          - tell: { set: { type: '${ $problem.type }', status: '${ $problem.status }', "
        "data: '${ . }' } }\n"));
    driver.outside.answers["pay"] = {bad(communication_failure("No route.", "unreachable"))};
    driver.start({{"n", 1}});
    CHECK(
        driver.output()["after"] ==
        Json::parse(
            R"({"type":"https://serverlessworkflow.io/spec/1.0.0/errors/communication",
                          "status":500,"data":{"n":1}})"));
    CHECK(driver.completed()[1] == "/do/0/guard/catch/do/1/tell");
}

TEST_CASE("a filter catches what equals it, in every spelling of a standard type") {
    auto const caught = [](std::string const& filter) {
        Driver driver(guarded("        errors: { with: " + filter +
                              " }\n        do: [ { tell: { set: { caught: true } } } ]\n"));
        driver.outside.answers["pay"] = {bad(communication_failure("No route.", "unreachable"))};
        driver.start({});
        return driver.status() == "completed";
    };
    CHECK(caught("{ type: 'https://serverlessworkflow.io/spec/1.0.0/errors/communication' }"));
    CHECK(caught(
        "{ type: 'https://serverlessworkflow.io/dsl/errors/types/communication', status: 500 }"));
    CHECK(caught(
        "{ type: 'https://open-workflow-specification.org/spec/1.0.0/errors/communication' }"));
    CHECK(caught(
        "{ type: 'https://open-workflow-specification.org/dsl/errors/types/communication' }"));
    CHECK(caught("{ code: unreachable, instance: /do/0/guard/try/1/pay }"));
    CHECK(caught("{ status: '${ 250 * 2 }' }"));
    CHECK_FALSE(caught("{ type: 'https://example.com/errors/communication' }"));
    CHECK_FALSE(caught("{ status: 404 }"));
    CHECK_FALSE(caught("{ type: 'https://serverlessworkflow.io/spec/1.0.0/errors/timeout' }"));
}

TEST_CASE("when and exceptWhen decide on the error; a broken condition fails the try") {
    auto const status = [](std::string const& conditions) {
        Driver driver(
            guarded(conditions + "        do: [ { tell: { set: { caught: true } } } ]\n"));
        driver.outside.answers["pay"] = {bad(communication_failure("No route."))};
        driver.start({});
        return driver.status() == "completed"
                   ? "caught"
                   : driver.run().error->type.substr(driver.run().error->type.rfind('/') + 1);
    };
    CHECK(status("        when: $error.status == 500\n") == "caught");
    CHECK(status("        when: $error.status == 404\n") == "communication");
    CHECK(status("        exceptWhen: '${ $error.status == 500 }'\n") == "communication");
    CHECK(status("        when: $error.status\n") == "expression");
}

TEST_CASE("an error in the catch block passes on, and so does one that nothing handles") {
    Driver broken(
        guarded("        do: [ { again: { raise: { error: { type: 'https://example.com/second', "
                "status: 500 } } } } ]\n"));
    broken.outside.answers["pay"] = {bad(communication_failure("No route."))};
    broken.start({});
    CHECK(broken.error()["instance"] == "/do/0/guard/catch/do/0/again");
    Driver idle(guarded("        errors: {}\n"));
    idle.outside.answers["pay"] = {bad(communication_failure("No route."))};
    idle.start({});
    CHECK(idle.error()["instance"] == "/do/0/guard/try/1/pay");
}

TEST_CASE("the outer try gets what the inner one lets through") {
    Driver driver(steps(R"(
  - outer:
      try:
        - inner:
            try: [ { breaks: { raise: { error: { type: 'https://example.com/x', status: 400 } } } } ]
            catch:
              errors: { with: { status: 500 } }
              do: [ { wrong: { set: { wrong: true } } } ]
      catch: { as: e, do: [ { right: { set: { at: '${ $e.instance }' } } } ] }
)"));
    driver.start({});
    CHECK(driver.output() == Json{{"at", "/do/0/outer/try/0/inner/try/0/breaks"}});
}

TEST_CASE("then of a catch leads away, without a block and after one") {
    Driver bare(steps(R"(
  - guard:
      try: [ { breaks: { raise: { error: { type: 'https://example.com/x', status: 400 } } } } ]
      catch: { then: rescue }
  - never: { set: { never: true } }
  - rescue: { set: { rescued: '${ . }' } }
)"));
    bare.start({{"n", 1}});
    CHECK(bare.output() == Json::parse(R"({"rescued":{"n":1}})"));
    Driver with_block(
        guarded("        do: [ { tell: { set: { told: true } } } ]\n        then: end\n"));
    with_block.outside.answers["pay"] = {bad(communication_failure("No route."))};
    with_block.start({});
    CHECK(with_block.output() == Json{{"told", true}});
}

TEST_CASE("a retry starts the block anew, from the input of the try, under ids of its own") {
    Driver driver(guarded("        retry: { limit: { attempt: { count: 3 } } }\n"));
    driver.outside.answers["pay"] = fails_then_works(2);
    driver.start({});
    CHECK(driver.output()["after"] == Json{{"paid", true}});
    CHECK(driver.completed() ==
          std::vector<std::string>{"/do/0/guard/try/0/before", "/do/0/guard#1/try/0/before",
                                   "/do/0/guard#2/try/0/before", "/do/0/guard#2/try/1/pay",
                                   "/do/0/guard", "/do/1/after"});
    for (auto const& advanced : driver.facts<StepAdvanced>()) CHECK(advanced.restarts);
}

TEST_CASE("count limits retries, then comes the block") {
    Driver driver(
        guarded("        retry: { limit: { attempt: { count: 2 } } }\n        do: [ { tell: { set: "
                "{ gave: up } } } ]\n"));
    driver.outside.answers["pay"] = {bad(communication_failure("No route."))};
    driver.start({});
    CHECK(driver.output()["after"] == Json{{"gave", "up"}});
    CHECK(driver.facts<ActivityStarted>().size() == 3);
    CHECK(driver.completed()[3] == "/do/0/guard#2/catch/do/0/tell");
}

TEST_CASE("delays grow as the policy says") {
    auto const delays = [](std::string const& backoff) {
        Driver driver(guarded("        retry: { delay: { seconds: 2 }, " + backoff +
                              " limit: { attempt: { count: 3 } } }\n"));
        driver.outside.answers["pay"] = fails_then_works(3);
        driver.start({});
        std::vector<std::int64_t> all;
        while (driver.status() == "running") {
            auto const due = driver.facts<TimerStarted>().back().due;
            all.push_back((due - driver.now) / seconds(1));
            driver.advance(due - driver.now);
        }
        CHECK(driver.status() == "completed");
        return all;
    };
    CHECK(delays("") == std::vector<std::int64_t>{2, 2, 2});
    CHECK(delays("backoff: { constant: {} },") == std::vector<std::int64_t>{2, 2, 2});
    CHECK(delays("backoff: { linear: {} },") == std::vector<std::int64_t>{2, 4, 6});
    CHECK(delays("backoff: { exponential: {} },") == std::vector<std::int64_t>{2, 4, 8});
}

TEST_CASE("jitter stays in its range and is the same for the same run") {
    auto const pause = [] {
        Driver driver(
            guarded("        retry: { delay: PT1S, jitter: { from: PT1S, to: PT3S }, limit: { "
                    "attempt: { count: 1 } } }\n"));
        driver.outside.answers["pay"] = fails_then_works(1);
        driver.start({});
        return driver.facts<TimerStarted>().at(0).due - driver.now;
    };
    CHECK(pause() >= seconds(2));
    CHECK(pause() <= seconds(4));
    CHECK(pause() == pause());
}

TEST_CASE("a time limit ends the retries, and when and exceptWhen of the policy are asked") {
    Driver late(guarded("        retry: { delay: PT10S, limit: { duration: PT15S } }\n"));
    late.outside.answers["pay"] = fails_then_works(5);
    late.start({});
    late.advance(seconds(10));
    CHECK(late.error()["instance"] == "/do/0/guard/try/1/pay");
    Driver no(guarded(
        "        retry: { when: $error.status == 503, limit: { attempt: { count: 5 } } }\n"));
    no.outside.answers["pay"] = fails_then_works(1);
    no.start({});
    CHECK(no.status() == "faulted");
    Driver except(guarded(
        "        retry: { exceptWhen: $error.status == 500, limit: { attempt: { count: 5 } } }\n"));
    except.outside.answers["pay"] = fails_then_works(1);
    except.start({});
    CHECK(except.status() == "faulted");
}

TEST_CASE("a try in a fork has as long for its attempts as was left where the fork begins") {
    auto const forked = [](char const* limit) {
        Driver driver(guarded("        retry: { delay: PT10S, limit: { duration: " +
                              std::string(limit) + " } }\n"));
        driver.outside.answers["pay"] = fails_then_works(2);
        driver.start({});
        auto const began = driver.now;
        auto const place = std::to_string(driver.history.size());  // ten seconds before the second
        driver.now = driver.now + seconds(1000);
        driver.fork_off({.at = place, .by = "ann"});
        CHECK(driver.run().frames.at(StepId{"/do/0/guard"}).entered == began);
        driver.advance(seconds(10));  // it fails again, and there are ten seconds to wait
        driver.crash();
        driver.advance(seconds(10));
        return driver.status();
    };
    CHECK(forked("PT20S") == "completed");
    CHECK(forked("PT19S") == "faulted");
}

TEST_CASE("a retry policy can be named") {
    Driver driver(
        document("use: { retries: { twice: { limit: { attempt: { count: 2 } } } } }\ndo:\n"
                 "  - guard: { try: [ { pay: { call: tool, with: { tool: pay } } } ], catch: { "
                 "retry: twice } }\n"));
    driver.outside.answers["pay"] = fails_then_works(2);
    driver.start({});
    CHECK(driver.output() == Json{{"paid", true}});
}

TEST_CASE("a jump back inside a retried block goes on") {
    Driver driver(steps(R"(
  - guard:
      try:
        - count: { set: { n: '${ (.n // 0) + 1 }' } }
        - pay: { call: tool, with: { tool: pay }, output: { as: $input } }
        - again: { switch: [ { more: { when: .n < 3, then: count } }, { done: { then: exit } } ] }
      catch: { retry: { delay: PT1S, limit: { attempt: { count: 1 } } } }
)"));
    driver.outside.answers["pay"] = fails_then_works(1);
    driver.start({});
    driver.advance(seconds(1));
    CHECK(driver.output() == Json{{"n", 3}});
    CHECK(driver.completed().back() == "/do/0/guard");
}
