// Runs that a step starts: once, with its own fact; what they come to; and how they end with it.
#include "base/error_codes.h"
#include "base/limits.h"
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;
using std::chrono::seconds;

namespace {

std::string const awaiting = steps(R"(
  - sub:
      run: { workflow: { namespace: test, name: child, version: '1.2.0', input: { n: '${ .n }' } } }
      output: { as: '{ got: .value }' }
  - after: { set: '${ . }' }
)");
std::string const sub = "/do/0/sub";

Driver started_parent(std::string const& yaml = awaiting) {
    Driver driver(yaml);
    driver.start(Json{{"n", 5}});
    return driver;
}

}  // namespace

TEST_CASE("a step starts a run with its input, waits for it and takes its output") {
    auto driver = started_parent();
    auto const starts = posted<StartRun>(driver);
    REQUIRE(starts.size() == 1);
    auto const& [child, start] = starts.front();
    CHECK(start.workflow.name == "test/child");
    CHECK(start.workflow.version == "1.2.0");
    CHECK(start.input.json() == Json{{"n", 5}});
    CHECK(start.case_id == driver.run().started.case_id);
    CHECK(start.started_by == driver.run().started.started_by);
    CHECK(start.parent == ParentStep{driver.run().id, {sub}, 1, false});
    CHECK(child == driver.facts<ChildStarted>().front().run);
    auto const waits = waits_of(driver.run());
    REQUIRE(waits.size() == 1);
    CHECK(waits.front().cause == WaitsFor::Cause::child);
    CHECK(waits.front().sentence == "for the run " + to_string(child) + " of `test/child`");
    if (GENERATE(false, true)) driver.crash();
    CHECK(driver.facts<ChildStarted>().size() == 1);
    driver.end_child(sub, completed({{"value", 7}}));
    CHECK(driver.output() == Json{{"got", 7}});
}

TEST_CASE("a run whose output nobody wants puts out nothing") {
    auto const returning = [](std::string const& what) {
        auto driver = started_parent(
            steps("  - sub: { run: { workflow: { namespace: test, name: child }, return: " + what +
                  " } }\n"));
        driver.end_child(sub, completed({{"value", 7}}));
        return driver.output();
    };
    CHECK(returning("none") == nullptr);
    CHECK(returning("stdout") == Json{{"value", 7}});
}

