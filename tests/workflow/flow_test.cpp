// Where the flow goes: sequences, jumps, switches, loops, forks.
#include "tests/workflow/race.h"

using namespace resolute;
using namespace resolute::testing;

TEST_CASE("then goes to a sibling, forward and backward") {
    Driver driver(steps(R"(
  - setRed: { set: { colors: '${ .colors + ["red"] }' }, then: setGreen }
  - setBlue: { set: { colors: '${ .colors + ["blue"] }' }, then: end }
  - setGreen: { set: { colors: '${ .colors + ["green"] }' }, then: setBlue }
)"));
    driver.start(Json::object());
    CHECK(driver.output() == Json::parse(R"({"colors":["red","green","blue"]})"));
    CHECK(driver.completed() ==
          std::vector<std::string>{"/do/0/setRed", "/do/2/setGreen", "/do/1/setBlue@1"});
}

TEST_CASE("a loop made of jumps gives every round step ids of its own") {
    Driver driver(steps(R"(
  - count: { set: { n: '${ .n + 1 }' } }
  - body: { do: [ { tick: { set: '${ . }' } } ] }
  - again:
      switch:
        - more: { when: .n < 3, then: count }
        - done: { then: exit }
)"));
    driver.start({{"n", 0}});
    CHECK(driver.output() == Json{{"n", 3}});
    CHECK(driver.completed() ==
          std::vector<std::string>{"/do/0/count", "/do/1/body/do/0/tick", "/do/1/body",
                                   "/do/2/again", "/do/0/count@1", "/do/1/body@1/do/0/tick",
                                   "/do/1/body@1", "/do/2/again@1", "/do/0/count@2",
                                   "/do/1/body@2/do/0/tick", "/do/1/body@2", "/do/2/again@2"});
}

TEST_CASE("exit leaves the block, end leaves the workflow") {
    auto const yaml = [](std::string const& word) {
        return steps(
            "  - block:\n      do:\n        - a: { set: { a: 1 }, then: " + word +
            " }\n        - b: { set: { b: 1 } }\n  - after: { set: { after: '${ . }' } }\n");
    };
    Driver exits(yaml("exit"));
    exits.start({});
    CHECK(exits.output() == Json::parse(R"({"after":{"a":1}})"));
    Driver ends(yaml("end"));
    ends.start({});
    CHECK(ends.output() == Json::parse(R"({"a":1})"));
}

TEST_CASE("switch takes the first match, the default, or its own then, and passes its input on") {
    auto const yaml = steps(R"(
  - choose:
      switch:
        - big: { when: .n > 10, then: large }
        - even: { when: '${ .n % 2 == 0 }', then: even }
      then: other
  - large: { set: { kind: large }, then: end }
  - even: { set: { kind: even }, then: end }
  - other: { set: { kind: other, n: '${ .n }' } }
)");
    auto kind = [&](int n) {
        Driver driver(yaml);
        driver.start({{"n", n}});
        return driver.output();
    };
    CHECK(kind(12) == Json{{"kind", "large"}});
    CHECK(kind(4) == Json{{"kind", "even"}});
    CHECK(kind(3) == Json::parse(R"({"kind":"other","n":3})"));
    Driver driver(yaml);
    driver.start({{"n", 12}});
    CHECK(driver.facts<StepCompleted>().front().next == "large");
}

TEST_CASE("for hands each output on to the next turn and sets its variables") {
    Driver driver(steps(R"(
  - loop:
      for: { each: color, in: '.colors', at: place }
      do:
        - mark:
            set:
              processed:
                colors: ${ .processed.colors + [$color] }
                places: ${ .processed.places + [$place] }
)"));
    driver.start({{"colors", {"red", "green", "blue"}}});
    CHECK(driver.output() ==
          Json::parse(R"({"processed":{"colors":["red","green","blue"],"places":[0,1,2]}})"));
    CHECK(driver.completed() == std::vector<std::string>{"/do/0/loop#0/do/0/mark",
                                                         "/do/0/loop#1/do/0/mark",
                                                         "/do/0/loop#2/do/0/mark", "/do/0/loop"});
}

TEST_CASE("a loop's items are computed and recorded once") {
    Driver driver(steps(R"(
  - loop:
      for: { in: $context.items }
      do:
        - change: { set: { last: '${ $item }' }, export: { as: '{ items: ["other"] }' } }
)"));
    driver.start({{"items", {1, 2, 3}}});
    CHECK(driver.output() == Json{{"last", 3}});
    for (auto const& advanced : driver.facts<StepAdvanced>())
        CHECK_FALSE(advanced.state.json().contains("items"));
}

TEST_CASE("a loop stops when its while is false, and one over nothing passes its input on") {
    Driver driver(
        steps("  - loop: { for: { in: .items }, while: '$index < 2 and .ok', do: [ { add: { set: { "
              "ok: true, n: '${ .n + $item }' } } } ] }\n"));
    driver.start({{"items", {5, 6, 7}}, {"ok", true}, {"n", 0}});
    CHECK(driver.output() == Json::parse(R"({"ok":true,"n":11})"));
    Driver never(steps(
        "  - loop: { for: { in: .items }, while: .ok, do: [ { add: { set: { n: 1 } } } ] }\n"));
    never.start({{"items", {5}}});
    CHECK(never.output() == Json::parse(R"({"items":[5]})"));
    Driver empty(steps("  - loop: { for: { in: '[]' }, do: [ { add: { set: { n: 1 } } } ] }\n"));
    empty.start({{"kept", 1}});
    CHECK(empty.output() == Json{{"kept", 1}});
}

TEST_CASE("exit inside a loop ends that turn only; jumps inside stay inside the turn") {
    Driver driver(steps(R"(
  - loop:
      for: { in: '[1, 2]' }
      do:
        - first: { set: { log: '${ .log + [$item] }', n: '${ (.n // 0) + 1 }' } }
        - choose:
            switch:
              - again: { when: '.n % 2 == 1', then: first }
              - leave: { when: $item == 1, then: exit }
        - second: { set: { log: '${ .log + ["second"] }', n: '${ .n }' } }
)"));
    driver.start({{"log", Json::array()}});
    CHECK(driver.output()["log"] == Json::parse(R"([1, 1, 2, 2, "second"])"));
    auto const done = driver.completed();
    CHECK(done[2] == "/do/0/loop#0/do/0/first@1");
    CHECK(done.back() == "/do/0/loop");
}

TEST_CASE("nested loops see both variables, the inner one hiding the outer of the same name") {
    Driver driver(steps(R"(
  - rows:
      for: { each: row, in: '[10, 20]' }
      do:
        - columns:
            for: { in: '[1, 2]' }
            do: [ { add: { set: { sums: '${ .sums + [$row + $item] }' } } } ]
)"));
    driver.start({{"sums", Json::array()}});
    CHECK(driver.output()["sums"] == Json::parse("[11,12,21,22]"));
}

TEST_CASE("in of a loop must be a list") {
    Driver driver(steps("  - loop: { for: { in: .items }, do: [ { add: { set: { n: 1 } } } ] }\n"));
    driver.start({{"items", 5}});
    CHECK(driver.error()["instance"] == "/do/0/loop");
}

TEST_CASE("a fork gives an array in the order of its branches, whichever ends first") {
    Driver driver(steps(R"(
  - both:
      fork:
        branches:
          - slow: { call: tool, with: { tool: slow } }
          - quick: { set: { quick: '${ .n }' } }
          - nested: { do: [ { deep: { set: { deep: true } } } ] }
          - never: { if: .absent, set: { x: 1 } }
  - after:
      set:
        all: ${ . }
        quick: ${ $tasks.quick.quick }
        deep: ${ $tasks.deep.deep }
)"));
    driver.start({{"n", 7}});
    CHECK(driver.status() == "running");
    driver.answer("/do/0/both/fork/branches/0/slow", good({{"slow", 1}}));
    CHECK(driver.output() ==
          Json::parse(
              R"({"all":[{"slow":1},{"quick":7},{"deep":true},null],"quick":7,"deep":true})"));
    CHECK(driver.completed()[0] == "/do/0/both/fork/branches/1/quick");
}

TEST_CASE("branches do not see what the others have done") {
    Driver driver(steps(R"(
  - before: { set: { n: 1 } }
  - both:
      fork:
        branches:
          - a: { set: { a: 1 } }
          - b: { do: [ { look: { set: { tasks: '${ $tasks | keys }' } } } ] }
)"));
    driver.start({});
    CHECK(driver.output()[1] == Json::parse(R"({"tasks":["before"]})"));
}

TEST_CASE("in a competing fork the first to end wins and the rest is dropped") {
    Driver driver(race_of({"slow: { call: tool, with: { tool: slow } }",
                           "quick: { call: tool, with: { tool: quick } }",
                           "skipped: { if: '${ false }', set: { x: 1 } }"},
                          tell_winner));
    driver.start({});
    CHECK(driver.status() == "running");
    driver.answer("/do/0/race/fork/branches/1/quick", good({{"by", "quick"}}));
    CHECK(driver.output() == Json::parse(R"({"winner":{"by":"quick"}})"));
    driver.answer("/do/0/race/fork/branches/0/slow", good({{"by", "slow"}}));
    CHECK(driver.run().output.json()["winner"]["by"] == "quick");
}

TEST_CASE("an error in one branch leaves the fork") {
    Driver driver(steps(R"(
  - guard:
      try:
        - both:
            fork:
              branches:
                - waits: { call: tool, with: { tool: slow } }
                - breaks: { raise: { error: { type: 'https://example.com/x', status: 418 } } }
      catch: { as: problem, do: [ { handle: { set: { caught: '${ $problem.instance }' } } } ] }
)"));
    driver.start({});
    CHECK(driver.output() == Json{{"caught", "/do/0/guard/try/0/both/fork/branches/1/breaks"}});
}

TEST_CASE("end in a branch ends the workflow with that branch's output") {
    Driver driver(
        steps("  - both: { fork: { branches: [ { a: { set: { a: 1 }, then: end } }, { b: { call: "
              "tool, with: { tool: slow } } } ] } }\n"));
    driver.start({});
    CHECK(driver.output() == Json{{"a", 1}});
}

TEST_CASE("wait sleeps for its duration and passes its input on") {
    Driver driver(steps(R"(
  - nap: { wait: { minutes: 1, seconds: 30 } }
  - again: { wait: '${ .pause }' }
)"));
    driver.start({{"pause", "PT5S"}});
    CHECK(driver.facts<TimerStarted>().at(0).due == driver.now + std::chrono::seconds(90));
    driver.advance(std::chrono::seconds(89));
    CHECK(driver.facts<TimerFired>().empty());
    driver.advance(std::chrono::seconds(1));
    driver.advance(std::chrono::seconds(5));
    CHECK(driver.output() == Json{{"pause", "PT5S"}});
}

TEST_CASE("a duration that is none fails the step") {
    Driver driver(steps("  - nap: { wait: '${ .pause }' }\n"));
    driver.start({{"pause", "P1M"}});
    CHECK(driver.error()["type"] == "https://serverlessworkflow.io/spec/1.0.0/errors/expression");
}

TEST_CASE("names with structure in them stay apart from structure") {
    Driver driver(
        steps("  - 'a/b#1@2': { do: [ { 'do': { set: { n: 1 } } } ] }\n  - after: { set: { n: '${ "
              "$tasks[\"a/b#1@2\"].n }' } }\n"));
    driver.start({});
    CHECK(driver.output() == Json{{"n", 1}});
    CHECK(driver.completed()[0] == "/do/0/a%2Fb%231%402/do/0/do");
}
