#include "tests/engine/shard_fixture.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

// A cancel of a run that the shard does not have in memory: it keeps it and asks for the run.
Message cancel_absent(ShardFixture& world) {
    Message const message{MessageId::make(world.now, *world.random), world.run,
                          CancelRun{"rita", ""}};
    std::vector<ShardOutput> out;
    world.shard.on(Deliver{message, 4}, world.now, out);
    return message;
}

}  // namespace

SCENARIO("a write leaves the process only after its intent is committed (I1)") {
    ShardFixture world({{"pay"}});
    std::vector<ShardOutput> out;
    world.shard.on(
        Deliver{Message{{}, world.run, StartRun{{"test/flow", "1", {}}, "default", "", {}, "me"}},
                1},
        world.now, out);
    REQUIRE(out.empty());
    world.shard.flush(world.now, out);
    REQUIRE(out.size() == 1);
    auto const commit = std::get<CommitAppend>(out.front());
    REQUIRE(kind_name(commit.append.events.back().kind) == "activity_started");
    out.clear();
    world.shard.on(AppendSettled{world.run, commit.last_sequence, Committed{}}, world.now, out);
    REQUIRE(std::holds_alternative<Answer>(out.at(0)));
    REQUIRE(std::get<PerformEffect>(out.at(1)).dispatch.attempt.intent.target == "pay");
}

SCENARIO("a read may start while the commit that decided it is under way") {
    ShardFixture world({{"look"}});
    world.tool.effect = Effect::read;
    std::vector<ShardOutput> out;
    world.shard.on(Deliver{Message{{}, world.run, StartRun{}}, 0}, world.now, out);
    REQUIRE(out.size() == 1);
    REQUIRE(std::holds_alternative<PerformEffect>(out.front()));
}

SCENARIO("an in-process read costs one event, and its outcome completes the step") {
    ShardFixture world({{"look"}, {"look_again"}});
    world.tool.effect = Effect::read;
    world.tool.gate = FakeTool::Gate::in_process;
    world.start();
    world.finish(success(1));
    world.finish(success(2));
    REQUIRE(world.status() == "completed");
    REQUIRE(world.history.size() == 5);  // run_started, work_started, two reads, run_completed
    REQUIRE(world.facts<ActivitySucceeded>()[0].completes_step);
    REQUIRE(fold(world.run, world.history).steps == 2);
}

SCENARIO("the outcome of one step and the intent of the next are one append") {
    ShardFixture world({{"pay"}, {"tell"}});
    world.start();
    auto const before = world.appends.size();
    world.finish(success("paid"));
    REQUIRE(world.appends.size() == before + 1);
    REQUIRE(world.last<ActivityStarted>().intent->target == "tell");
}

SCENARIO("a lost answer of a write is verified, never repeated blindly (I8)") {
    ShardFixture world({{"pay"}});
    world.start();
    auto const key = world.effects.back().attempt.intent.key;
    world.finish(lost());
    REQUIRE(world.effects.size() == 1);
    REQUIRE(world.appends.back().unresolved.front().key == key);
    WHEN("the system of record says that it happened") {
        world.advance(6s);
        REQUIRE(world.effects.back().what == Dispatch::What::verify);
        world.answer_verification({Verdict::applied, Json{{"seen", true}}, Json("receipt")});
        THEN("the step has succeeded with what was found, after one effect") {
            REQUIRE(world.status() == "completed");
            REQUIRE(world.facts<ActivityStarted>().size() == 1);
            REQUIRE(world.last<RunCompleted>().output.json() == "receipt");
        }
    }
    WHEN("it says that nothing happened") {
        world.advance(6s);
        world.answer_verification({Verdict::absent, {}, {}});
        world.advance(2s);
        THEN("the same bytes go out again under the same key") {
            REQUIRE(world.effects.back().what == Dispatch::What::perform);
            REQUIRE(world.effects.back().attempt.number == 2);
            REQUIRE(world.effects.back().attempt.intent.key == key);
            REQUIRE(world.effects.back().attempt.intent.request ==
                    world.effects.front().attempt.intent.request);
        }
    }
    WHEN("it cannot say for too long") {
        for (int i = 0; i < 400 && world.facts<ApprovalRequested>().empty(); ++i) {
            world.advance(10s);
            if (world.effects.back().what == Dispatch::What::verify)
                world.answer_verification({Verdict::undecided, {}, {}});
        }
        THEN("a person is asked, and the run says so (I18)") {
            auto const ask = world.last<ApprovalRequested>();
            REQUIRE(ask.kind == ApprovalKind::resolution);
            REQUIRE(waits_of(fold(world.run, world.history)).front().cause ==
                    WaitsFor::Cause::person);
            world.send(DecideApproval{ask.approval, "d1", "applied", "rita", ask.digest, "",
                                      Json("by phone")});
            REQUIRE(world.status() == "completed");
        }
    }
}

