// Runs that start runs, on real threads and several processes of one database.
#include "tests/catch.h"
#include "tests/shell/town.h"

namespace resolute::testing {
namespace {

TEST_CASE("a step starts one run, in whichever process, and takes its output", "[children]") {
    Town town;
    auto& first = town.join();
    auto& second = town.join();
    REQUIRE(town.comes_true([&] { return town.shares().size() == 2; }));
    for (int i = 0; i < 20; ++i) town.start(i % 2 == 0 ? first : second, "test/parent");
    CHECK(town.comes_true([&] { return town.completed() == 40; }));
    CHECK(town.facts<RunStarted>() == 40);
    CHECK(town.facts<ChildEnded>() == 20);
    auto const effects = town.tool.effects();
    CHECK(effects.size() == 20);
    for (auto const& [key, count] : effects) CHECK(count == 1);
}

TEST_CASE("a step whose workflow nobody has fails, and does not wait for ever", "[children]") {
    Town town;
    town.start(town.join(), "test/orphan");
    CHECK(town.comes_true([&] { return town.facts<RunFaulted>() == 1; }));
    CHECK(town.facts<RunStarted>() == 1);
}

TEST_CASE("a cancelled run takes the run that it waits for with it", "[children]") {
    Town town;
    auto& engine = town.join();
    town.tool.hold(true);
    auto const parent = town.start(engine, "test/parent");
    REQUIRE(town.comes_true([&] { return town.facts<ActivityStarted>() == 1; }));
    auto const random = system_random();
    engine.submit_and_wait({MessageId::make(SystemClock().now(), *random), parent,
                            CancelRun{"tester", "no longer needed"}});
    REQUIRE(town.comes_true([&] { return town.facts<CancelRequested>() == 2; }));
    CHECK(town.facts<RunCancelled>() == 0);
    town.tool.hold(false);
    CHECK(town.comes_true([&] { return town.facts<RunCancelled>() == 2; }));
    CHECK(town.facts<ActivitySucceeded>() == 1);
}

TEST_CASE("a run that was set aside while its child ended goes on once it is released",
          "[children]") {
    Town town;
    auto& engine = town.join();
    town.tool.hold(true);
    auto const parent = town.start(engine, "test/parent");
    REQUIRE(town.comes_true([&] { return town.facts<ActivityStarted>() == 1; }));
    town.set_aside(parent);
    town.tool.hold(false);
    REQUIRE(town.comes_true([&] { return town.completed() == 1; }));
    town.start(engine);  // the inbox is looked through meanwhile
    REQUIRE(town.comes_true([&] { return town.completed() == 2; }));
    CHECK(town.facts<ChildEnded>() == 0);
    REQUIRE(town.release(parent));
    CHECK(town.comes_true([&] { return town.completed() == 3; }));
    CHECK(town.facts<ChildEnded>() == 1);
}

TEST_CASE("an event that one run emits is heard by one other, in whichever process", "[events]") {
    Town town;
    auto& first = town.join();
    auto& second = town.join();
    REQUIRE(town.comes_true([&] { return town.shares().size() == 2; }));
    for (int i = 0; i < 10; ++i) {
        town.start(first, "test/emits");  // before anybody listens
        town.start(second, "test/hears");
        town.start(first, "test/hears");
        town.start(second, "test/emits");
    }
    CHECK(town.comes_true([&] { return town.completed() == 40; }));
    CHECK(town.facts<EventEmitted>() == 20);
    CHECK(town.facts<EventReceived>() == 20);
}

}  // namespace
}  // namespace resolute::testing
