// What became of an attempt that was lost: who may say so, and when.
#include "tests/engine/shard_fixture.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

SCENARIO("a person is asked only when nothing can be sent any more") {
    ShardFixture world({{"pay"}});
    world.tool.how.can_verify = false;
    world.start();
    auto const believable = world.last<ActivityStarted>().deadline + world.tool.how.settle;
    WHEN("the process died before an answer came") {
        world.crash();
        THEN("a paused one could still send, so whoever looks now would say too early: absent") {
            REQUIRE(world.facts<ApprovalRequested>().empty());
            REQUIRE(world.last<ActivityUnknown>().verify_at == believable);
            world.advance(believable - world.now);
            world.answer_verification({Verdict::undecided, {}, {}});
            REQUIRE(world.last<ApprovalRequested>().kind == ApprovalKind::resolution);
        }
    }
    WHEN("the answer was lost") {
        world.finish(lost());
        THEN("what was sent is given the time that it may take") {
            REQUIRE(world.last<ActivityUnknown>().verify_at == believable);
        }
    }
    WHEN("its system gives up before that time is over") {
        world.tool.how.can_verify = true;
        world.tool.how.verify_within = 0s;
        world.finish(lost());
        world.advance(*world.last<ActivityUnknown>().verify_at - world.now);
        REQUIRE(world.now < believable);
        world.answer_verification({Verdict::undecided, {}, {}});
        THEN("the question to a person waits until it is") {
            REQUIRE(world.facts<ApprovalRequested>().empty());
            REQUIRE(world.last<ActivityVerified>().next_at == believable);
            world.advance(believable - world.now);
            world.answer_verification({Verdict::undecided, {}, {}});
            REQUIRE(world.last<ApprovalRequested>().kind == ApprovalKind::resolution);
        }
    }
}

namespace {

// One call of a tool that honours keys; its first answer was lost, and the key may be sent again.
struct Resent : ShardFixture {
    explicit Resent(Duration limit = {}) : ShardFixture({{"pay", "tool", limit}}) {
        tool.how = {.attempts = 2, .resend_is_safe = true};
        start();
        finish(lost());
        answer_verification({Verdict::resend, {}, {}});
    }

    bool is_unknown() const {
        auto const activity = fold(run, history).activities.begin()->second;
        return status() == "running" && std::holds_alternative<activity::Uncertain>(activity.state);
    }
    Duration wait_for(Dispatch::What what) {
        auto const from = now;
        while (effects.back().what != what) advance(1s);
        return now - from;
    }
    ApprovalRequested ask_person() {
        advance(tool.how.timeout + tool.how.settle);
        REQUIRE(effects.back().what == Dispatch::What::verify);
        answer_verification({Verdict::resend, {}, {}});
        REQUIRE(last<ApprovalRequested>().kind == ApprovalKind::resolution);
        return last<ApprovalRequested>();
    }
};

}  // namespace

SCENARIO("a key that is sent again settles nothing until it is answered") {
    Resent world;
    WHEN("it is refused for good") {
        world.advance(2s);
        REQUIRE(world.effects.back().attempt.number == 2);
        world.finish(refused());
        THEN("the first one may have been applied all the same: a person decides") {
            REQUIRE(world.is_unknown());
            auto const ask = world.ask_person();
            world.send(DecideApproval{ask.approval, "d1", "applied", "rita", ask.digest, "", {}});
            REQUIRE(world.status() == "completed");
        }
    }
    WHEN("it is refused for good, and nobody can tell") {
        world.advance(2s);
        world.finish(refused());
        world.advance(world.tool.how.timeout + world.tool.how.settle);
        world.answer_verification({Verdict::undecided, {}, {}});
        THEN("a person is asked at once: its system will not be asked in the same way again") {
            REQUIRE(world.last<ApprovalRequested>().kind == ApprovalKind::resolution);
        }
    }
    WHEN("nothing runs for days") {
        world.advance(48h);
        THEN("whether the system still knows the key is asked again before it is sent") {
            REQUIRE(world.facts<ActivityStarted>().size() == 1);
            REQUIRE(world.effects.back().what == Dispatch::What::verify);
            world.answer_verification({Verdict::undecided, {}, {}});
            REQUIRE(world.is_unknown());
        }
    }
    WHEN("its time is over") {
        Resent late(30s);
        late.advance(30s);
        REQUIRE(late.facts<DeadlinePassed>().size() == 1);
        THEN("it is sent again all the same, and its answer counts") {
            late.wait_for(Dispatch::What::perform);
            REQUIRE(late.effects.back().attempt.number >= 2);
            late.finish(success(Json::object()));
            REQUIRE(late.status() == "completed");
        }
    }
    WHEN("the run is cancelled before it is sent again") {
        world.send(CancelRun{"rita", "no longer needed"});
        THEN("the run ends only when a person has said what became of it") {
            REQUIRE(world.is_unknown());
            auto const ask = world.ask_person();
            world.send(DecideApproval{ask.approval, "d1", "absent", "rita", ask.digest, "", {}});
            REQUIRE(world.status() == "cancelled");
            REQUIRE(world.facts<ActivityStarted>().size() == 1);
        }
    }
}

SCENARIO("a key is how its system is asked, so the contract's tries do not end it") {
    Resent world;
    auto pause = Duration::zero();
    for (int number = 2; number <= 20; ++number) {
        pause = world.wait_for(Dispatch::What::perform);
        REQUIRE(world.effects.back().attempt.number == number);
        world.finish(number % 2 == 0 ? lost() : busy());
        world.wait_for(Dispatch::What::verify);
        world.answer_verification({Verdict::resend, {}, {}});
    }
    REQUIRE(world.facts<ApprovalRequested>().empty());
    REQUIRE(pause >= world.tool.how.verify_every);
    world.wait_for(Dispatch::What::perform);
    WHEN("it is answered at last") {
        world.finish(success(Json::object()));
        THEN("that is the answer") { REQUIRE(world.status() == "completed"); }
    }
    WHEN("the system has forgotten it") {
        world.finish(lost());
        world.answer_verification({Verdict::undecided, {}, {}});
        world.advance(world.tool.how.verify_within);
        world.answer_verification({Verdict::undecided, {}, {}});
        THEN("a person decides") { REQUIRE_NOTHROW(world.ask_person()); }
    }
}

TEST_CASE("after a crash an honoured key is sent at once: two of them are one") {
    ShardFixture world({{"pay"}});
    world.tool.how = {.resend_is_safe = true};
    world.start();
    world.crash();
    CHECK(world.last<ActivityUnknown>().verify_at == world.now);
    world.advance(0s);
    REQUIRE(world.effects.back().what == Dispatch::What::verify);
}

TEST_CASE("of two answers about one attempt the second asks nobody again") {
    ShardFixture world({{"pay"}});
    world.tool.how.can_verify = false;
    world.start();
    world.finish(lost());
    world.advance(world.tool.how.timeout + world.tool.how.settle);
    world.answer_verification({Verdict::undecided, {}, {}});
    auto const ask = world.last<ApprovalRequested>();
    world.answer_verification({Verdict::undecided, {}, {}});
    CHECK(world.facts<ApprovalRequested>().size() == 1);
    CHECK(world.facts<ActivityVerified>().size() == 1);
    world.send(DecideApproval{ask.approval, "d1", "applied", "rita", ask.digest, "", {}});
    CHECK(world.status() == "completed");
}
