// A new run that begins with what another one has done.
#include "engine/fork.h"

#include "base/limits.h"
#include "engine/codec.h"
#include "tests/engine/shard_fixture.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

struct Forkable : ShardFixture {
    using ShardFixture::ShardFixture;
    // The fork is the run of this world from here on.
    StartRun fork_off(ForkWish const& wish) {
        auto const start = plan_fork(run, history, wish).value();
        run = RunId::make(now + 1s, *random);
        shared = start.shared.size();
        history.clear();
        effects.clear();
        appends.clear();
        send(start);
        return start;
    }
    std::string problem(ForkWish const& wish) const {
        auto const planned = plan_fork(run, history, wish);
        return planned ? "it can" : to_string(planned.diagnostics());
    }

    std::size_t shared = 0;
};

// A run that has paid and asks a person; then it tells.
struct Forking : Forkable {
    Forking() : Forkable({{"pay"}, {"sure", "question"}, {"tell"}}) {
        start();
        finish(success({{"paid", 5}}));
        REQUIRE(evicted);
    }
};

// A run that waits, for so long or for a moment, before it pays.
struct Waiting : Forkable {
    explicit Waiting(char const* kind) : Forkable({{"nap", kind, 1h}, {"pay"}}) {
        start();
        REQUIRE(evicted);
    }
    std::string latest() const { return std::to_string(history.size()); }
    bool has_paid() const { return !effects.empty(); }
};

}  // namespace

SCENARIO("a fork begins with the other's events and asks for what comes next itself") {
    Forking world;
    auto const origin = world.run;
    auto const was = world.history;
    auto const start = world.fork_off({.at = "sure", .case_id = "C-2", .by = "ann"});
    CHECK(start.tenant == "default");
    CHECK(start.input.json() == Json{{"amount", 5}});
    auto const started = std::get<RunStarted>(world.history.front().fact);
    CHECK(started.forked == ForkPoint{origin, world.shared, {{world.shared, world.now}}});
    CHECK(started.case_id == "C-2");
    CHECK(started.started_by == "ann");
    CHECK_FALSE(started.salt == std::get<RunStarted>(was.front().fact).salt);
    REQUIRE(world.history.size() > world.shared);
    for (std::size_t i = 1; i < world.shared; ++i) {
        CHECK(encode(world.history[i].fact) == encode(was[i].fact));
        CHECK(world.history[i].at == was[i].at);
    }
    CHECK(world.effects.empty());  // nothing is paid a second time
    CHECK(std::holds_alternative<ApprovalRequested>(world.history[world.shared].fact));
    CHECK(world.appends.front().approvals.size() == 1);  // its own; none of what is shared
    CHECK(world.status() == "running");
}

SCENARIO("a fork before a step takes that step with a key of its own") {
    Forking world;
    auto const key = world.facts<ActivityStarted>().front().intent->key;
    world.fork_off({.at = "pay", .by = "ann"});
    REQUIRE(world.effects.size() == 1);
    CHECK(world.effects.back().attempt.intent.target == "pay");
    CHECK(world.effects.back().attempt.intent.key != key);
}

SCENARIO("what a shared step gave may be edited in the fork") {
    Forking world;
    world.fork_off({.at = "/do/1/sure", .by = "ann", .outputs = {{"pay", Json{{"paid", 9}}}}});
    auto const folded = fold(world.run, world.history);
    CHECK(folded.frames.at(StepId{}).last->output.json() == Json{{"paid", 9}});
}

SCENARIO("a fork is refused where something is under way, with the last place before it") {
    Forking world;
    auto const asked = std::to_string(world.history.size());
    auto const before = plan_fork(world.run, world.history, {.at = "sure", .by = "ann"}).value();
    auto const last = std::to_string(before.shared.size());
    CHECK_THAT(world.problem({.at = asked, .by = "ann"}),
               ContainsSubstring("a person is asked in `/do/1/sure`") &&
                   ContainsSubstring("The last place before is event " + last + "."));
    auto const called = std::ranges::find_if(world.history, [](Event const& event) {
        return std::holds_alternative<ActivityStarted>(event.fact);
    });
    CHECK_THAT(world.problem({.at = std::to_string(called->sequence), .by = "ann"}),
               ContainsSubstring("the call of `/do/0/pay` is under way"));
    CHECK_THAT(world.problem({.at = "3x", .by = "ann"}), ContainsSubstring("no step `3x`"));
    CHECK(world.problem({.at = "sure", .by = "ann"}) == "it can");
    CHECK_THAT(world.problem({.at = "0", .by = "ann"}), ContainsSubstring("no event 0"));
    CHECK_THAT(world.problem({.at = "nowhere", .by = "ann"}), ContainsSubstring("`nowhere`"));
    CHECK_THAT(world.problem({.at = "pay", .by = "ann", .outputs = {{"pay", Json(1)}}}),
               ContainsSubstring("no step `pay` that completed"));
    world.send(CancelRun{"ann", "enough"});
    CHECK_THAT(world.problem({.at = std::to_string(world.history.size()), .by = "ann"}),
               ContainsSubstring("the run is over"));
}