SCENARIO("a crash between intent and outcome makes the outcome unknown") {
    ShardFixture world({{"pay"}});
    world.start();
    world.crash();
    REQUIRE(world.effects.size() == 1);
    auto const unknown = world.last<ActivityUnknown>();
    REQUIRE(unknown.why.code == "interrupted");
    THEN("it is asked about only when a paused process can no longer send") {
        REQUIRE(*unknown.verify_at >=
                world.last<ActivityStarted>().deadline + world.tool.how.settle);
    }
}

SCENARIO("a crash during a read repeats it") {
    ShardFixture world({{"look"}});
    world.tool.effect = Effect::read;
    world.start();
    world.crash();
    REQUIRE(world.effects.size() == 2);
    REQUIRE(world.effects.back().attempt.number == 2);
}

SCENARIO("failed attempts are retried within the contract, with growing pauses") {
    ShardFixture world({{"pay"}});
    world.start();
    world.finish(busy());
    world.advance(1s);
    world.finish(busy());
    REQUIRE(*world.last<ActivityFailed>().retry_at == world.now + 2s);
    world.advance(2s);
    world.finish(busy());
    REQUIRE_FALSE(world.last<ActivityFailed>().retry_at);
    REQUIRE(world.status() == "faulted");
}

SCENARIO("a denied call has no effect (I14)") {
    ShardFixture world({{"pay"}});
    world.tool.gate = FakeTool::Gate::deny;
    world.start();
    REQUIRE(world.effects.empty());
    REQUIRE(world.last<ActivityDenied>().code == "denied_by_policy");
    REQUIRE(world.status() == "faulted");
}

SCENARIO("a stale append drops what was built on it and reads the truth again") {
    ShardFixture world({{"pay"}});
    std::vector<ShardOutput> out;
    world.shard.on(Deliver{Message{{}, world.run, StartRun{}}, 9}, world.now, out);
    world.shard.flush(world.now, out);
    out.clear();
    world.shard.on(AppendSettled{world.run, 3, Stale{}}, world.now, out);
    REQUIRE(std::holds_alternative<Refused>(std::get<Answer>(out.at(0)).reply));
    REQUIRE(std::holds_alternative<LoadRun>(out.at(1)));
}

SCENARIO("a case that has a run already answers with that run and does nothing else") {
    ShardFixture world({{"pay"}});
    std::vector<ShardOutput> out;
    world.shard.on(Deliver{Message{{}, world.run, StartRun{}}, 9}, world.now, out);
    world.shard.flush(world.now, out);
    out.clear();
    auto const other = RunId::make(world.now, *world.random);
    world.shard.on(AppendSettled{world.run, 3, CaseTaken{other}}, world.now, out);
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
    out.clear();
    world.shard.on(AppendSettled{world.run, 3, CaseTaken{world.run}}, world.now, out);
    REQUIRE(out.size() == 1);
    auto const& append = std::get<CommitAppend>(out.front()).append;
    REQUIRE(append.consumed == std::vector{id});
    REQUIRE(append.events.empty());
}

SCENARIO("a waiting run costs no memory and wakes by its timer") {
    ShardFixture world({{"pause", "timer", 1h}, {"pay"}});
    world.start();
    REQUIRE(world.evicted);
    REQUIRE(world.shard.resident_runs() == 0);
    REQUIRE(world.row.status == RunRow::Status::waiting);
    REQUIRE(world.row.wake_at == world.now + 1h);
    world.advance(1h);
    REQUIRE(world.effects.back().attempt.intent.target == "pay");
    REQUIRE(world.row.status == RunRow::Status::running);
}

SCENARIO("a signal is not lost when it comes before the step that waits for it") {
    ShardFixture world({{"pay"}, {"shipped", "signal"}});
    world.start();
    world.send(SendSignal{"shipped", Json(1), "carrier"});
    world.finish(success(1));
    REQUIRE(world.status() == "completed");
    REQUIRE(world.facts<SignalConsumed>().size() == 1);
}

SCENARIO("a message that is delivered again before it is committed counts once") {
    ShardFixture world({{"pay"}, {"go", "signal"}, {"go", "signal"}});
    world.start();
    Message const message{MessageId::make(world.now, *world.random), world.run,
                          SendSignal{"go", Json(1), "me"}};
    std::vector<ShardOutput> out;
    world.shard.on(Deliver{message, 0}, world.now, out);
    world.shard.on(Deliver{message, 0}, world.now, out);
    world.settle(std::move(out));
    world.finish(success(1));
    REQUIRE_FALSE(world.quarantined);
    REQUIRE(world.facts<SignalReceived>().size() == 1);
    REQUIRE(world.facts<SignalConsumed>().size() == 1);
    REQUIRE(world.status() == "running");
}

SCENARIO("signals that come together are each used once") {
    ShardFixture world({{"go", "signal"}, {"go", "signal"}});
    world.start();
    for (int i = 0; i < 3; ++i) world.send(SendSignal{"go", Json(i), "me"});
    REQUIRE_FALSE(world.quarantined);
    REQUIRE(world.facts<SignalConsumed>().size() == 2);
    REQUIRE(world.status() == "completed");
}

