// Schedules that start runs on events.
#include "console/schedules.h"
#include "engine/store/upkeep.h"
#include "tests/schedules/world.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

#define ON_BOTH_YARDS(title) TEMPLATE_TEST_CASE(title, "[schedules]", MemoryYard, PostgresYard)

namespace {

Json event(std::string const& id, std::string const& type, Json data = {}) {
    return {{"specversion", "1.0"},
            {"id", id},
            {"source", "shop"},
            {"type", type},
            {"data", std::move(data)}};
}

// The ids of the events that each run was started with.
std::vector<Json> ids(std::vector<StartedHere> const& started) {
    std::vector<Json> found;
    for (auto const& run : started) {
        auto list = Json::array();
        for (auto const& one : run.input) list.push_back(one["id"]);
        found.push_back(std::move(list));
    }
    return found;
}

using Ids = std::vector<Json>;

}  // namespace

ON_BOTH_YARDS("each event that fits starts one run, with the event") {
    World<TestType> world;
    world.yard.post_event(event("e0", "paid", {{"amount", 900}}));  // before its publication
    world.publish("{ on: { one: { with: { type: paid, data: '${ .amount > 100 }' } } } }");
    world.after(0s);
    world.yard.post_event(event("e1", "paid", {{"amount", 500}}));
    world.yard.post_event(event("e2", "paid", {{"amount", 5}}));
    world.yard.post_event(event("e3", "sent", {{"amount", 500}}));
    world.yard.post_event(event("e4", "paid", {{"amount", 700}}));
    world.yard.post_event(event("e5", "paid", {{"cost", 700}}));
    world.after(0s);
    CHECK(ids(world.started) == Ids{{"e1"}, {"e4"}});
    CHECK(world.started[0].input[0]["data"] == Json{{"amount", 500}});
    world.after(1h);
    CHECK(world.started.size() == 2);
}

ON_BOTH_YARDS("any of several events starts a run, or many at once when they are enough") {
    World<TestType> world;
    SECTION("each") {
        world.publish("{ on: { any: [ { with: { type: a } }, { with: { type: b } } ] } }");
        for (auto const* type : {"a", "b", "a"})
            world.yard.post_event(
                event(std::string(type) + std::to_string(world.now.microseconds), type)),
                world.pass(1s);
        world.after(0s);
        CHECK(world.started.size() == 3);
    }
    SECTION("three of them") {
        world.publish("{ on: { any: [ { with: { type: a } } ], until: length == 3 } }");
        for (int i = 1; i <= 7; ++i) world.yard.post_event(event("e" + std::to_string(i), "a"));
        world.after(0s);
        CHECK(ids(world.started) == Ids{{"e1", "e2", "e3"}, {"e4", "e5", "e6"}});
        CHECK(world.row().state.collected.size() == 1);
    }
}

ON_BOTH_YARDS("all of several events start a run when they belong together") {
    World<TestType> world;
    world.publish(
        "{ on: { all: [ { with: { type: a }, correlate: { order: { from: .data.order } } }, { "
        "with: { type: b }, correlate: { order: { from: .data.order } } } ] } }");
    world.after(0s);
    world.yard.post_event(event("e1", "a", {{"order", 1}}));
    world.after(0s);
    CHECK(world.started.empty());
    world.yard.post_event(event("e2", "b", {{"order", 2}}));
    world.yard.post_event(event("e3", "b", {{"order", 1}}));
    world.after(0s);
    CHECK(ids(world.started) == Ids{{"e1", "e3"}});
}

