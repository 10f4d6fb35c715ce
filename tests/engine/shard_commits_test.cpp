// Verdicts on appends, and messages that leave the inbox without a run.
#include "tests/engine/shard_fixture.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

// What comes of a message to a run that the store does not know.
std::vector<ShardOutput> refused_by_store(ShardFixture& world, Message const& message) {
    std::vector<ShardOutput> out;
    world.shard.on(Deliver{message, 4}, world.now, out);
    out.clear();
    world.shard.on(LoadFailed{world.run, validation_failure("There is no such run."),
                              LoadFailed::Kind::missing},
                   world.now, out);
    return out;
}

Message cancel_of(ShardFixture& world) {
    return {MessageId::make(world.now, *world.random), world.run, CancelRun{"rita", ""}};
}

Message signal_to(ShardFixture& world) {
    return {MessageId::make(world.now, *world.random), world.run,
            SendSignal{"other", Json(1), "me"}};
}

// The run is read into memory, and what came of that is not handed over yet.
void load(ShardFixture& world) {
    std::vector<ShardOutput> out;
    world.shard.on(Wake{world.run}, world.now, out);
    REQUIRE(std::holds_alternative<LoadRun>(out.back()));
    Run fold{.id = world.run};
    for (auto const& event : world.history) apply(fold, event);
    fold.head = world.appends.back().events.back().chain;
    world.shard.on(RunLoaded{world.run, world.row, fold}, world.now, out);
}

// The append that a message from the inbox makes, handed over.
CommitAppend append_for(ShardFixture& world, Message const& message) {
    std::vector<ShardOutput> out;
    world.shard.on(Deliver{message, 0}, world.now, out);
    out.clear();
    world.shard.flush(world.now, out);
    return std::get<CommitAppend>(out.at(0));
}

}  // namespace

SCENARIO("a stale append drops what was built on it and reads the truth again") {
    ShardFixture world({{"pay"}});
    std::vector<ShardOutput> out;
    world.shard.on(Deliver{Message{{}, world.run, StartRun{}}, 9}, world.now, out);
    world.shard.flush(world.now, out);
    auto const number = std::get<CommitAppend>(out.front()).number;
    out.clear();
    world.shard.on(AppendSettled{world.run, number, Stale{}}, world.now, out);
    REQUIRE(std::holds_alternative<Refused>(std::get<Answer>(out.at(0)).reply));
    REQUIRE(std::holds_alternative<LoadRun>(out.at(1)));
}

SCENARIO("whoever starts a run is answered with the row that was committed") {
    ShardFixture world({{"pay"}});
    std::vector<ShardOutput> out;
    world.shard.on(Deliver{Message{{}, world.run, StartRun{}}, 9}, world.now, out);
    world.shard.flush(world.now, out);
    auto const commit = std::get<CommitAppend>(out.front());
    out.clear();
    world.shard.on(AppendSettled{world.run, commit.number, Committed{}}, world.now, out);
    auto const accepted = std::get<Accepted>(std::get<Answer>(out.front()).reply);
    REQUIRE(accepted.row);
    CHECK(accepted.row->run == world.run);
    CHECK(accepted.row->sequence == commit.append.events.back().sequence);
}

SCENARIO("a case that has a run already answers with that run and does nothing else") {
    ShardFixture world({{"pay"}});
    std::vector<ShardOutput> out;
    world.shard.on(Deliver{Message{{}, world.run, StartRun{}}, 9}, world.now, out);
    world.shard.flush(world.now, out);
    auto const number = std::get<CommitAppend>(out.front()).number;
    out.clear();
    auto const other = RunId::make(world.now, *world.random);
    world.shard.on(AppendSettled{world.run, number, CaseTaken{other}}, world.now, out);
    REQUIRE(out.size() == 1);
    REQUIRE(std::get<AlreadyExists>(std::get<Answer>(out.front()).reply).run == other);
    REQUIRE(world.shard.resident_runs() == 0);
}

SCENARIO("a start from the inbox whose case has a run already leaves the inbox") {
    ShardFixture world({{"pay"}});
    std::vector<ShardOutput> out;
    auto const id = MessageId::make(world.now, *world.random);
    world.shard.on(Deliver{Message{id, world.run, StartRun{}}, 0}, world.now, out);
    world.shard.flush(world.now, out);
    auto const number = std::get<CommitAppend>(out.front()).number;
    out.clear();
    world.shard.on(AppendSettled{world.run, number, CaseTaken{world.run}}, world.now, out);
    REQUIRE(out.size() == 1);
    auto const& append = std::get<CommitAppend>(out.front()).append;
    REQUIRE(append.consumed == std::vector{id});
    REQUIRE(append.events.empty());
}

SCENARIO("a message to a run that does not exist is refused and leaves the inbox") {
    ShardFixture world({{"pay"}});
    auto const message = cancel_of(world);
    auto const out = refused_by_store(world, message);
    REQUIRE(std::holds_alternative<Refused>(std::get<Answer>(out.at(0)).reply));
    auto const& append = std::get<CommitAppend>(out.at(1)).append;
    REQUIRE(append.events.empty());
    REQUIRE(append.consumed == std::vector{message.id});
}