SCENARIO("a fork shares no more events than it may") {
    Waiting world("timer");
    auto history = world.history;
    while (history.size() <= limits::forked_events)
        history.push_back({history.size() + 1, world.now,
                           SignalReceived{MessageId::make(world.now, *world.random), "note",
                                          Payload(Json(1)), "ann"}});
    auto const planned = [&](std::size_t at) {
        auto const start = plan_fork(world.run, history, {.at = std::to_string(at), .by = "ann"});
        return start ? std::to_string(start->shared.size()) : to_string(start.diagnostics());
    };
    CHECK(planned(limits::forked_events) == std::to_string(limits::forked_events));
    CHECK_THAT(planned(limits::forked_events + 1), ContainsSubstring("A fork shares at most"));
}

SCENARIO("the message that starts a fork passes through the inbox unchanged") {
    Forking world;
    auto start = plan_fork(world.run, world.history, {.at = "sure", .by = "ann"}).value();
    start.forked->takeovers = {{2, world.now}, {3, world.now + 1h}};
    start.forked->edited = {"/do/0/pay"};
    Message const message{MessageId::make(world.now, *world.random), world.run, start};
    auto const read = message_from_json(to_json(message)).value();
    auto const again = std::get<StartRun>(read.content);
    CHECK(again.forked == start.forked);
    REQUIRE(again.shared.size() == start.shared.size());
    for (std::size_t i = 0; i < start.shared.size(); ++i)
        CHECK(encode(again.shared[i].fact) == encode(start.shared[i].fact));
}

SCENARIO("what waits where a fork begins has as long to go as it had there") {
    Waiting world("timer");
    auto const was = world.history;
    world.now = world.now + 72h;  // nobody looked at the run since
    world.fork_off({.at = world.latest(), .by = "ann"});
    CHECK(world.facts<TimerFired>().empty());
    CHECK(world.row.wake_at == world.now + 1h);
    CHECK(encode(world.history.back().fact) == encode(was.back().fact));  // as it was shared
    CHECK(world.history.back().at == was.back().at);
    THEN("it waits as long when another process folds it") {
        world.crash();
        world.advance(59min);
        CHECK_FALSE(world.has_paid());
        world.advance(1min);
        CHECK(world.has_paid());
    }
    THEN("a fork of the fork does so too, from its own beginning") {
        world.send(SendSignal{"note", Payload(Json(1)), "ann"});  // one event more, 20 minutes on
        world.now = world.now + 20min;
        world.send(SendSignal{"note", Payload(Json(2)), "ann"});
        auto const first = world.facts<RunStarted>().front().forked->takeovers;
        world.now = world.now + 100h;
        auto const start = world.fork_off({.at = world.latest(), .by = "ann"});
        CHECK(start.forked->takeovers == first);
        CHECK(world.row.wake_at == world.now + 40min);
        CHECK(world.facts<RunStarted>().front().forked->takeovers.size() == 2);
        CHECK(fold(world.run, world.history).timers.begin()->second.due == world.now + 40min);
    }
    THEN("one from the place where the fork began counts from there again") {
        auto const place = world.latest();
        world.now = world.now + 30min;
        world.send(SendSignal{"note", Payload(Json(1)), "ann"});
        CHECK(world.fork_off({.at = place, .by = "ann"}).forked->takeovers.empty());
        CHECK(world.row.wake_at == world.now + 1h);
    }
}

SCENARIO("a moment that the workflow named is the same one in a fork") {
    Waiting world("moment");
    auto const due = world.row.wake_at;
    SECTION("still to come") {
        world.now = world.now + 20min;
        world.fork_off({.at = world.latest(), .by = "ann"});
        CHECK(world.row.wake_at == due);
        world.advance(40min);
        CHECK(world.has_paid());
    }
    SECTION("over") {
        world.now = world.now + 2h;
        world.fork_off({.at = world.latest(), .by = "ann"});
        world.advance(0s);
        CHECK(world.has_paid());
    }
}

SCENARIO("a fork says which outputs were edited, and one of it says so too") {
    Forking world;
    auto const start =
        world.fork_off({.at = "sure", .by = "ann", .outputs = {{"pay", Json{{"paid", 9}}}}});
    CHECK(start.forked->edited == std::vector<std::string>{"/do/0/pay"});
    auto const again = plan_fork(world.run, world.history, {.at = "sure", .by = "ann"}).value();
    CHECK(again.forked->edited == start.forked->edited);
    CHECK(again.forked->takeovers.empty());  // it begins at the same place
    auto const before = plan_fork(world.run, world.history, {.at = "pay", .by = "ann"}).value();
    CHECK(before.forked->edited.empty());
}
