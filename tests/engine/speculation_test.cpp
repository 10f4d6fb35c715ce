// Reads run ahead of the commit that decided them (I1 speaks of writes only); nothing that they
// found is shown or built upon outside before it is durable.
#include "base/limits.h"
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
        auto const& commit = in_flight.at(which);
        step(AppendSettled{commit.append.run, commit.number, std::move(verdict)});
    }
    // Answers every read that was asked for, until none is.
    void find_all() {
        for (; found_ < performed.size(); ++found_) {
            auto const attempt = performed[found_].dispatch.attempt;
            step(EffectFinished{attempt.run, attempt.step, attempt.number, success(1)});
        }
    }
    std::uint64_t recorded() const {
        std::uint64_t events = 0;
        for (auto const& commit : in_flight) events += commit.append.events.size();
        return events;
    }
    std::size_t found_ = 0;
};

std::vector<ScriptedStep> looks(std::size_t count) {
    std::vector<ScriptedStep> steps;
    for (std::size_t i = 0; i < count; ++i) steps.push_back({"look" + std::to_string(i)});
    return steps;
}

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

SCENARIO("a run whose commits do not come back stops reading ahead, and goes on when they do") {
    AheadOfCommits world(looks(limits::run_uncommitted_events + 10));
    world.begin();
    world.find_all();
    auto const ahead = world.recorded();
    REQUIRE(ahead >= limits::run_uncommitted_events);
    REQUIRE(ahead < limits::run_uncommitted_events + 10);
    WHEN("only the first commits come back") {
        for (std::size_t i = 0; i < 5; ++i) world.answer_commit(i, Committed{});
        THEN("the read still waits for the commit that decided it") {
            world.find_all();
            REQUIRE(world.recorded() == ahead);
        }
    }
    WHEN("all come back") {
        for (std::size_t i = 0; i < world.in_flight.size(); ++i) {
            world.answer_commit(i, Committed{});
            world.find_all();
        }
        THEN("the run has completed") {
            auto const& last = world.in_flight.back().append;
            REQUIRE(last.row);
            REQUIRE(last.row->status == RunRow::Status::completed);
            REQUIRE(world.shard.resident_runs() == 0);
        }
    }
}

SCENARIO("what is refused, set aside or fenced is not ahead any more") {
    AheadOfCommits world(looks(limits::run_uncommitted_events + 10));
    std::size_t first_commit = 0;
    auto begin_another = [&] {
        world.run = RunId::make(world.now, *world.random);
        first_commit = world.in_flight.size();
        auto const before = world.performed.size();
        world.begin();
        world.find_all();
        return world.performed.size() - before;
    };
    auto const alone = begin_another();
    constexpr auto runs = limits::shard_uncommitted_events / limits::run_uncommitted_events + 1;
    for (std::size_t i = 0; i < runs; ++i) {
        world.answer_commit(first_commit, Stale{});
        REQUIRE(begin_another() == alone);
    }
    for (std::size_t i = 0; i < runs; ++i) {
        world.answer_commit(first_commit, Unstorable{"no"});
        REQUIRE(begin_another() == alone);
    }
    for (std::size_t i = 0; i < runs; ++i) {
        world.step(MemberFenced{});
        REQUIRE(begin_another() == alone);
    }
}

SCENARIO("all runs of a shard together go only so far ahead of their commits") {
    AheadOfCommits world(looks(limits::run_uncommitted_events - 10));
    constexpr auto runs = limits::shard_uncommitted_events / limits::run_uncommitted_events + 2;
    for (std::size_t i = 0; i < runs; ++i) {
        world.run = RunId::make(world.now, *world.random);
        world.begin();
        world.find_all();
    }
    REQUIRE(world.recorded() >= limits::shard_uncommitted_events);
    REQUIRE(world.recorded() < limits::shard_uncommitted_events + 10 * runs);
    for (std::size_t i = 0; i < world.in_flight.size(); ++i) {
        world.answer_commit(i, Committed{});
        world.find_all();
    }
    REQUIRE(world.shard.resident_runs() == 0);
}