ON_BOTH_YARDS("events wait, are left out or cancel while a run is open, as the policy says") {
    World<TestType> world;
    auto const publish = [&](std::string const& overlap) {
        world.publish("{ on: { one: { with: { type: a } } } }", "{ overlap: " + overlap + " }");
        world.after(0s);
        for (auto const* id : {"e1", "e2", "e3"}) world.yard.post_event(event(id, "a"));
        world.after(3s);
        CHECK(ids(world.started) == Ids{{"e1"}});
    };
    SECTION("buffer") {
        publish("buffer");
        world.end_latest();
        world.after(2s);
        world.end_latest();
        world.after(2s);
        CHECK(ids(world.started) == Ids{{"e1"}, {"e2"}, {"e3"}});
    }
    SECTION("skip") {
        publish("skip");
        world.end_latest();
        world.after(2s);
        CHECK(world.started.size() == 1);
        CHECK(world.recent() == std::vector<std::string>{"started", "skipped", "skipped"});
    }
    SECTION("cancel") {
        publish("cancel");
        CHECK(world.cancelled == std::vector{world.started.back().run});
        world.end_latest();
        world.after(2s);
        CHECK(ids(world.started) == Ids{{"e1"}, {"e2"}});
    }
}

ON_BOTH_YARDS("events that come while a schedule is paused start nothing") {
    World<TestType> world;
    world.publish("{ on: { one: { with: { type: a } } } }");
    world.after(0s);
    REQUIRE(world.change(workflow::paused(world.row(), {"ann", "", world.now})));
    world.yard.post_event(event("e1", "a"));
    world.after(1s);
    REQUIRE(world.change(workflow::resumed(world.row(), world.now)));
    world.yard.post_event(event("e2", "a"));
    world.after(1s);
    CHECK(ids(world.started) == Ids{{"e2"}});
}

TEST_CASE("events of a pause in which nobody looked start nothing after it", "[schedules]") {
    World<PostgresYard> world;
    world.publish("{ on: { one: { with: { type: a } } } }");
    world.after(0s);
    REQUIRE(world.change(workflow::paused(world.row(), {"ann", "", world.now})));
    for (auto const* id : {"e1", "e2"}) world.yard.post_event(event(id, "a"));
    SystemClock const clock;
    console::Schedules people(
        std::make_unique<store::PostgresSchedules>(world.yard.database.url()),
        [&](Digest const& digest) { return world.shelf.find(digest); }, clock);
    people.resume(world.id());
    world.yard.post_event(event("e3", "a"));
    world.after(1s);
    CHECK(ids(world.started) == Ids{{"e3"}});
}

TEST_CASE("a schedule that was restored on a younger server hears of events again", "[schedules]") {
    World<PostgresYard> world;
    world.publish("{ on: { one: { with: { type: a } } } }");
    world.after(0s);
    world.yard.database.run("update resolute.schedule set heard_transaction = '1000000000'");
    world.yard.post_event(event("e1", "a"));
    world.after(1s);
    CHECK(world.started.empty());
    store::upkeep(world.yard.database.url());
    world.yard.post_event(event("e2", "a"));
    world.after(1s);
    CHECK(ids(world.started) == Ids{{"e2"}});
}

ON_BOTH_YARDS("more events than fit in one look all start their runs") {
    World<TestType> world;
    world.publish("{ on: { one: { with: { type: a } } } }");
    world.after(0s);
    auto const many = 2 * limits::schedule_events_per_step + 1;
    for (std::size_t i = 0; i < many; ++i) world.yard.post_event(event(std::to_string(i), "a"));
    world.after(1s);
    CHECK(world.started.size() == many);
}

TEST_CASE("an event whose transaction ends late is not missed", "[schedules]") {
    World<PostgresYard> world;
    world.publish("{ on: { one: { with: { type: a } } } }");
    world.after(0s);
    store::Connection slow({.url = world.yard.database.url()});
    {
        store::Transaction transaction(slow);
        slow.run_script(
            "insert into resolute.event_in (tenant, source, event_id, type, content) values "
            "('default', 's', 'early', 'a', '{\"id\": \"early\", \"type\": \"a\"}')");
        world.yard.post_event(event("late", "a"));  // a later position that is seen first
        world.after(1s);
        CHECK(world.started.empty());  // until it is known what comes before it
        transaction.commit();
    }
    world.after(1s);
    CHECK(ids(world.started) == Ids{{"early"}, {"late"}});
}
