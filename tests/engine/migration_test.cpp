// A run that follows another definition from one of its events on.
#include "base/error_codes.h"
#include "engine/codec.h"
#include "engine/fork.h"
#include "tests/engine/shard_fixture.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

Digest const newer = sha256(std::string("the newer definition"));
Digest const absent = sha256(std::string("nobody has it"));

// A run that sleeps for an hour before it pays; the newer definition refunds instead.
struct Migrating : ShardFixture {
    Migrating() : ShardFixture({{"nap", "timer", 1h}, {"pay"}}) {
        others[newer] = &after;
        others[absent] = nullptr;
        start();
        REQUIRE(evicted);
    }
    MigrateRun wanted(Digest const& to = newer) const {
        return {{"test/flow", "2", to}, history.back().sequence, "ann", "it refunds now"};
    }
    std::string refusal(Ticket ticket) {
        auto const* refused = std::get_if<Refused>(&answers.at(ticket));
        return refused ? refused->why.code : "accepted";
    }

    ScriptedWorkflow after{{{"nap", "timer", 1h}, {"refund"}}};
};

}  // namespace

SCENARIO("a run that waits follows another definition from the event that says so") {
    Migrating world;
    auto const ticket = world.send(world.wanted());
    CHECK(world.refusal(ticket) == "accepted");
    auto const fact = world.last<RunMigrated>();
    CHECK(fact.workflow == WorkflowRef{"test/flow", "2", newer});
    CHECK(fact.by == "ann");
    CHECK(fact.reason == "it refunds now");
    CHECK(world.row.workflow == fact.workflow);
    CHECK(world.evicted);  // it waits as it did
    world.advance(1h);
    CHECK(world.effects.back().attempt.intent.target == "refund");
}

SCENARIO("a migrated run that is folded again still follows its new definition") {
    Migrating world;
    world.send(world.wanted());
    world.crash();
    world.advance(1h);
    CHECK(world.effects.back().attempt.intent.target == "refund");
    CHECK(fold(world.run, world.history).started.workflow.version == "2");
}

SCENARIO("a run that has moved on since it was checked is not migrated") {
    Migrating world;
    auto stale = world.wanted();
    --stale.sequence;
    auto const before = world.history.size();
    CHECK(world.refusal(world.send(stale)) == codes::moved_on);
    CHECK(world.history.size() == before);
    world.advance(1h);
    CHECK(world.effects.back().attempt.intent.target == "pay");
}

SCENARIO("a run is not migrated to what this process cannot follow, nor when it is over") {
    Migrating world;
    CHECK(world.refusal(world.send(world.wanted(absent))) == codes::unknown_workflow);
    CHECK(world.facts<RunMigrated>().empty());
    world.send(CancelRun{"ann", "enough"});
    REQUIRE(world.status() == "cancelled");
    CHECK(world.refusal(world.send(world.wanted())) != "accepted");
    CHECK(world.facts<RunMigrated>().empty());
}

SCENARIO("a run that follows the definition already stays as it is") {
    Migrating world;
    world.send(world.wanted());
    CHECK(world.refusal(world.send(world.wanted())) == "accepted");
    CHECK(world.facts<RunMigrated>().size() == 1);
}

SCENARIO("a run is not migrated while it reads something of which nothing is recorded") {
    ShardFixture world({{"look"}, {"pay"}});
    ScriptedWorkflow const after{{{"look"}, {"refund"}}};
    world.others[newer] = &after;
    world.tool.effect = Effect::read;
    world.tool.gate = FakeTool::Gate::in_process;
    world.start();
    REQUIRE(world.effects.size() == 1);
    REQUIRE(world.facts<ActivityStarted>().empty());
    auto const ticket = world.send(
        MigrateRun{{"test/flow", "2", newer}, world.history.back().sequence, "ann", "now"});
    auto const* refused = std::get_if<Refused>(&world.answers.at(ticket));
    REQUIRE(refused);
    CHECK(refused->why.code == codes::moved_on);
    world.finish(success({{"seen", 1}}));
    CHECK(world.effects.back().attempt.intent.target == "pay");
}

SCENARIO("a run that is over is not migrated, not even to what it follows") {
    Migrating world;
    world.send(world.wanted());
    world.send(CancelRun{"ann", "enough"});
    REQUIRE(world.status() == "cancelled");
    CHECK(world.refusal(world.send(world.wanted())) != "accepted");
}

SCENARIO("a fork follows the definition that its origin followed at the place") {
    Migrating world;
    auto const before = std::to_string(world.history.size());
    world.send(world.wanted());
    auto const version = [&](std::string const& at) {
        return plan_fork(world.run, world.history, {.at = at, .by = "ann"})->workflow.version;
    };
    CHECK(version(before) == "1");
    CHECK(version(std::to_string(world.history.size())) == "2");
}