TEST_CASE("the same step of the same run starts the same run, and another step another one") {
    auto const random = seeded_random(1);
    Timestamp const at{1'700'000'000'123'456};
    auto const run = RunId::make(at, *random);
    CHECK(child_run_id(run, {"/do/0/a"}, at) == child_run_id(run, {"/do/0/a"}, at));
    CHECK(child_run_id(run, {"/do/0/a"}, at) != child_run_id(run, {"/do/0/a@1"}, at));
    CHECK(to_string(child_run_id(run, {"/do/0/a"}, at)).substr(0, 13) ==
          to_string(run).substr(0, 13));
    CHECK(to_string(child_run_id(run, {"/do/0/a"}, at)).at(14) == '7');
    CHECK(message_id_of(run, 3) != message_id_of(run, 4));
}

TEST_CASE("the error of a run that a step waits for is the step's") {
    auto driver = started_parent(steps(R"(
  - guard:
      try: [ { sub: { run: { workflow: { namespace: test, name: child } } } } ]
      catch:
        errors: { with: { status: 418 } }
        do: [ { tell: { set: { caught: '${ $error.title + " " + $error.instance }' } } } ]
)"));
    auto const step = "/do/0/guard/try/0/sub";
    SECTION("that can be caught") {
        Failure error{"https://example.com/teapot", 418, "Teapot", "Short.", "/do/3/brew", ""};
        driver.end_child(step, faulted(error));
        CHECK(driver.output() == Json{{"caught", "Teapot /do/0/guard/try/0/sub"}});
    }
    SECTION("and a cancelled run is one too") {
        driver.end_child(step, cancelled());
        CHECK(driver.error()["code"] == codes::child_cancelled);
    }
}

TEST_CASE("a step that does not wait goes on at once with its input") {
    auto driver = started_parent(steps(R"(
  - sub: { run: { workflow: { namespace: test, name: child, version: latest }, await: false } }
)"));
    CHECK(driver.output() == Json{{"n", 5}});
    auto const starts = posted<StartRun>(driver);
    REQUIRE(starts.size() == 1);
    CHECK(starts.front().second.workflow.version == "");
    CHECK(starts.front().second.input.json() == Json::object());
    CHECK(starts.front().second.parent->detached);
}

TEST_CASE("a cancelled run asks the runs it waits for to stop, once, and is over when they are") {
    auto driver = started_parent();
    driver.cancel();
    CHECK(driver.status() == "running");
    auto const child = driver.facts<ChildStarted>().front().run;
    if (GENERATE(false, true)) driver.crash();
    driver.advance(seconds(5));
    auto const cancels = posted<CancelRun>(driver);
    REQUIRE(cancels.size() == 1);
    CHECK(cancels.front().first == child);
    CHECK(cancels.front().second.by == "run " + to_string(driver.run().id));
    CHECK(waits_of(driver.run()).front().sentence.ends_with("`, which is asked to stop"));
    SECTION("it stopped") { driver.end_child(sub, cancelled()); }
    SECTION("it was done before it was asked") { driver.end_child(sub, completed(1)); }
    CHECK(driver.status() == "cancelled");
}

TEST_CASE("a run that takes too long is asked to stop before its step fails") {
    auto driver = started_parent(steps(R"(
  - sub:
      run: { workflow: { namespace: test, name: child } }
      timeout: { after: PT5S }
)"));
    driver.advance(seconds(5));
    CHECK(posted<CancelRun>(driver).size() == 1);
    CHECK(driver.status() == "running");
    driver.end_child(sub, cancelled());
    CHECK(driver.error()["status"] == 408);
}

TEST_CASE("a run in a losing branch is asked to stop before the race is left") {
    auto driver = started_parent(steps(R"(
  - race:
      fork:
        compete: true
        branches:
          - sub: { run: { workflow: { namespace: test, name: child } } }
          - quick: { call: tool, with: { tool: quick } }
)"));
    driver.answer("/do/0/race/fork/branches/1/quick", good(1));
    CHECK(driver.status() == "running");
    driver.end_child("/do/0/race/fork/branches/0/sub", cancelled());
    CHECK(driver.output() == 1);
}

TEST_CASE("what a run that nobody waits for came to changes nothing") {
    auto driver = started_parent();
    auto const events = driver.history.size();
    driver.end_child(driver.run().id, completed(1));  // no child of this run
    CHECK(driver.history.size() == events);
    driver.end_child(sub, completed({{"value", 1}}));
    CHECK(driver.status() == "completed");
}

TEST_CASE("a run that a step waits for tells its parent how it ended") {
    Driver driver(steps("  - a: { call: tool, with: { tool: a } }\n"));
    auto const random = seeded_random(3);
    driver.parent = ParentStep{RunId::make(driver.now, *random), {sub}, 1, false};
    SECTION("completed") {
        driver.start({});
        driver.answer("/do/0/a", good(7));
        auto const reports = posted<EndChild>(driver);
        REQUIRE(reports.size() == 1);
        auto const& [to, end] = reports.front();
        CHECK(to == driver.parent->run);
        CHECK(end.child == driver.run().id);
        CHECK(end.how == ChildEnd::completed);
        CHECK(end.output.json() == 7);
    }
    SECTION("faulted") {
        driver.start({});
        driver.answer("/do/0/a", bad(runtime_failure("No.")));
        CHECK(posted<EndChild>(driver).front().second.error->detail == "No.");
    }
    SECTION("cancelled") {
        driver.start({});
        driver.cancel();
        CHECK(posted<EndChild>(driver).front().second.how == ChildEnd::cancelled);
    }
    SECTION("but not when nobody waits for it") {
        driver.parent->detached = true;
        driver.start({});
        driver.answer("/do/0/a", good(7));
        CHECK(driver.status() == "completed");
        CHECK(posted<EndChild>(driver).empty());
    }
}

TEST_CASE("runs that start runs have a bottom") {
    Driver driver(awaiting);
    driver.parent = ParentStep{{}, {sub}, limits::child_depth, false};
    driver.start(Json{{"n", 5}});
    CHECK(driver.error()["code"] == codes::nested_too_deep);
    CHECK(posted<StartRun>(driver).empty());
}

TEST_CASE("a run that ended while its parent was paused is taken up when that is resumed") {
    auto driver = started_parent();
    driver.pause();
    driver.end_child(sub, completed({{"value", 7}}));
    CHECK(driver.status() == "running");
    driver.unpause();
    CHECK(driver.output() == Json{{"got", 7}});
}
