// Reads run ahead of the commit that decided them (I1 speaks of writes only); nothing that they
// found is shown or built upon outside before it is durable.
#include "tests/engine/shard_fixture.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

// Commits are not answered until the test does.
struct AheadOfCommits : ShardFixture {
    using ShardFixture::ShardFixture;
    std::vector<CommitAppend> in_flight;
    std::vector<PerformEffect> performed;
    std::vector<Answer> told;
    int loads = 0;

    void step(ShardInput input) {
        std::vector<ShardOutput> out;
        shard.on(std::move(input), now, out);
        shard.flush(now, out);
        for (auto& output : out) {
            if (auto* commit = std::get_if<CommitAppend>(&output))
                in_flight.push_back(std::move(*commit));
            if (auto* effect = std::get_if<PerformEffect>(&output))
                performed.push_back(std::move(*effect));
            if (auto* answer = std::get_if<Answer>(&output)) told.push_back(std::move(*answer));
            if (std::holds_alternative<LoadRun>(output)) ++loads;
        }
    }
    void begin() {
        tool.effect = Effect::read;
        step(Deliver{Message{MessageId::make(now, *random), run,
                             StartRun{{"test/flow", "1", {}}, "default", "", {}, "me"}},
                     1});
    }
    void found(Json value) {
        auto const& attempt = performed.back().dispatch.attempt;
        step(EffectFinished{run, attempt.step, attempt.number, success(std::move(value))});
    }
    void answer_commit(std::size_t which, AppendVerdict verdict) {
        step(AppendSettled{run, in_flight.at(which).last_sequence, std::move(verdict)});
    }
};

}  // namespace

SCENARIO("reads run ahead of the commits, and a write waits for all of them (6.4, I1)") {
    AheadOfCommits world({{"look"}, {"look_again"}, {"pay"}});
    world.begin();
    REQUIRE(world.performed.size() == 1);
    world.found(1);
    REQUIRE(world.performed.size() == 2);
    world.tool.effect = Effect::write;
    world.found(2);
    REQUIRE(world.in_flight.size() == 3);
    REQUIRE(world.performed.size() == 2);
    REQUIRE(world.told.empty());
    world.answer_commit(0, Committed{});
    REQUIRE(world.told.size() == 1);
    world.answer_commit(1, Committed{});
    REQUIRE(world.performed.size() == 2);
    world.answer_commit(2, Committed{});
    REQUIRE(world.performed.size() == 3);
    REQUIRE(world.performed.back().dispatch.attempt.intent.target == "pay");
}

SCENARIO("what reads found ahead of a refused commit never happened") {
    AheadOfCommits world({{"look"}, {"look_again"}, {"pay"}});
    world.begin();
    world.found(1);
    world.tool.effect = Effect::write;
    world.answer_commit(0, Stale{});
    REQUIRE(std::holds_alternative<Refused>(world.told.at(0).reply));
    REQUIRE(world.loads == 1);
    auto const commits = world.in_flight.size();
    world.found(2);
    world.answer_commit(1, Stale{});
    REQUIRE(world.in_flight.size() == commits);
    REQUIRE(world.performed.size() == 2);
}

SCENARIO("a fenced member forgets what its reads found (I7)") {
    AheadOfCommits world({{"look"}, {"pay"}});
    world.begin();
    world.step(MemberFenced{});
    world.tool.effect = Effect::write;
    world.found(1);
    REQUIRE(world.in_flight.size() == 1);
    REQUIRE(world.performed.size() == 1);
    REQUIRE(world.told.empty());
}
