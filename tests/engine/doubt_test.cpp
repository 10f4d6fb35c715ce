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
}

SCENARIO("a key that is sent again settles nothing until it is answered") {
    ShardFixture world({{"pay"}});
    world.tool.how = {.attempts = 2, .resend_is_safe = true};
    world.start();
    world.finish(lost());
    world.answer_verification({Verdict::resend, {}, {}});
    auto const is_open_and_unknown = [&] {
        auto const activity = fold(world.run, world.history).activities.begin()->second;
        return std::holds_alternative<activity::Uncertain>(activity.state);
    };
    auto const ask_person = [&] {
        world.advance(world.tool.how.timeout + world.tool.how.settle);
        REQUIRE(world.effects.back().what == Dispatch::What::verify);
        world.answer_verification({Verdict::resend, {}, {}});
        return world.last<ApprovalRequested>();
    };
    WHEN("the last try is refused") {
        world.advance(2s);
        REQUIRE(world.effects.back().attempt.number == 2);
        world.finish(refused());
        THEN("the first one may have been applied all the same: a person decides") {
            REQUIRE(world.status() == "running");
            REQUIRE(is_open_and_unknown());
            auto const ask = ask_person();
            world.send(DecideApproval{ask.approval, "d1", "applied", "rita", ask.digest, "", {}});
            REQUIRE(world.status() == "completed");
        }
    }
    WHEN("the last try is lost too") {
        world.advance(2s);
        world.finish(lost());
        world.answer_verification({Verdict::resend, {}, {}});
        THEN("that is no failure: a person decides") {
            REQUIRE(world.status() == "running");
            REQUIRE(ask_person().kind == ApprovalKind::resolution);
        }
    }
    WHEN("the run is cancelled before it is sent again") {
        world.send(CancelRun{"rita", "no longer needed"});
        THEN("the run ends only when a person has said what became of it") {
            REQUIRE(world.status() == "running");
            REQUIRE(is_open_and_unknown());
            auto const ask = ask_person();
            world.send(DecideApproval{ask.approval, "d1", "absent", "rita", ask.digest, "", {}});
            REQUIRE(world.status() == "cancelled");
            REQUIRE(world.facts<ActivityStarted>().size() == 1);
        }
    }
}
