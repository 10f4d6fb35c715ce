#include "tests/engine/shard_fixture.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

struct Asked : ShardFixture {
    Asked() : ShardFixture({{"pay"}}) {
        tool.gate = FakeTool::Gate::approval;
        start();
    }
    ApprovalRequested ask() const { return last<ApprovalRequested>(); }
    Ticket decide(std::string decision, std::string by = "rita", std::string id = "d1") {
        return send(DecideApproval{ask().approval,
                                   std::move(id),
                                   std::move(decision),
                                   std::move(by),
                                   ask().digest,
                                   "",
                                   {}});
    }
    bool was_refused(Ticket ticket) const {
        return std::holds_alternative<Refused>(answers.at(ticket));
    }
};

}  // namespace

SCENARIO("an approval is consumed by the very event that is the intent (I4)") {
    Asked world;
    REQUIRE(world.effects.empty());
    REQUIRE(world.evicted);
    world.decide("approve");
    REQUIRE(world.effects.size() == 1);
    REQUIRE(world.last<ActivityStarted>().approval == world.ask().approval);
    auto const& rows = world.appends.back().approvals;
    REQUIRE(rows.back().status == ApprovalStatus::consumed);
    REQUIRE(world.appends.back().decisions.front().by == "rita");
}

SCENARIO("a rejected call never runs, and its words are kept") {
    Asked world;
    world.decide("reject");
    REQUIRE(world.effects.empty());
    REQUIRE(world.last<ActivityDenied>().code == "rejected_by_person");
    REQUIRE(world.status() == "faulted");
}

SCENARIO("answers that must not count are refused and recorded") {
    Asked world;
    SECTION("for other bytes than were shown (I3)") {
        auto const ticket = world.send(
            DecideApproval{world.ask().approval, "d1", "approve", "rita", sha256("other"), "", {}});
        REQUIRE(world.was_refused(ticket));
    }
    SECTION("by the one who asked (I6)") {
        REQUIRE(world.was_refused(world.decide("approve", "initiator")));
    }
    SECTION("a choice that does not exist") { REQUIRE(world.was_refused(world.decide("maybe"))); }
    SECTION("by nobody") { REQUIRE(world.was_refused(world.decide("approve", ""))); }
    SECTION("too late (I5)") {
        world.now = world.now + 25h;
        REQUIRE(world.was_refused(world.decide("approve")));
    }
    REQUIRE(world.effects.empty());
    REQUIRE(world.facts<ApprovalAnswerRefused>().size() == 1);
    REQUIRE_FALSE(world.appends.back().decisions.front().refused.empty());
}

SCENARIO("only those who are asked may decide: the people, and the members of the groups") {
    ShardFixture world({{"pay"}});
    world.tool.gate = FakeTool::Gate::approval;
    world.tool.asked_people = {{"users", {"rita"}}, {"groups", {"leads", "board"}}};
    world.start();
    auto const ask = world.last<ApprovalRequested>();
    auto const decide = [&](std::string by, std::vector<std::string> groups) {
        return world.send(DecideApproval{
            ask.approval, "d1", "approve", std::move(by), ask.digest, "", {}, std::move(groups)});
    };
    auto const ticket = decide("bob", {"desk"});
    auto const why = std::get<Refused>(world.answers.at(ticket)).why;
    REQUIRE(why.status == 403);
    REQUIRE(why.code == "not_asked");
    REQUIRE(
        why.detail ==
        "`bob` is not among those who are asked: `rita`, the group `leads`, the group `board`.");
    REQUIRE(world.last<ApprovalAnswerRefused>().by == "bob");
    REQUIRE(world.effects.empty());
    SECTION("a person by name") { decide("rita", {}); }
    SECTION("a member of a group, on the record") {
        decide("carl", {"board", "desk"});
        REQUIRE(world.last<ApprovalDecided>().groups == std::vector<std::string>{"board", "desk"});
    }
    REQUIRE(world.effects.size() == 1);
}

SCENARIO("a double click decides once") {
    Asked world;
    world.decide("approve", "rita", "same");
    auto const again = world.decide("approve", "rita", "same");
    REQUIRE_FALSE(world.was_refused(again));
    REQUIRE(world.effects.size() == 1);
    REQUIRE(world.facts<ApprovalDecided>().size() == 1);
}

SCENARIO("whoever clicks twice is told of an event that is there") {
    ShardFixture world({{"pay"}});
    world.tool.gate = FakeTool::Gate::approval;
    world.tool.quorum = 2;
    world.start();
    auto const ask = world.last<ApprovalRequested>();
    for (int i = 0; i < 2; ++i) {
        auto const ticket =
            world.send(DecideApproval{ask.approval, "d1", "approve", "rita", ask.digest, "", {}});
        REQUIRE(std::get<Accepted>(world.answers.at(ticket)).sequence == world.history.size());
    }
    REQUIRE(world.facts<ApprovalDecided>().size() == 1);
}

SCENARIO("the second of two racing reviewers is told that it is decided") {
    Asked world;
    world.decide("approve", "rita", "d1");
    REQUIRE(world.was_refused(world.decide("reject", "omar", "d2")));
    REQUIRE(world.effects.size() == 1);
}

SCENARIO("one of two approves and the other rejects in the same turn") {
    ShardFixture world({{"pay"}});
    world.tool.gate = FakeTool::Gate::approval;
    world.tool.quorum = 2;
    world.start();
    auto const ask = world.last<ApprovalRequested>();
    std::vector<ShardOutput> out;
    auto come = [&](char const* id, char const* decision, char const* by) {
        Message message{MessageId::make(world.now, *world.random), world.run,
                        DecideApproval{ask.approval, id, decision, by, ask.digest, "", {}}};
        world.shard.on(Deliver{std::move(message), 0}, world.now, out);
    };
    come("d1", "approve", "rita");
    come("d2", "reject", "omar");
    world.settle(std::move(out));
    REQUIRE_FALSE(world.quarantined);
    REQUIRE(world.facts<ApprovalDecided>().size() == 2);
    REQUIRE(world.facts<ActivityDenied>().size() == 1);
    REQUIRE(world.effects.empty());
    REQUIRE(world.status() == "faulted");
}

SCENARIO("nobody decides in time") {
    Asked world;
    world.advance(25h);
    REQUIRE(world.effects.empty());
    REQUIRE(world.facts<ApprovalExpired>().size() == 1);
    REQUIRE(world.last<ActivityDenied>().code == "approval_expired");
}

SCENARIO("a policy that changed after the question voids the approval (I5)") {
    Asked world;
    world.tool.policy_version = 2;
    WHEN("it still wants an approval") {
        world.decide("approve");
        THEN("people are asked again, about what would run now") {
            REQUIRE(world.effects.empty());
            REQUIRE(world.facts<ApprovalRevoked>().size() == 1);
            REQUIRE(world.facts<ApprovalRequested>().size() == 2);
            world.decide("approve", "rita", "d2");
            REQUIRE(world.effects.size() == 1);
        }
    }
    WHEN("it denies now") {
        world.tool.gate = FakeTool::Gate::deny;
        world.decide("approve");
        REQUIRE(world.effects.empty());
        REQUIRE(world.last<ActivityDenied>().code == "denied_by_policy");
    }
}

SCENARIO("cancelling a run revokes what it asked for") {
    Asked world;
    world.send(CancelRun{"omar", "duplicate"});
    REQUIRE(world.status() == "cancelled");
    REQUIRE(world.facts<ApprovalRevoked>().size() == 1);
    REQUIRE(world.was_refused(world.decide("approve")));
    REQUIRE(world.effects.empty());
}
