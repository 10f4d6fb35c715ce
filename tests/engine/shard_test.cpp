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
    world.shard.on(AppendSettled{world.run, commit.number, Committed{}}, world.now, out);
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

SCENARIO("a shard that goes elsewhere leaves nothing behind that only it would have done") {
    ShardFixture world({{"pay", "pair"}, {"tell"}});
    world.tool.how = {.attempts = 1, .settle = 1s};  // nobody but a person can tell
    world.start();
    REQUIRE(world.effects.size() == 2);
    auto const first = world.effects[0].attempt;
    auto const beside = world.effects[1].attempt;
    world.feed(EffectFinished{world.run, beside.step, 1, lost()});
    world.advance(1h);
    REQUIRE(world.effects.back().what == Dispatch::What::verify);
    std::vector<ShardOutput> out;
    world.shard.retire(out);
    world.feed(EffectFinished{world.run, first.step, 1, success("paid")});
    REQUIRE(world.effects.size() == 3);  // the next step is left to the new owner
    WHEN("an answer comes after a step whose successor is left to the new owner") {
        world.feed(EffectVerified{world.run, beside.step, 1, {}});
        THEN("what has to follow it is in the same append: a person is asked") {
            REQUIRE(world.facts<ActivityVerified>().size() == 1);
            REQUIRE(world.facts<ApprovalRequested>().size() == 1);
            REQUIRE(kind_name(world.appends.back().events.back().kind) == "approval_requested");
        }
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
    world.shard.flush(world.now, out);
    auto const number = std::get<CommitAppend>(out.front()).number;
    out.clear();
    world.shard.retire(out);
    REQUIRE(out.empty());
    world.shard.abandon(out);
    REQUIRE(std::get<Refused>(std::get<Answer>(out.at(0)).reply).why.status == 503);
    REQUIRE(world.shard.resident_runs() == 0);
    THEN("it is nobody else's before its last commit has come or failed") {
        REQUIRE_FALSE(world.shard.is_at_rest());
        world.shard.on(AppendSettled{world.run, number, Committed{}}, world.now, out);
        REQUIRE(world.shard.is_at_rest());
    }
}
