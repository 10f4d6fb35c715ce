// A run for each item of a list: how many are under way, what they come to, and how they end.
#include <set>

#include "base/error_codes.h"
#include "base/limits.h"
#include "engine/codec.h"
#include "engine/snapshot.h"
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

std::string sweep(std::string const& more = "concurrency: 2") {
    return steps(R"(
  - sweep:
      call: map
      with:
        workflow: { namespace: test, name: one, version: '1.2.0' }
        items: '${ .items }'
        )" + more +
                 "\n");
}
std::string const step = "/do/0/sweep";

Driver started_map(int items, std::string const& more = "concurrency: 2") {
    Driver driver(sweep(more));
    auto list = Json::array();
    for (int i = 0; i < items; ++i) list.push_back({{"n", i}});
    driver.start({{"items", list}});
    return driver;
}

EndChild broken() { return faulted(runtime_failure("No.", "broken")); }

std::vector<int> under_way(Driver const& driver) {
    std::vector<int> indexes;
    for (auto const& [run, index] : driver.run().mappings.at(StepId{step}).under_way)
        indexes.push_back(index);
    std::ranges::sort(indexes);
    return indexes;
}

// Ends whatever is under way until the run is over; item n comes to 10 n.
void finish(Driver& driver) {
    while (driver.status() == "running")
        for (int const index : under_way(driver))
            driver.end_item(step, index, completed(index * 10));
}

Json fine(Json output) { return {{"ok", true}, {"output", std::move(output)}}; }

}  // namespace

TEST_CASE("each item of a list has a run of its own, and no more are under way than may be") {
    auto driver = started_map(3);
    CHECK(under_way(driver) == std::vector<int>{0, 1});
    auto const starts = posted<StartRun>(driver);
    REQUIRE(starts.size() == 2);
    auto const& [child, start] = starts[1];
    CHECK(start.workflow.name == "test/one");
    CHECK(start.workflow.version == "1.2.0");
    CHECK(start.input.json() == Json{{"n", 1}});
    CHECK(start.case_id == driver.run().started.case_id);
    CHECK(start.parent == ParentStep{driver.run().id, {step + "#1"}, 1, false});
    auto const waits = waits_of(driver.run());
    REQUIRE(waits.size() == 1);
    CHECK(waits[0].cause == WaitsFor::Cause::child);
    CHECK(waits[0].sentence == "for runs of `test/one` over 3 items");
    driver.end_item(step, 1, completed("b"));
    CHECK(under_way(driver) == std::vector<int>{0, 2});
    driver.end_item(step, 2, completed("c"));
    driver.end_item(step, 0, completed("a"));
    CHECK(driver.output() == Json::array({fine("a"), fine("b"), fine("c")}));
    std::set<RunId> runs;
    for (auto const& [run, message] : posted<StartRun>(driver)) runs.insert(run);
    CHECK(runs.size() == 3);
}

TEST_CASE("a map over nothing puts out nothing") {
    CHECK(started_map(0).output() == Json::array());
}

TEST_CASE("what is no list cannot be mapped over") {
    Driver driver(sweep());
    driver.start({{"items", 5}});
    CHECK(driver.error()["code"] == codes::wrong_type);
}

TEST_CASE("a failed item is the author's to look at") {
    auto driver = started_map(2);
    driver.end_item(step, 0, broken());
    driver.end_item(step, 1, cancelled());
    auto const output = driver.output();
    CHECK(output[0]["ok"] == false);
    CHECK(output[0]["error"]["code"] == "broken");
    CHECK(output[1]["error"]["code"] == codes::child_cancelled);
}

TEST_CASE("after enough failures no further item begins") {
    auto driver = started_map(5, "concurrency: 2\n        stopAfterFailures: 1");
    driver.end_item(step, 0, broken());
    CHECK(under_way(driver) == std::vector<int>{1});
    if (GENERATE(false, true)) driver.crash();
    CHECK(under_way(driver) == std::vector<int>{1});
    driver.end_item(step, 1, completed(1));
    auto const output = driver.output();
    REQUIRE(output.size() == 5);
    CHECK(output[1] == fine(1));
    for (int i = 2; i < 5; ++i) CHECK(output[i]["error"]["code"] == codes::item_not_started);
    CHECK(posted<StartRun>(driver).size() == 2);
}

