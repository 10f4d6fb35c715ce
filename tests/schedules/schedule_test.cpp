// Schedules with times, and those after the last run: which fires start runs, and which do not.
#include "tests/schedules/world.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

#define ON_BOTH_YARDS(title) TEMPLATE_TEST_CASE(title, "[schedules]", MemoryYard, PostgresYard)

namespace {

using Keys = std::vector<std::string>;

std::string day(std::string const& time) { return "2026-03-01T" + time + ":00"; }

}  // namespace

ON_BOTH_YARDS("each time of a schedule starts one run, and says when") {
    World<TestType> world;
    world.publish("{ cron: '0 * * * *' }");
    CHECK(world.until(noon).empty());  // the time of its publication is over
    CHECK(world.after(150min) == Keys{day("13:00"), day("14:00")});
    CHECK(world.started.back().input == Json{{"scheduledAt", day("14:00") + ".000000Z"}});
    CHECK(world.after(0min).empty());
    CHECK(world.recent() == Keys{"started", "started"});
}

ON_BOTH_YARDS("the input of a scheduled run may be computed from its time") {
    World<TestType> world;
    world.publish("{ every: PT1H }", "{ input: { day: '${ .scheduledAt[0:10] }', fixed: 7 } }");
    CHECK(world.after(1h) == Keys{day("13:00")});
    CHECK(world.started.back().input == Json{{"day", "2026-03-01"}, {"fixed", 7}});
    world.publish("{ every: PT1H }", "{ input: { day: '${ .scheduledAt + 1 }' } }", "1.0.1");
    CHECK(world.after(1h).empty());
    CHECK(world.recent().back() == "failed");
}

ON_BOTH_YARDS("a fire is left out while an earlier run is open") {
    World<TestType> world;
    world.publish("{ every: PT1H }", "{ overlap: skip }");
    CHECK(world.after(1h) == Keys{day("13:00")});
    CHECK(world.after(2h).empty());
    world.end_latest();
    CHECK(world.after(1h) == Keys{day("16:00")});
    CHECK(world.recent() == Keys{"started", "skipped", "skipped", "started"});
}

ON_BOTH_YARDS("one fire waits for the end of an earlier run, and no more than one") {
    World<TestType> world;
    world.publish("{ every: PT1H }", "{ overlap: buffer, catchUp: PT3H }");
    CHECK(world.after(1h) == Keys{day("13:00")});
    CHECK(world.after(1h + 5s).empty());
    world.end_latest();
    CHECK(world.after(2s) == Keys{day("14:00")});
    world.pass(2h);
    CHECK(world.after(0s).empty());
    CHECK(world.recent() == Keys{"started", "started", "skipped"});
    world.end_latest();
    CHECK(world.after(2s) == Keys{day("15:00")});
}

ON_BOTH_YARDS("an open run is cancelled for the next, which waits until it is over") {
    World<TestType> world;
    world.publish("{ every: PT1H }", "{ overlap: cancel }");
    CHECK(world.after(1h) == Keys{day("13:00")});
    CHECK(world.after(1h + 3s).empty());
    CHECK(world.cancelled == std::vector{world.started.back().run});  // once
    world.end_latest();
    CHECK(world.after(2s) == Keys{day("14:00")});
}

ON_BOTH_YARDS("by default runs overlap") {
    World<TestType> world;
    world.publish("{ every: PT30M }");
    CHECK(world.after(1h) == Keys{day("12:30"), day("13:00")});
    CHECK(world.row().state.open.empty());
}

ON_BOTH_YARDS("what was missed is caught up with, as far back as the window says") {
    World<TestType> world;
    world.publish("{ every: PT1H }", "{ catchUp: PT2H }");
    world.after(0s);
    world.pass(5h + 30min);  // nobody is there
    CHECK(world.after(0s) == Keys{day("16:00"), day("17:00")});
    CHECK(world.recent() == Keys{"missed", "started", "started"});
    CHECK(world.after(30min) == Keys{day("18:00")});
}

ON_BOTH_YARDS("a fire may always be a little late") {
    World<TestType> world;
    world.publish("{ every: PT1H }", "{ catchUp: PT0S }");
    world.after(0s);
    world.pass(1h + 50s);
    CHECK(world.after(0s) == Keys{day("13:00")});
    world.pass(2h);
    CHECK(world.after(0s) == Keys{day("15:00")});
    CHECK(world.recent() == Keys{"started", "missed", "started"});
}

ON_BOTH_YARDS("a long absence is over at once, however many fires were missed") {
    World<TestType> world;
    world.publish("{ every: PT1S }", "{ catchUp: PT5M }");
    world.after(0s);
    world.pass(24h * 365);
    auto const caught_up = world.after(0s);
    CHECK(caught_up.size() == 300);
    CHECK(world.recent().size() == limits::schedule_recent);
}

