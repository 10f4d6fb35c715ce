// A new run that begins with what another one has done.
#include "engine/fork.h"

#include "engine/codec.h"
#include "tests/engine/shard_fixture.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

// A run that has paid and asks a person; then it tells.
struct Forking : ShardFixture {
    Forking() : ShardFixture({{"pay"}, {"sure", "question"}, {"tell"}}) {
        start();
        finish(success({{"paid", 5}}));
        REQUIRE(evicted);
    }
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

}  // namespace

SCENARIO("a fork begins with the other's events and asks for what comes next itself") {
    Forking world;
    auto const origin = world.run;
    auto const was = world.history;
    world.fork_off({.at = "sure", .case_id = "C-2", .by = "ann"});
    auto const started = std::get<RunStarted>(world.history.front().fact);
    CHECK(started.forked == ForkPoint{origin, world.shared});
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
    CHECK_THAT(world.problem({.at = asked, .by = "ann"}),
               ContainsSubstring("a person is asked in `/do/1/sure`") &&
                   ContainsSubstring("The last place before is event "));
    CHECK(world.problem({.at = "sure", .by = "ann"}) == "it can");
    CHECK_THAT(world.problem({.at = "0", .by = "ann"}), ContainsSubstring("no event 0"));
    CHECK_THAT(world.problem({.at = "nowhere", .by = "ann"}), ContainsSubstring("`nowhere`"));
    CHECK_THAT(world.problem({.at = "pay", .by = "ann", .outputs = {{"pay", Json(1)}}}),
               ContainsSubstring("no step `pay` that completed"));
    world.send(CancelRun{"ann", "enough"});
    CHECK_THAT(world.problem({.at = std::to_string(world.history.size()), .by = "ann"}),
               ContainsSubstring("the run is over"));
}

SCENARIO("the message that starts a fork passes through the inbox unchanged") {
    Forking world;
    auto const start = plan_fork(world.run, world.history, {.at = "sure", .by = "ann"}).value();
    Message const message{MessageId::make(world.now, *world.random), world.run, start};
    auto const read = message_from_json(to_json(message)).value();
    auto const again = std::get<StartRun>(read.content);
    CHECK(again.forked == start.forked);
    REQUIRE(again.shared.size() == start.shared.size());
    for (std::size_t i = 0; i < start.shared.size(); ++i)
        CHECK(encode(again.shared[i].fact) == encode(start.shared[i].fact));
}