SCENARIO("a start from the inbox leaves it also when it was refused together with what followed") {
    ShardFixture world({{"look"}, {"pay"}});
    world.tool.effect = Effect::read;
    std::vector<ShardOutput> out;
    auto const id = MessageId::make(world.now, *world.random);
    world.shard.on(Deliver{Message{id, world.run, StartRun{}}, 0}, world.now, out);
    auto const read = std::get<PerformEffect>(out.front()).dispatch.attempt;
    out.clear();
    world.shard.flush(world.now, out);
    auto const first = std::get<CommitAppend>(out.front()).number;
    out.clear();
    world.shard.on(EffectFinished{world.run, read.step, 1, success(1)}, world.now, out);
    out.clear();
    world.shard.flush(world.now, out);
    auto const second = std::get<CommitAppend>(out.front()).number;
    out.clear();
    world.shard.on(AppendSettled{world.run, first, CaseTaken{world.run}}, world.now, out);
    auto const consuming = std::get<CommitAppend>(out.front());
    REQUIRE(consuming.append.consumed == std::vector{id});
    WHEN("it was in one batch with the second append, which is stale") {
        out.clear();
        world.shard.on(AppendSettled{world.run, second, Stale{}}, world.now, out);
        REQUIRE(out.empty());
        world.shard.on(AppendSettled{world.run, consuming.number, Stale{}}, world.now, out);
        THEN("it is consumed once more") {
            REQUIRE(std::get<CommitAppend>(out.front()).append.consumed == std::vector{id});
        }
    }
    WHEN("it is committed") {
        out.clear();
        world.shard.on(AppendSettled{world.run, consuming.number, Committed{}}, world.now, out);
        REQUIRE(out.empty());
    }
}

SCENARIO("what was sent to a run that is not made, because its case has one, leaves the inbox") {
    ShardFixture world({ScriptedStep{"go", "signal"}});
    std::vector<ShardOutput> out;
    auto const start = MessageId::make(world.now, *world.random);
    auto const signal = MessageId::make(world.now, *world.random);
    world.shard.on(Deliver{Message{start, world.run, StartRun{}}, 0}, world.now, out);
    world.shard.flush(world.now, out);
    auto const number = std::get<CommitAppend>(out.front()).number;
    world.shard.on(Deliver{Message{signal, world.run, SendSignal{"go", Json(1), "me"}}, 0},
                   world.now, out);
    out.clear();
    world.shard.on(AppendSettled{world.run, number, CaseTaken{world.run}}, world.now, out);
    REQUIRE(std::get<CommitAppend>(out.front()).append.consumed == std::vector{start, signal});
}

SCENARIO("the verdict on one append is never taken for that on another") {
    ShardFixture world({{"pay"}});
    auto const early = cancel_of(world);
    auto out = refused_by_store(world, early);
    auto const consuming = std::get<CommitAppend>(out.at(1));
    out.clear();
    world.shard.on(Deliver{Message{{}, world.run, StartRun{}}, 5}, world.now, out);
    world.shard.flush(world.now, out);
    auto const start = std::get<CommitAppend>(out.front());
    out.clear();
    world.shard.on(AppendSettled{world.run, consuming.number, Committed{}}, world.now, out);
    REQUIRE(out.empty());  // the intent of `pay` is not committed yet (I1), nor is the start
    world.shard.on(AppendSettled{world.run, start.number, Committed{}}, world.now, out);
    REQUIRE(std::holds_alternative<Answer>(out.at(0)));
    REQUIRE(std::holds_alternative<PerformEffect>(out.at(1)));
}

SCENARIO("a message from the inbox outlives an append that was refused") {
    ShardFixture world({ScriptedStep{"go", "signal"}});
    world.start();
    Message const message{MessageId::make(world.now, *world.random), world.run,
                          SendSignal{"go", Json(1), "me"}};
    load(world);
    auto const refused = append_for(world, message);
    std::vector<ShardOutput> out;
    world.shard.on(AppendSettled{world.run, refused.number, Stale{}}, world.now, out);
    world.settle(std::move(out));  // loads it again from what is stored
    REQUIRE(world.facts<SignalReceived>().size() == 1);
    REQUIRE(world.status() == "completed");
}

SCENARIO("what a run hands over to be stored belongs to its tenant") {
    ShardFixture world({{"pay"}, {"t1", "emit"}, {"ask", "question"}});
    world.send(
        StartRun{{"test/flow", "1", {}}, "other", "case-1", Json{{"amount", 5}}, "initiator"});
    world.finish(lost());
    REQUIRE(world.appends.back().unresolved.back().tenant == "other");
    world.advance(std::chrono::hours(1));
    world.answer_verification({Verdict::applied, {}, Payload(Json(1))});
    REQUIRE(world.appends.back().approvals.back().tenant == "other");
    REQUIRE(world.appends.back().events_changed.size() == 1);
    REQUIRE(world.row.tenant == "other");
    for (auto const& append : world.appends) REQUIRE(append.tenant == "other");
}

