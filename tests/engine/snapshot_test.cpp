#include "tests/engine/prefixes.h"
#include "tests/engine/shard_fixture.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

// Through every kind of state: a lost answer, a timer, a question, a signal that comes early.
ShardFixture eventful() {
    return ShardFixture({{"pay"}, {"pause", "timer", 1h}, {"ask", "question"}, {"go", "signal"}});
}

void play(ShardFixture& world) {
    world.start();
    world.finish(lost());
    world.advance(6s);
    world.answer_verification({Verdict::applied, Json{{"a", "\u00e9\n"}}, Json{{"id", 1}}});
    world.send(SendSignal{"go", Json("early"), "me"});
    world.advance(2h);
    auto const ask = world.last<ApprovalRequested>();
    world.send(DecideApproval{ask.approval, "d", "yes", "rita", ask.digest, "fine", {}});
    REQUIRE(world.status() == "completed");
}

}  // namespace

SCENARIO("a snapshot and the tail are the fold of the history, wherever it was taken") {
    auto world = eventful();
    play(world);
    check_snapshots_at_every_prefix(world.run, world.history);
}

SCENARIO("a snapshot that cannot be trusted is ignored") {
    auto world = eventful();
    world.start();
    auto const run = fold(world.run, world.history);
    auto const good = snapshot_of(run, world.now);
    auto const definition = run.started.workflow.digest;
    REQUIRE(restore(good, definition));
    auto bad = good;
    SECTION("of an older format") { bad.format = snapshot_format - 1; }
    SECTION("of a newer format") { bad.format = snapshot_format + 1; }
    SECTION("of another definition") { bad.definition = sha256("other"); }
    SECTION("of another run") { bad.run = RunId::make(world.now, *world.random); }
    SECTION("of another sequence") { ++bad.sequence; }
    SECTION("of another history") { bad.head = sha256("other"); }
    SECTION("with something behind it") { bad.state += '\0'; }
    SECTION("empty") { bad.state.clear(); }
    REQUIRE_FALSE(restore(bad, definition));
    REQUIRE_FALSE(restore(good, sha256("other")));
}

SCENARIO(
    "a snapshot that was cut short or damaged is refused or reads as something, never breaks") {
    auto world = eventful();
    world.start();
    world.finish(lost());
    auto const run = fold(world.run, world.history);
    auto const good = snapshot_of(run, world.now);
    for (std::size_t length = 0; length < good.state.size(); ++length) {
        auto cut = good;
        cut.state.resize(length);
        REQUIRE_FALSE(restore(cut, run.started.workflow.digest));
    }
    for (std::size_t at = 0; at < good.state.size(); ++at) {
        auto bent = good;
        bent.state[at] = static_cast<char>(bent.state[at] ^ 0xff);
        if (auto const other = restore(bent, run.started.workflow.digest))
            REQUIRE(state_of(*other) != good.state);
    }
}

SCENARIO("a long history is snapshotted when the run parks, after it is durable") {
    ShardFixture world({{"pause", "timer", 1h}, {"again", "timer", 1h}});
    Shard often({[&](Digest const&) { return &world.workflow; }, world.handlers, *world.random,
                 SnapshotRule{2, 1000}});
    auto run = [&](ShardInput input) {
        std::vector<ShardOutput> out;
        often.on(std::move(input), world.now, out);
        often.flush(world.now, out);
        return out;
    };
    auto kept = [](std::vector<ShardOutput> const& out) -> Snapshot const* {
        for (auto const& output : out)
            if (auto const* keep = std::get_if<KeepSnapshot>(&output)) return &keep->snapshot;
        return nullptr;
    };
    auto const out =
        run(Deliver{Message{MessageId::make(world.now, *world.random), world.run,
                            StartRun{{"test/flow", "1", {}}, "default", "", Json{{"n", 1}}, "me"}},
                    1});
    REQUIRE_FALSE(kept(out));
    auto const& commit = std::get<CommitAppend>(out.front());
    auto const after = run(AppendSettled{world.run, commit.number, Committed{}});
    auto const* snapshot = kept(after);
    REQUIRE(snapshot);
    CHECK(snapshot->sequence == commit.append.events.back().sequence);
    CHECK(snapshot->head == commit.append.events.back().chain);
    CHECK(restore(*snapshot, {}));
}

SCENARIO("a refused append leaves no snapshot of what never happened") {
    ShardFixture world({{"pause", "timer", 1h}});
    Shard often({[&](Digest const&) { return &world.workflow; }, world.handlers, *world.random,
                 SnapshotRule{1, 1}});
    std::vector<ShardOutput> out;
    often.on(Deliver{Message{MessageId::make(world.now, *world.random), world.run,
                             StartRun{{"test/flow", "1", {}}, "default", "", {}, "me"}},
                     1},
             world.now, out);
    often.flush(world.now, out);
    auto const last = std::get<CommitAppend>(out.front()).number;
    out.clear();
    often.on(AppendSettled{world.run, last, Stale{}}, world.now, out);
    for (auto const& output : out) CHECK_FALSE(std::holds_alternative<KeepSnapshot>(output));
}