ON_BOTH_YARDS("jitter makes a fire late by its own part, and keeps its time") {
    World<TestType> world;
    world.publish("{ every: PT1H }", "{ jitter: PT30M }");
    world.after(0s);
    std::set<std::int64_t> delays;
    for (int hour = 1; hour <= 8; ++hour) {
        auto const due = world.row().next_at.value();
        auto const time = noon + std::chrono::hours(hour);
        CHECK((due >= time && due < time + 30min));
        delays.insert((due - time).count());
        CHECK(world.until(due) == Keys{to_string(time).substr(0, 19)});
    }
    CHECK(delays.size() == 8);
}

ON_BOTH_YARDS("a run starts a while after the end of the last one") {
    World<TestType> world;
    world.publish("{ after: PT10M }");
    CHECK(world.after(0s) == Keys{day("12:00")});
    CHECK(world.after(20min).empty());
    world.end_latest();  // at 12:20
    CHECK(world.after(9min).empty());
    CHECK(world.after(1min) == Keys{day("12:30")});
    CHECK(world.cancelled.empty());
}

ON_BOTH_YARDS("a paused schedule starts nothing, and leaves out what was due meanwhile") {
    World<TestType> world;
    world.publish("{ every: PT1H }");
    world.after(0s);
    REQUIRE(world.change(workflow::paused(world.row(), {"ann", "the bank is down", world.now})));
    CHECK(world.after(3h).empty());
    CHECK(world.row().state.pause->reason == "the bank is down");
    CHECK_FALSE(world.row().next_at);
    REQUIRE(world.change(workflow::resumed(world.row(), world.now)));
    CHECK(world.after(1h) == Keys{day("16:00")});
}

ON_BOTH_YARDS("a run can be started by hand, also while the schedule is paused") {
    World<TestType> world;
    world.publish("{ every: PT1H }");
    world.after(0s);
    REQUIRE(world.change(workflow::paused(world.row(), {"ann", "", world.now})));
    REQUIRE(world.change(workflow::triggered(world.row(), {"bob", world.now})));
    auto const keys = world.after(0s);
    REQUIRE(keys.size() == 1);
    CHECK(keys[0].starts_with("trigger:2026-03-01T12:00:00"));
    CHECK(world.row().state.recent.back().why == "by hand");
}

ON_BOTH_YARDS("a time that is over is filled in one run after the other, no fire twice") {
    World<TestType> world;
    world.publish("{ every: PT1H }");
    CHECK(world.after(1h) == Keys{day("13:00")});
    auto const fill = [&](bool side_by_side) {
        return workflow::backfilled(
            world.row(),
            {.after = noon - 3h, .until = noon + 1h, .side_by_side = side_by_side, .by = "ann"},
            world.now);
    };
    SECTION("one after the other") {
        REQUIRE(world.change(fill(false)));
        for (auto const* time : {"10:00", "11:00", "12:00"}) {
            CHECK(world.after(2s) == Keys{day(time)});
            CHECK(world.after(2s).empty());
            world.end_latest();
        }
        CHECK(world.after(4s).empty());
        CHECK(world.recent() == Keys{"started", "started", "started", "started", "skipped"});
    }
    SECTION("side by side") {
        REQUIRE(world.change(fill(true)));
        CHECK(world.after(2s) == Keys{day("10:00"), day("11:00"), day("12:00")});
    }
    CHECK(world.after(4s).empty());  // 13:00 has had its run
    CHECK_FALSE(world.row().state.backfill);
}

ON_BOTH_YARDS("a new version changes the schedule, the same one does not") {
    World<TestType> world;
    world.publish("{ every: PT1H }");
    CHECK(world.after(1h) == Keys{day("13:00")});
    auto const revision = world.row().revision;
    world.publish("{ every: PT1H }");
    CHECK(world.row().revision == revision);
    world.pass(10min);
    world.publish("{ every: PT15M }", "", "2.0.0");
    CHECK(world.after(30min) == Keys{day("13:15"), day("13:30")});
    CHECK(world.row().workflow.version == "2.0.0");
}

ON_BOTH_YARDS("a version without a schedule ends it, and so does a withdrawal") {
    World<TestType> world;
    world.publish("{ every: PT1H }");
    CHECK(world.after(1h) == Keys{day("13:00")});
    SECTION("without") { world.publish("", "", "2.0.0"); }
    SECTION("withdrawn") { world.yard.withdraw("test/flow"); }
    CHECK_FALSE(world.yard.schedules().find(world.id()));
    CHECK(world.after(3h).empty());
    // It may come back, and starts no run for a time that has had one.
    world.now = noon + 30min;
    world.publish("{ every: PT1H }", "", "3.0.0");
    CHECK(world.after(90min) == Keys{day("14:00")});
}
