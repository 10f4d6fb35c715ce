// One fire, one run: what holds when several look at a schedule at once, and when one dies.
#include "tests/schedules/world.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

#define ON_BOTH_YARDS(title) TEMPLATE_TEST_CASE(title, "[schedules]", MemoryYard, PostgresYard)

ON_BOTH_YARDS("of two processes that look at once, one starts the run") {
    World<TestType> world;
    world.publish("{ every: PT1H }");
    world.after(0s);
    world.pass(1h);
    auto& store = world.yard.schedules();
    auto const other = world.yard.membership().join("other", 1, 1min);
    auto const seen_by_one = store.due(world.all_shards(), world.now, 10).at(0);
    auto const seen_by_other = store.due(world.all_shards(), world.now, 10).at(0);
    auto const decide = world.decide();
    auto const one = decide(seen_by_one, store.around(seen_by_one, world.now));
    auto const two = decide(seen_by_other, store.around(seen_by_other, world.now + 1s));
    CHECK(store.advance(world.member, seen_by_one, one));
    CHECK_FALSE(store.advance(other, seen_by_other, two));
    CHECK_FALSE(store.advance(world.member, seen_by_one, one));  // nor the same one again
    CHECK(world.start_posted().size() == 1);
}

ON_BOTH_YARDS("a member that was declared dead moves no schedule") {
    World<TestType> world;
    world.publish("{ every: PT1H }");
    world.after(0s);
    world.pass(1h);
    world.yard.let_leases_end();
    auto const heir = world.yard.membership().join("heir", 1, 1h);
    world.yard.membership().claim(heir);
    auto& store = world.yard.schedules();
    auto const decide = world.decide();
    CHECK(shell::look_at_schedules(store, {world.member, world.all_shards(), world.now}, decide)
              .moved == 0);
    CHECK(shell::look_at_schedules(store, {heir, world.all_shards(), world.now}, decide).moved ==
          1);
}

ON_BOTH_YARDS("a process looks at the schedules of its own shards only") {
    World<TestType> world;
    world.publish("{ every: PT1H }");
    auto const shard = shard_of(world.id());
    auto& store = world.yard.schedules();
    CHECK(store.due({shard}, world.now, 10).size() == 1);
    CHECK(store.due({(shard + 1) % 256}, world.now, 10).empty());
}

ON_BOTH_YARDS("a start that nobody took yet counts as an open run, one that was refused does not") {
    World<TestType> world;
    world.publish("{ every: PT1H }", "{ overlap: skip }");
    world.after(0s);
    world.pass(1h);
    world.look();
    world.pass(1h);
    world.look();
    CHECK(world.recent() == std::vector<std::string>{"started", "skipped"});
    auto const posted = world.store->inbox(world.all_shards(), 10);
    REQUIRE(posted.size() == 1);
    world.store->refuse(posted[0].id, "its workflow cannot be loaded");
    world.pass(1h);
    world.look();
    CHECK(world.recent() == std::vector<std::string>{"skipped", "skipped", "started"});
}

ON_BOTH_YARDS("a schedule whose workflow cannot be used is tried again later") {
    World<TestType> world;
    world.publish("{ every: PT1H }");
    auto const broken = [](ScheduleRow const&, ScheduleSituation const&) -> ScheduleStep {
        throw std::runtime_error("no such definition");
    };
    auto& store = world.yard.schedules();
    CHECK(shell::look_at_schedules(store, {world.member, world.all_shards(), world.now}, broken)
              .moved == 1);
    CHECK(world.row().next_at == world.now + 30s);
    CHECK(world.after(1h) == std::vector<std::string>{"2026-03-01T13:00:00"});
}

ON_BOTH_YARDS("what is due soon says when, and is not looked at before") {
    World<TestType> world;
    world.publish("{ every: PT1H }");
    world.after(0s);
    world.pass(59min + 50s);
    auto const end = shell::look_at_schedules(
        world.yard.schedules(), {world.member, world.all_shards(), world.now, 30s}, world.decide());
    CHECK(end.moved == 0);
    CHECK(end.next == noon + 1h);
}

ON_BOTH_YARDS("schedules are listed by the name of their workflow") {
    World<TestType> world;
    CHECK(world.yard.schedules().all("default").empty());
    world.publish("{ every: PT1H }");
    auto const all = world.yard.schedules().all("default");
    REQUIRE(all.size() == 1);
    CHECK(all[0].workflow.name == "test/flow");
    CHECK(world.yard.schedules().all("acme").empty());
    CHECK_FALSE(world.yard.schedules().find(schedule_of("default", "test/other")));
}

TEST_CASE("the state of a schedule survives being stored", "[schedules]") {
    ScheduleState state{.planned = sha256("x"),
                        .last = noon,
                        .open = {{fresh_id<RunId>(), "a", true}},
                        .ended_at = noon + 1s,
                        .buffered = noon + 2s,
                        .collected = {{1, Json{{"id", "e"}}}},
                        .pause = SchedulePause{"ann", "why", noon},
                        .triggers = {{"bob", noon}},
                        .backfill = Backfill{noon, noon + 1h, true, "eve", "for march",
                                             ScheduledRun{fresh_id<RunId>(), "b", false}},
                        .recent = {{"k", "started", "by hand", fresh_id<RunId>(), noon},
                                   {"l", "missed", "", {}, noon}}};
    CHECK(schedule_state_from_json(to_json(state)) == state);
    CHECK(schedule_state_from_json(Json::object()) == ScheduleState{});
    CHECK(schedule_state_from_json(to_json(ScheduleState{})) == ScheduleState{});
    CHECK_THROWS_WITH(schedule_state_from_json(Json{{"planned", 1}}),
                      ContainsSubstring("cannot be read"));
}
