// A cancel as a workflow in C++ sees it: settled, thrown once, undone, over.
#include "tests/sdk/code_driver.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;
using sdk::Flow;
using sdk::Task;

namespace {

Task<Json> with_compensation(Flow& flow, Json) {
    bool booked = false;
    bool undo = false;
    try {
        auto booking = flow.call("book", "book", Json::object());
        co_await booking;
        booked = true;
        auto waiting = flow.wait_for("hold", 1h);
        co_await waiting;
    } catch (sdk::Cancelled const&) {
        undo = booked;
    }
    if (undo) {
        auto releasing = flow.call("release", "release", Json::object());
        co_await releasing;
    }
    co_return Json("ended");
}

Task<Json> indifferent(Flow& flow, Json) {
    auto waiting = flow.wait_for("hold", 1h);
    co_await waiting;
    co_return Json("ended");
}

Driver booked() {
    auto driver = code_driver(with_compensation);
    driver.outside.writes = {"book", "release"};
    driver.outside.answers["book"] = {good(1)};
    return driver;
}

}  // namespace

TEST_CASE("a cancelled workflow undoes what it did, and is cancelled") {
    auto driver = booked();
    driver.start({});
    driver.cancel();
    CHECK(driver.status() == "running");
    REQUIRE(driver.outside.proposals.size() == 2);
    CHECK(driver.outside.proposals[1].step.path == "/do/2/release");
    driver.crash();
    CHECK(driver.status() == "running");
    driver.verify("/do/2/release", Verdict::applied);
    CHECK(driver.status() == "cancelled");
    CHECK(driver.facts<RunCancelled>().size() == 1);
}

TEST_CASE("a write under way is settled before the workflow hears of the cancel") {
    auto driver = booked();
    driver.outside.answers.erase("book");
    driver.outside.answers["release"] = {good(1)};
    driver.start({});
    driver.cancel();
    CHECK(driver.status() == "running");
    driver.answer("/do/0/book", good(1));
    CHECK(driver.status() == "cancelled");
    // What was asked for next told it, and what came then undid the booking.
    CHECK(driver.facts<StepFailed>().front().step.path == "/do/1/hold");
    CHECK(driver.completed() == std::vector<std::string>{"/do/0/book", "/do/2/release"});
}

TEST_CASE("a workflow that does not care is cancelled at once") {
    auto driver = code_driver(indifferent);
    driver.start({});
    driver.cancel();
    CHECK(driver.status() == "cancelled");
}

TEST_CASE("a second cancel does not wait for what the first one is undone by") {
    auto driver = booked();
    driver.outside.writes = {"book"};
    driver.start({});
    driver.cancel();
    CHECK(driver.status() == "running");
    driver.cancel();
    CHECK(driver.status() == "cancelled");
}
