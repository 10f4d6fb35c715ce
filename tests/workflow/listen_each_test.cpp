// Steps that take each event through steps of their own, end with another event, or hear every one.
#include "base/error_codes.h"
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

Json event(std::string const& type, Json data) {
    return {{"specversion", "1.0"},
            {"id", "e"},
            {"source", "shop"},
            {"type", type},
            {"data", std::move(data)}};
}
std::string const hear = "/do/0/hear";

Driver listening_each(std::string const& step) {
    Driver driver(
        steps(step + "  - after: { set: { heard: '${ . }', context: '${ $context }' } }\n"));
    driver.start({{"order", 7}});
    return driver;
}

// Two steps for each vote, the second of which needs an answer.
std::string const votes_of_listeners = R"(
  - hear:
      listen:
        to: { any: [ { with: { type: vote } } ], until: { one: { with: { type: closed } } } }
      foreach:
        item: vote
        at: nth
        do:
          - name: { set: { by: '${ $vote.by }', nth: '${ $nth }', in: '${ .by }' } }
          - check: { call: tool, with: { tool: check, arguments: { by: '${ .by }' } } }
        output: { as: '{ by: $vote.by, checked: .ok }' }
        export: { as: '$context + { last: .by }' }
)";
std::string at(int turn, std::string const& rest) {
    return hear + "#" + std::to_string(turn) + "/foreach/do/" + rest;
}

}  // namespace

TEST_CASE("each event goes through its steps before the next one is asked for") {
    auto driver = listening_each(votes_of_listeners);
    CHECK(driver.hear(hear, event("vote", {{"by", "ann"}})));
    CHECK(driver.completed() == std::vector<std::string>{at(0, "0/name")});
    CHECK(driver.request_of(at(0, "1/check"))["arguments"] == Json{{"by", "ann"}});
    CHECK_FALSE(driver.hear(hear, event("vote", {{"by", "bob"}})));  // it does not listen now
    driver.answer(at(0, "1/check"), good({{"ok", 1}}));
    CHECK(driver.run().context.json()["last"] == "ann");
    CHECK(driver.hear(hear, event("vote", {{"by", "bob"}})));
    CHECK(driver.request_of(at(1, "1/check"))["arguments"] == Json{{"by", "bob"}});
    driver.answer(at(1, "1/check"), good({{"ok", 2}}));
    CHECK(driver.hear(hear, event("closed", "ignored"), 1));
    auto const output = driver.output();
    CHECK(output["heard"] == Json::parse(R"([{"by":"ann","checked":1},{"by":"bob","checked":2}])"));
    CHECK(output["context"] == Json{{"order", 7}, {"last", "bob"}});
}

TEST_CASE("a step that listens for each event goes on where it was after a crash at any moment") {
    auto const play = [](Driver& driver) {
        for (int i = 0; i < 40 && driver.status() == "running"; ++i) {
            auto const done = driver.run().frames.at(StepId{hear}).gathered.size();
            bool const is_heard =
                done < 2 ? driver.hear(hear, event("vote", {{"by", "p" + std::to_string(done)}}))
                         : driver.hear(hear, event("closed", 0), 1);
            if (!is_heard) driver.advance(std::chrono::seconds(60));
        }
    };
    auto const scripted = [&] {
        auto driver = listening_each(votes_of_listeners);
        driver.outside.answers["check"] = {good({{"ok", 1}})};  // whichever attempt it is
        play(driver);
        return driver;
    };
    auto whole = scripted();
    for (std::size_t kept = 1; kept < whole.history.size(); ++kept) {
        CAPTURE(kept);
        auto driver = scripted();
        driver.crash(kept);
        play(driver);
        CHECK(driver.output() == whole.output());
    }
}

TEST_CASE("an event goes to the first filter that lets it through, to one that ends it above all") {
    auto driver = listening_each(R"(
  - hear:
      listen:
        to:
          any:
            - with: { type: vote, data: '${ .n > 5 }' }
            - with: { type: vote }
          until:
            any: [ { with: { type: vote, data: '${ .n == 9 }' } }, { with: { type: shut } } ]
)");
    auto const heard = [&] { return driver.run().listening.at(StepId{hear}).heard.back().slot; };
    CHECK(driver.hear(hear, event("vote", {{"n", 3}})));
    CHECK(heard() == 1);
    CHECK(driver.hear(hear, event("vote", {{"n", 7}}), 1));
    CHECK(heard() == 0);
    CHECK(driver.facts<EventDeclined>().empty());
    if (GENERATE(false, true)) driver.crash();
    CHECK(driver.hear(hear, event("vote", {{"n", 9}})));
    CHECK(driver.output()["heard"] == Json::parse(R"([{"n":3},{"n":7}])"));
}