TEST_CASE("a map goes on where it was after a crash at any moment") {
    auto whole = started_map(4);
    finish(whole);
    auto const length = whole.history.size();
    for (std::size_t kept = 1; kept < length; ++kept) {
        CAPTURE(kept);
        auto driver = started_map(4);
        finish(driver);
        driver.crash(kept);
        finish(driver);
        CHECK(driver.output() == whole.output());
        for (auto const& mapping : driver.facts<MapItemsStarted>()) CHECK(mapping.count <= 2);
    }
}

TEST_CASE("a cancelled run asks the runs of its items to stop, once, and begins no other") {
    auto driver = started_map(5);
    driver.cancel();
    if (GENERATE(false, true)) driver.crash();
    CHECK(driver.status() == "running");
    CHECK(posted<CancelRun>(driver).size() == 2);
    CHECK(waits_of(driver.run())[0].sentence.ends_with(", which are asked to stop"));
    driver.end_item(step, 0, cancelled());
    CHECK(driver.status() == "running");
    CHECK(under_way(driver) == std::vector<int>{1});
    driver.end_item(step, 1, completed(1));
    CHECK(driver.status() == "cancelled");
    CHECK(posted<StartRun>(driver).size() == 2);
    CHECK(posted<CancelRun>(driver).size() == 2);
}

TEST_CASE("a paused run begins no item, and goes on with them when it is resumed") {
    auto driver = started_map(4);
    driver.pause();
    driver.end_item(step, 0, completed(0));
    CHECK(under_way(driver) == std::vector<int>{1});
    bool const ends_all = GENERATE(false, true);
    if (ends_all) driver.end_item(step, 1, completed(10));
    if (GENERATE(false, true)) driver.crash();
    CHECK(posted<StartRun>(driver).size() == 2);
    CHECK(driver.unpause() == "");
    finish(driver);
    CHECK(driver.output().size() == 4);
    CHECK(posted<StartRun>(driver).size() == 4);
}

TEST_CASE("a map that takes too long asks its runs to stop before its step fails") {
    Driver driver(steps(R"(
  - sweep:
      call: map
      with: { workflow: { namespace: test, name: one }, items: '${ [1, 2] }' }
      timeout: { after: PT5S }
)"));
    driver.start({});
    driver.advance(std::chrono::seconds(5));
    CHECK(driver.status() == "running");
    CHECK(posted<CancelRun>(driver).size() == 2);
    driver.end_item(step, 0, cancelled());
    driver.end_item(step, 1, cancelled());
    CHECK(driver.error()["status"] == 408);
}

TEST_CASE("the end of a run that is no item's, or of one that ended before, changes nothing") {
    auto driver = started_map(3);
    auto const starts = posted<StartRun>(driver);
    driver.end_item(step, 0, completed(0));
    auto const before = driver.history.size();
    driver.end_child(starts[0].first, completed(7));
    driver.end_child(driver.run().id, completed(7));
    CHECK(driver.history.size() == before);
}

TEST_CASE("a map keeps no more than its items and what they came to, and each costs the same") {
    int const items = 2'000;
    auto driver = started_map(items, "concurrency: 10");
    auto const before = state_of(driver.run()).size();
    for (int i = 0; i < items - 10; ++i) driver.end_item(step, i, completed("0123456789"));
    auto const after = state_of(driver.run()).size();
    CHECK(under_way(driver).size() == 10);
    // {"ok":true,"output":"0123456789"} and three bytes to find it again
    CHECK(after - before < static_cast<std::size_t>(items) * 40);
    auto const last = std::get<MapItemsStarted>(driver.history.back().fact);
    CHECK(encode(driver.history.back().fact).size() < 100);
    CHECK(last.first == items - 1);
}
