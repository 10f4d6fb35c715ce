// What the core does when there is too much of something, or when something cannot be done at all.
#include "base/error_codes.h"
#include "base/limits.h"
#include "engine/postponement.h"
#include "tests/engine/shard_fixture.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

// What a handler answers whose system has no place left.
Outcome no_place(ShardFixture const& world) {
    return postponed(world.effects.back().attempt,
                     communication_failure("40 calls of `pay` wait already.", codes::tool_busy));
}

Duration wait_of(Payload last_evidence) {
    Attempt attempt;
    attempt.last_evidence = std::move(last_evidence);
    return *postponed(attempt, {}).retry_after;
}

}  // namespace

SCENARIO("a call that finds no place waits for its turn, and no attempt is used up") {
    ShardFixture world({{"pay"}});
    world.tool.how.attempts = 1;
    world.start();
    for (int turn = 0; turn < 20; ++turn) {
        world.finish(no_place(world));
        REQUIRE(world.status() == "running");
        REQUIRE(world.evicted);  // it waits in the store, not in memory
        REQUIRE(world.row.waits_code == "retry");
        REQUIRE_THAT(world.row.waits_sentence, ContainsSubstring("for its turn at `pay`") &&
                                                   ContainsSubstring("40 calls of `pay` wait"));
        world.advance(2min);
        REQUIRE(world.effects.back().attempt.number == 1);
    }
    world.finish(success("paid"));
    REQUIRE(world.status() == "completed");
    REQUIRE(world.effects.size() == 21);
}

SCENARIO("after a real failure a postponed call still has the attempts that are left") {
    ShardFixture world({{"pay"}});
    world.tool.how.attempts = 2;
    world.start();
    world.finish(no_place(world));
    world.advance(2min);
    world.finish(busy());
    world.advance(2min);
    REQUIRE(world.effects.back().attempt.number == 2);
    world.finish(no_place(world));
    world.advance(2min);
    REQUIRE(world.effects.back().attempt.number == 2);
    world.finish(busy());
    REQUIRE(world.status() == "faulted");
}

SCENARIO("who is postponed again and again comes back less and less often, up to a bound") {
    auto const first = wait_of({});
    auto const second = wait_of(Payload(Json{{"postponed", 1}}));
    auto const late = wait_of(Payload(Json{{"postponed", 1000}}));
    CHECK(first >= 1s);
    CHECK(second >= 2 * first);
    CHECK(late >= std::chrono::seconds(limits::postponed_longest_s));
    CHECK(late <= std::chrono::seconds(limits::postponed_longest_s) * 5 / 4);
}

SCENARIO("a run that nobody can decide is set aside, and whoever sent it something hears so") {
    ShardFixture world({{"go", "signal"}, {"never", "broken"}});
    world.start();
    auto const ticket = world.send(SendSignal{"go", Json(1), "me"});
    REQUIRE(world.quarantined);
    REQUIRE_THAT(*world.quarantined, ContainsSubstring("cannot be decided"));
    auto const& refused = std::get<Refused>(world.answers.at(ticket));
    REQUIRE(refused.why.code == "quarantined");
}

SCENARIO("a value that cannot be written sets its run aside, not the process") {
    ShardFixture world({ScriptedStep{"go", "signal"}});
    world.start();
    auto const ticket = world.send(SendSignal{"other", Json(1), "not \xff text"});
    REQUIRE(world.quarantined);
    REQUIRE(std::holds_alternative<Refused>(world.answers.at(ticket)));
}

SCENARIO("signals that a run does not await are taken up to a bound; nothing taken is lost") {
    ShardFixture world({ScriptedStep{"go", "signal"}});
    world.start();
    for (std::size_t i = 0; i < limits::run_signals; ++i)
        world.send(SendSignal{"other", Json(1), "me"});
    REQUIRE(fold(world.run, world.history).signals.size() == limits::run_signals);
    auto const turned_away = world.send(SendSignal{"go", Json(1), "me"});
    auto const& refused = std::get<Refused>(world.answers.at(turned_away));
    REQUIRE(refused.why.code == codes::too_many_signals);
    REQUIRE(refused.why.status == 503);
    REQUIRE(world.facts<SignalReceived>().size() == limits::run_signals);
    // From the inbox: its sender was told that it is taken.
    world.feed(Deliver{Message{MessageId::make(world.now, *world.random), world.run,
                               SendSignal{"go", Json(1), "me"}},
                       0});
    REQUIRE(world.status() == "completed");
}