TEST_CASE("whoever hears every type can end with an event of one") {
    auto driver = listening_each(
        "  - hear: { listen: { to: { any: [], until: { one: { with: { type: closed } } } } } }\n");
    CHECK(driver.hear(hear, event("vote", 1)));
    CHECK(driver.hear(hear, event("closed", 2)));  // the store may name either slot
    CHECK(driver.output()["heard"] == Json::array({1}));
}

TEST_CASE("an event that came while the run was paused is taken up when it is resumed") {
    auto driver = listening_each(votes_of_listeners);
    driver.pause();
    auto const is_end = GENERATE(false, true);
    driver.hear(hear, event(is_end ? "closed" : "vote", {{"by", "ann"}}), is_end ? 1 : 0);
    CHECK(driver.completed().empty());
    if (GENERATE(false, true)) driver.crash();
    CHECK(driver.unpause() == "");
    if (is_end)
        CHECK(driver.output()["heard"] == Json::array());
    else
        CHECK(driver.completed() == std::vector<std::string>{at(0, "0/name")});
}

TEST_CASE("an error in the steps for an event is the step's, and ends the listening") {
    auto driver = listening_each(R"(
  - hear:
      listen: { to: { any: [ { with: { type: vote } } ], until: 'false' } }
      foreach: { do: [ { no: { raise: { error: { type: about:blank, status: 418 } } } } ] }
)");
    driver.hear(hear, event("vote", 1));
    CHECK(driver.error()["instance"] == "/do/0/hear/foreach/do/0/no");
}

TEST_CASE("exit leaves the steps for one event") {
    auto driver = listening_each(R"(
  - hear:
      listen: { to: { any: [ { with: { type: vote } } ], until: 'length == 2' } }
      foreach:
        do:
          - first: { set: { n: '${ . }' }, then: exit }
          - never: { set: { n: 0 } }
)");
    driver.hear(hear, event("vote", 1));
    driver.hear(hear, event("vote", 2));
    CHECK(driver.output()["heard"] == Json::parse(R"([{"n":1},{"n":2}])"));
}

TEST_CASE("without steps each event is only shaped") {
    auto driver = listening_each(R"(
  - hear:
      listen: { to: { all: [ { with: { type: a } }, { with: { type: b } } ] }, read: envelope }
      foreach: { output: { as: '{ type: $item.type, nth: $index }' } }
)");
    driver.hear(hear, event("b", 1), 1);
    driver.hear(hear, event("a", 1), 0);
    CHECK(driver.output()["heard"] ==
          Json::parse(R"([{"type":"b","nth":0},{"type":"a","nth":1}])"));
}

TEST_CASE("another event ends the listening and is not part of what was heard") {
    auto driver = listening_each(R"(
  - hear:
      listen:
        to:
          any: [ { with: { type: vote } } ]
          until: { all: [ { with: { type: closed } }, { with: { type: counted } } ] }
)");
    driver.hear(hear, event("vote", 1));
    driver.hear(hear, event("closed", 0), 1);
    if (GENERATE(false, true)) driver.crash();
    auto const filters = driver.run().listening.at({hear}).filters.json();
    REQUIRE(filters.size() == 2);
    CHECK(filters[1]["slot"] == 2);
    driver.hear(hear, event("vote", 2));
    driver.hear(hear, event("counted", 0), 2);
    CHECK(driver.output()["heard"] == Json::parse("[1,2]"));
}

TEST_CASE("a step can listen for events of every type") {
    auto const to = GENERATE(values<std::string>({"any: []", "one: { with: { source: shop } }",
                                                  "one: { with: { type: '${ . != \"x\" }' } }"}));
    auto driver = listening_each("  - hear: { listen: { to: { " + to + " } } }\n");
    CHECK(driver.run().listening.at({hear}).filters.json()[0]["type"] == "");
    CHECK(waits_of(driver.run())[0].sentence == "for an event of any type");
    driver.hear(hear, event("whatever", 1));
    CHECK(driver.output()["heard"] == Json::array({1}));
}

TEST_CASE("a type that is an expression is looked at by the step") {
    auto driver = listening_each(
        "  - hear: { listen: { to: { one: { with: { type: '${ . != \"x\" }' } } } } }\n");
    driver.hear(hear, event("x", 1));
    CHECK(driver.facts<EventDeclined>().size() == 1);
    CHECK(driver.status() == "running");
}
