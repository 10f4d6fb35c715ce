// An exported history against code: what a team runs before its program goes out.
#include "workflow/sdk/replay.h"
#include "engine/exported_history.h"
#include "tests/sdk/code_driver.h"
#include "tests/workflow/golden.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;
using sdk::Flow;
using sdk::Task;

namespace {

Task<Json> pays_amount(Flow& flow, int amount) {
    Json const arguments{{"amount", amount}, {"to", "bob"}};
    auto paying = flow.call("pay", "pay", arguments);
    co_await paying;
    auto napping = flow.wait_for("nap", 1h);
    co_await napping;
    auto asking = flow.approve("sign", {.sentence = "Fine?"});
    auto const decision = co_await asking;
    co_return Json(decision.decision);
}

Task<Json> pays(Flow& flow, Json) {
    auto paying = pays_amount(flow, 5);
    co_return co_await paying;
}

Task<Json> pays_more(Flow& flow, Json) {
    auto paying = pays_amount(flow, 6);
    co_return co_await paying;
}

Task<Json> pays_and_tells(Flow& flow, Json) {
    Json const arguments{{"amount", 5}, {"to", "bob"}};
    auto paying = flow.call("pay", "pay", arguments);
    co_await paying;
    auto telling = flow.set("tell", std::string("paid"));
    co_await telling;
    co_return Json();
}

Timestamp const moment{1'700'100'000'000'000};  // a day after the driver's first one

// Waits for so long, and then for a moment.
Task<Json> settles(Flow& flow, Json) {
    Json const arguments{{"n", 5}};
    auto ordering = flow.call("order", "order", arguments);
    auto const order = co_await ordering;
    auto napping = flow.wait_for("nap", 1h);
    co_await napping;
    auto resting = flow.wait_until("rest", moment);
    co_await resting;
    auto telling = flow.set("tell", order);
    co_await telling;
    co_return order;
}

// Forked while it naps, with another order; and once more while it rests, after the moment.
Driver forked_twice() {
    auto driver = code_driver(settles);
    driver.outside.answers["order"] = {good({{"total", 5}})};
    driver.start({});
    driver.now = driver.now + 24h;
    driver.fork_off({.at = std::to_string(driver.history.size()),
                     .by = "ann",
                     .outputs = {{"order", Json{{"total", 9}}}}});
    driver.advance(59min);
    CHECK(driver.facts<TimerFired>().empty());
    driver.advance(1min);
    CHECK(driver.run().timers.begin()->second.due == moment);
    driver.now = driver.now + 48h;
    driver.fork_off({.at = std::to_string(driver.history.size()), .by = "eve"});
    driver.advance(0s);
    return driver;
}

sdk::Code code_of(Task<Json> (*function)(Flow&, Json)) {
    return sdk::workflow("test/flow", "1.0.0", function);
}

// What `resolute history --json` prints of a run up to its question, and of the whole run.
std::string recorded(bool whole) {
    auto driver = code_driver(pays);
    driver.outside.answers["pay"] = {good("paid")};
    driver.start({});
    driver.advance(1h);
    if (whole) driver.decide("approve", "bob");
    std::string lines;
    for (auto const& event : driver.history) lines += exported(event) + "\n";
    return lines;
}

}  // namespace

TEST_CASE("code that asks for what was recorded passes, also while its run is open") {
    for (bool const whole : {false, true}) {
        auto const replayed = sdk::replay(code_of(pays), recorded(whole));
        CAPTURE(whole, replayed.first ? replayed.first->sentence : "");
        CHECK(replayed);
        CHECK(replayed.compared >= (whole ? 7 : 5));
    }
}

TEST_CASE("code that asks for something else fails at the first event that differs") {
    auto const dearer = sdk::replay(code_of(pays_more), recorded(true));
    REQUIRE_FALSE(dearer);
    CHECK(dearer.first->step.path == "/do/0/pay");
    CHECK_THAT(dearer.first->sentence,
               ContainsSubstring("/request/arguments/amount: 5 was recorded, 6 is asked for"));

    auto const other = sdk::replay(code_of(pays_and_tells), recorded(true));
    REQUIRE_FALSE(other);
    CHECK(other.first->step.path == "/do/1/nap");
    CHECK_THAT(other.first->sentence,
               ContainsSubstring("the workflow asks for") && ContainsSubstring("`/do/1/tell`"));
}

TEST_CASE("code goes on from where it was forked, with its own time and what was edited") {
    auto const driver = forked_twice();
    CHECK(driver.output() == Json{{"total", 9}});
    CHECK(sdk::replay(code_of(settles), driver.history));
}

TEST_CASE("code asks for what the recorded fork has done") {
    auto const history = read_history(histories() / "code_forks" / "history.jsonl");
    auto const replayed = sdk::replay(code_of(settles), history);
    CAPTURE(replayed.first ? replayed.first->sentence : "");
    CHECK(replayed);
    CHECK(replayed.compared >= 5);
}

TEST_CASE("record the history of code that is not there yet", "[.record]") {
    auto const folder = histories() / "code_forks";
    if (!std::filesystem::create_directories(folder)) return;
    std::ofstream lines(folder / "history.jsonl");
    for (auto const& event : forked_twice().history) lines << exported(event) << "\n";
}

TEST_CASE("a history that is none is refused with every line that is wrong") {
    auto const text = "no json\n" + recorded(false) + R"({"kind":"no_such_fact"})" + "\n";
    auto const read = read_exported(text, "h.jsonl");
    REQUIRE_FALSE(read);
    REQUIRE(read.diagnostics().size() == 2);
    CHECK(read.diagnostics()[0].line == 1);
    CHECK_THAT(read.diagnostics()[1].message, ContainsSubstring("`no_such_fact`"));
    CHECK_THROWS(sdk::replay(code_of(pays), text));
}