SCENARIO("an append says what it was built on") {
    ShardFixture world({ScriptedStep{"go", "signal"}});
    world.start();
    auto const& begun = world.appends.back().events.back();
    REQUIRE(world.appends.front().after->sequence == 0);
    load(world);
    auto const first = append_for(world, signal_to(world));
    REQUIRE(first.append.after == Head{begun.sequence, begun.chain});
    auto const& received = first.append.events.back();
    auto const second = append_for(world, signal_to(world));
    REQUIRE(second.append.after == Head{received.sequence, received.chain});
}

SCENARIO("so does one that only takes a message out of the inbox") {
    ShardFixture world({ScriptedStep{"go", "signal"}});
    world.start();
    world.send(SendSignal{"go", Json(1), "me"});
    REQUIRE(world.status() == "completed");
    auto const& last = world.appends.back().events.back();
    load(world);
    auto const late = append_for(world, cancel_of(world));
    REQUIRE(late.append.events.empty());
    REQUIRE(late.append.after == Head{last.sequence, last.chain});
}

SCENARIO("a message that came before its run's append was refused outlives it too") {
    ShardFixture world({ScriptedStep{"go", "signal"}});
    world.start();
    load(world);
    auto const refused = append_for(world, signal_to(world));
    std::vector<ShardOutput> out;
    world.shard.on(Deliver{signal_to(world), 0}, world.now, out);  // and is to be flushed
    world.shard.on(AppendSettled{world.run, refused.number, Stale{}}, world.now, out);
    world.settle(std::move(out));
    REQUIRE(world.facts<SignalReceived>().size() == 2);
}

SCENARIO("what came for a run that is set aside stays in the inbox until it is released") {
    ShardFixture world({ScriptedStep{"go", "signal"}});
    world.start();
    auto const signal = signal_to(world);
    std::vector<ShardOutput> out;
    world.shard.on(Deliver{signal, 0}, world.now, out);
    world.shard.on(Deliver{cancel_of(world), 4}, world.now, out);
    out.clear();
    world.shard.on(
        LoadFailed{world.run, runtime_failure("It is set aside."), LoadFailed::Kind::aside},
        world.now, out);
    REQUIRE(out.size() == 2);
    REQUIRE(std::get<Answer>(out.at(0)).ticket == 4);
    REQUIRE(std::get<ReturnMessages>(out.at(1)).messages == std::vector{signal.id});
}

SCENARIO("what a run was given and did not commit goes back when the run is set aside") {
    ShardFixture world({{"go", "signal"}, {"never", "broken"}});
    world.start();
    load(world);
    auto const early = signal_to(world);
    append_for(world, early);
    Message const fatal{MessageId::make(world.now, *world.random), world.run,
                        SendSignal{"go", Json(1), "me"}};
    std::vector<ShardOutput> out;
    world.shard.on(Deliver{fatal, 0}, world.now, out);
    REQUIRE(std::get<ReturnMessages>(out.at(0)).messages == std::vector{fatal.id, early.id});
    REQUIRE(std::holds_alternative<QuarantineRun>(out.at(1)));
}

SCENARIO("a run that waits on after it was released says again what for") {
    ShardFixture world({ScriptedStep{"go", "signal"}});
    world.start();
    auto const waits = world.row.waits_sentence;
    world.row.waits_sentence = "to be resumed: it was released from quarantine";
    world.row.wake_at = world.now;
    world.feed(Wake{world.run});
    REQUIRE(world.row.waits_sentence == waits);
    REQUIRE_FALSE(world.row.wake_at);
    auto const written = world.appends.size();
    world.feed(Wake{world.run});
    REQUIRE(world.appends.size() == written);  // nothing is behind any more
}

TEST_CASE("a start that comes while somebody asks for its run is not lost") {
    ShardFixture world({{"pay"}});
    std::vector<ShardOutput> out;
    world.shard.on(Wake{world.run}, world.now, out);
    REQUIRE(std::holds_alternative<LoadRun>(out.back()));
    world.shard.on(Deliver{signal_to(world), 0}, world.now, out);
    StartRun start{{"test/flow", "1", {}}, "default", "case-1", Json{{"amount", 5}}, "parent"};
    Message const message{MessageId::make(world.now, *world.random), world.run, std::move(start)};
    world.shard.on(Deliver{message, 0}, world.now, out);
    out.clear();
    world.shard.on(LoadFailed{world.run, validation_failure("There is no such run."),
                              LoadFailed::Kind::missing},
                   world.now, out);
    world.settle(std::move(out));
    CHECK(world.facts<RunStarted>().size() == 1);
    CHECK(world.facts<SignalReceived>().size() == 1);
}