SCENARIO("cancel settles what is under way before the run is over") {
    ShardFixture world({{"pay"}, {"tell"}});
    world.start();
    world.send(CancelRun{"rita", "not needed"});
    REQUIRE(world.status() == "running");
    world.finish(success("paid"));
    REQUIRE(world.status() == "cancelled");
    REQUIRE(world.facts<ActivitySucceeded>().size() == 1);
    REQUIRE(world.facts<ActivityStarted>().size() == 1);
}

SCENARIO("a run is woken for what is due while a call is under way") {
    ShardFixture world({{"pay", "tool", 5s}});
    world.start();
    auto const due = world.now + 5s;
    int stages = 0;
    while (world.now < due) {
        REQUIRE_FALSE(world.alarms.empty());
        REQUIRE(world.alarms.back() > world.now);
        world.advance(world.alarms.back() - world.now);
        ++stages;
    }
    REQUIRE(stages <= 5);
    REQUIRE(world.facts<DeadlinePassed>().size() == 1);
    THEN("no alarm is left, and an effect that happened after all counts") {
        auto const asked_for = world.alarms.size();
        world.advance(1s);
        REQUIRE(world.alarms.size() == asked_for);
        REQUIRE_FALSE(world.evicted);
        world.finish(success("paid"));
        REQUIRE(world.status() == "completed");
    }
}

SCENARIO("a message to a run that does not exist is refused and leaves the inbox") {
    ShardFixture world({{"pay"}});
    auto const message = cancel_absent(world);
    std::vector<ShardOutput> out;
    world.shard.on(LoadFailed{world.run, validation_failure("There is no such run."),
                              LoadFailed::Kind::missing},
                   world.now, out);
    REQUIRE(std::holds_alternative<Refused>(std::get<Answer>(out.at(0)).reply));
    auto const& append = std::get<CommitAppend>(out.at(1)).append;
    REQUIRE(append.events.empty());
    REQUIRE(append.consumed == std::vector{message.id});
}

SCENARIO("a shard that goes elsewhere ends what is under way and begins nothing new") {
    ShardFixture world({{"pay"}, {"tell"}});
    world.start();
    REQUIRE(world.effects.size() == 1);
    std::vector<ShardOutput> out;
    world.shard.retire(out);
    REQUIRE(world.shard.resident_runs() == 1);
    world.finish(success("paid"));
    REQUIRE(world.shard.resident_runs() == 0);
    REQUIRE(world.effects.size() == 1);
    THEN("its new owner goes on with the next step, in no doubt about the last one") {
        ShardFixture heir({{"pay"}, {"tell"}});
        heir.run = world.run;
        heir.history = world.history;
        heir.appends = world.appends;
        heir.row = world.row;
        heir.feed(Wake{heir.run});
        REQUIRE(heir.effects.size() == 1);
        REQUIRE(heir.effects.back().attempt.intent.target == "tell");
        heir.finish(success("told"));
        REQUIRE(heir.status() == "completed");
        REQUIRE(heir.facts<ActivityUnknown>().empty());
    }
}

SCENARIO("a shard that goes elsewhere forgets runs that are still being loaded") {
    ShardFixture world({{"pay"}});
    cancel_absent(world);
    std::vector<ShardOutput> out;
    world.shard.retire(out);
    REQUIRE(world.shard.resident_runs() == 0);
    REQUIRE(std::get<Refused>(std::get<Answer>(out.at(0)).reply).why.status == 503);
}

SCENARIO("whoever waits for an answer is told when a shard is given up") {
    ShardFixture world({{"pay"}});
    std::vector<ShardOutput> out;
    StartRun const start{{"test/flow", "1", {}}, "default", "", {}, "me"};
    world.shard.on(Deliver{Message{{}, world.run, start}, 1}, world.now, out);
    world.shard.flush(world.now, out);  // its commit is never answered
    out.clear();
    world.shard.retire(out);
    REQUIRE(out.empty());
    world.shard.abandon(out);
    REQUIRE(std::get<Refused>(std::get<Answer>(out.at(0)).reply).why.status == 503);
    REQUIRE(world.shard.resident_runs() == 0);
}

SCENARIO("a message from the inbox outlives an append that was refused") {
    ShardFixture world({{"go", "signal"}});
    world.start();
    std::vector<ShardOutput> out;
    Message const message{MessageId::make(world.now, *world.random), world.run,
                          SendSignal{"go", Json(1), "me"}};
    world.shard.on(Wake{world.run}, world.now, out);
    REQUIRE(std::holds_alternative<LoadRun>(out.back()));
    out.clear();
    Run fold{.id = world.run};
    for (auto const& event : world.history) apply(fold, event);
    fold.head = world.appends.back().events.back().chain;
    world.shard.on(RunLoaded{world.run, world.row, fold}, world.now, out);
    world.shard.on(Deliver{message, 0}, world.now, out);
    out.clear();
    world.shard.flush(world.now, out);
    auto const refused = std::get<CommitAppend>(out.at(0));
    out.clear();
    world.shard.on(AppendSettled{world.run, refused.last_sequence, Stale{}}, world.now, out);
    world.settle(std::move(out));  // loads it again from what is stored
    REQUIRE(world.facts<SignalReceived>().size() == 1);
    REQUIRE(world.status() == "completed");
}
