#include "engine/chain.h"
#include "engine/quick_reader.h"
#include "tests/engine/shard_fixture.h"

using namespace resolute;
using namespace resolute::testing;

SCENARIO("every kind of fact comes back from its bytes as it was") {
    ShardFixture world({{"pay"},
                        {"ask", "question"},
                        {"pause", "timer", std::chrono::hours(1)},
                        {"go", "signal"}});
    world.start();
    world.finish(lost());
    world.advance(std::chrono::seconds(6));
    world.answer_verification({Verdict::applied, Json{{"a", "\u00e9\n"}}, Json{{"id", 1}}});
    auto const ask = world.last<ApprovalRequested>();
    world.send(
        DecideApproval{ask.approval, "d", "yes", "rita", ask.digest, "fine", Json{{"x", 1}}});
    world.advance(std::chrono::hours(2));
    world.send(SendSignal{"go", Json("now"), "me"});
    REQUIRE(world.status() == "completed");
    for (auto const& event : world.history) {
        auto const body = encode(event.fact);
        auto const again = decode(kind_number(event.fact), body);
        CAPTURE(body);
        REQUIRE(again.index() == event.fact.index());
        REQUIRE(encode(again) == body);
    }
}

SCENARIO("a body that our writer did not write is read all the same") {
    auto const wait = kind_number(SignalAwaited{});
    auto const* const plain = R"({"step":"/do/0/go","name":"go"})";
    REQUIRE(read_quickly(wait, plain));
    for (auto const* body : {plain, R"({"step": "/do/0/go", "name": "go"})",
                             R"({"step":"\/do\/0\/go","name":"g\u006f"})",
                             R"({"step":"/do/0/go","later":{"a":["}"]},"name":"go"})"}) {
        CAPTURE(body);
        auto const fact = std::get<SignalAwaited>(decode(wait, body));
        REQUIRE(fact.step.path == "/do/0/go");
        REQUIRE(fact.name == "go");
    }
    for (auto const* body : {"", "{", "[]", R"({"step":)", R"({"step":"/do/0/go"}x)",
                             R"({"step":"/do/0/go","later":]})", R"({"step":7})"}) {
        CAPTURE(body);
        REQUIRE_FALSE(read_quickly(wait, body));
        REQUIRE_THROWS_AS(decode(wait, body), CorruptHistory);
    }
}

SCENARIO("every fact that is written is read without a tree, and payloads keep their bytes") {
    ActivityIntent const intent{.kind = "tool",
                                .target = "payments.refund@1.0.0",
                                .effect = Effect::write,
                                .request = Json{{"a", {1, 2.5, "x\"]}", nullptr}}, {"b", {{}, {}}}},
                                .key = "k"};
    Fact const started = ActivityStarted{StepId{"/do/0/pay"}, 2, Timestamp{1}, intent, {}};
    auto const body = encode(started);
    auto const read = read_quickly(kind_number(started), body);
    REQUIRE(read);
    REQUIRE(encode(*read) == body);
    REQUIRE(std::get<ActivityStarted>(*read).intent->request == intent.request);
}

SCENARIO("a history that was tampered with does not verify (I10)") {
    ShardFixture world({{"pay"}});
    world.start();
    world.finish(success("paid"));
    std::vector<EncodedEvent> stored;
    for (auto const& append : world.appends)
        stored.insert(stored.end(), append.events.begin(), append.events.end());
    REQUIRE_FALSE(verify_chain(world.run, stored));
    auto at = [&](std::vector<EncodedEvent> const& events) {
        return verify_chain(world.run, events)->sequence;
    };
    SECTION("a changed byte") {
        auto changed = stored;
        auto& body = changed[2].body;
        body[body.find("pay")] = 'P';
        REQUIRE(at(changed) == 3);
    }
    SECTION("a missing event") {
        auto changed = stored;
        changed.erase(changed.begin() + 1);
        REQUIRE(at(changed) == 2);
    }
    SECTION("a moved time") {
        auto changed = stored;
        changed[1].at = changed[1].at + Duration(1);
        REQUIRE(at(changed) == 2);
    }
    SECTION("another run's history") { REQUIRE(verify_chain(RunId{}, stored)->sequence == 1); }
}

SCENARIO("facts that cannot follow are corruption, not a guess") {
    ShardFixture world({{"pay"}});
    world.start();
    auto run = fold(world.run, world.history);
    auto next = [&](Fact fact) { return Event{run.sequence + 1, world.now, std::move(fact)}; };
    REQUIRE_THROWS_AS(apply(run, Event{run.sequence + 2, world.now, RunCompleted{}}),
                      CorruptHistory);
    REQUIRE_THROWS_AS(apply(run, next(RunStarted{})), CorruptHistory);
    REQUIRE_THROWS_AS(apply(run, next(ActivityVerified{world.workflow.id(0)})), CorruptHistory);
    REQUIRE_THROWS_AS(apply(run, next(ActivitySucceeded{StepId{"/do/9/none"}})), CorruptHistory);
    REQUIRE_THROWS_AS(apply(run, next(TimerFired{world.workflow.id(0)})), CorruptHistory);
    REQUIRE_THROWS_AS(decode(99, "{}"), CorruptHistory);
    REQUIRE_THROWS_AS(decode(1, "{"), CorruptHistory);
}

SCENARIO("step ids say where they are") {
    REQUIRE(name_of({"/do/1/each#3/do/0/pay@1"}) == "pay");
    REQUIRE(name_of({"/do/0/" + escape_name("a/b#c@d%")}) == "a/b#c@d%");
    REQUIRE(parent_of({"/do/1/each#3/do/0/pay"}).path == "/do/1/each");
    REQUIRE(parent_of({"/do/1/join/fork/branches/0/left"}).path == "/do/1/join");
    REQUIRE(parent_of({"/do/1/risky#2/catch/do/0/mend"}).path == "/do/1/risky");
    REQUIRE(parent_of({"/do/0/pay@1"}).path.empty());
    REQUIRE(parent_of({"/do/0/lap@2/do/1/in"}).path == "/do/0/lap@2");
    REQUIRE(node_of({"/do/1/each#3/do/0/pay@1"}) == "/do/1/each/do/0/pay");
    REQUIRE(is_within({"/do/1/each#3/do/0/pay"}, {"/do/1/each"}));
    REQUIRE_FALSE(is_within({"/do/1/eachother"}, {"/do/1/each"}));
}
