// Extensions: steps before and after others, which they leave as they are or replace.
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

constexpr char logging[] = R"(
use:
  extensions:
    - logging:
        extend: call
        when: $task.name != "quiet"
        before:
          - log: { call: tool, with: { tool: log, arguments: { at: '${ $task.reference }' } } }
        after:
          - log: { call: tool, with: { tool: log, arguments: { done: '${ .amount }' } } }
)";

Json arguments_of(Driver const& driver, std::string const& tool) {
    Json all = Json::array();
    for (auto const& proposal : driver.outside.proposals)
        if (proposal.request.json()["tool"] == tool)
            all.push_back(proposal.request.json()["arguments"]);
    return all;
}

std::string first_message(std::string const& yaml) {
    auto const loaded = workflow::load(document(yaml), "w.yaml");
    return loaded ? "nothing"
                  : std::to_string(loaded.diagnostics()[0].line) + " " +
                        loaded.diagnostics()[0].message;
}

}  // namespace

TEST_CASE("steps before and after a step see it and change nothing of its data") {
    Driver driver(document(std::string(logging) + R"(
do:
  - pay:
      call: tool
      with: { tool: pay, arguments: { amount: '${ .sum }' } }
      output: { as: '{ amount, asked: $input.sum }' }
  - quiet: { call: tool, with: { tool: look } }
  - say: { set: { amount: '${ $tasks.pay.amount }' } }
)"));
    driver.outside.answers["log"] = {good("logged")};
    driver.outside.answers["pay"] = {good({{"amount", 5}})};
    driver.outside.answers["look"] = {good({{"seen", true}})};
    driver.start({{"sum", 5}});
    CHECK(driver.output() == Json{{"amount", 5}});
    CHECK(arguments_of(driver, "pay") == Json::parse(R"([{"amount":5}])"));
    CHECK(arguments_of(driver, "log") == Json::parse(R"([{"at":"/do/0/pay"},{"done":5}])"));
    auto const steps = driver.completed();
    CHECK(std::ranges::count(steps, "/do/0/pay") == 1);
}

TEST_CASE("a step before another one can take its place") {
    std::string const mocked = R"(
use:
  extensions:
    - mock:
        extend: call
        when: $input.mocked
        before:
          - answer: { set: { content: mocked }, then: exit }
do:
  - get: { call: http, with: { method: get, endpoint: 'http://shop/' }, then: last }
  - never: { set: { content: never } }
  - last: { set: { got: '${ .content }' } }
)";
    Driver driver(document(mocked));
    driver.start({{"mocked", true}});
    CHECK(driver.output() == Json{{"got", "mocked"}});
    CHECK(driver.outside.proposals.empty());
    Driver real(document(mocked));
    real.outside.answers["http.get"] = {good({{"content", "real"}})};
    real.start({{"mocked", false}});
    CHECK(real.output() == Json{{"got", "real"}});
}

TEST_CASE("a step that is passed over has nothing before or after it") {
    Driver driver(document(std::string(logging) +
                           "do:\n  - pay: { if: .no, call: tool, with: { tool: pay } }\n"
                           "  - last: { set: { x: 1 } }\n"));
    driver.start({{"no", false}});
    CHECK(driver.output() == Json{{"x", 1}});
    CHECK(driver.outside.proposals.empty());
}

TEST_CASE(
    "an extension sees how a step is written, and means no step that its condition fails for") {
    std::string const mocked = R"(
use:
  extensions:
    - mock:
        extend: call
        when: $task.call == "http" and ($task.with.endpoint.uri | startswith("http://mocked"))
        before:
          - answer: { set: { content: '${ $task.with.method }' }, then: exit }
do:
  - get: { call: http, with: { method: get, endpoint: { uri: 'http://mocked/x' } } }
  - keep: { set: { mocked: '${ .content }' } }
  - real: { call: http, with: { method: get, endpoint: 'http://mocked/y' }, output: { as: '$input + .' } }
)";
    Driver driver(document(mocked));
    driver.outside.answers["http.get"] = {good({{"content", "real"}})};
    driver.start({});
    CHECK(driver.output() == Json{{"mocked", "get"}, {"content", "real"}});
    CHECK(driver.outside.proposals.size() == 1);  // a text has no member `uri`
}

TEST_CASE("an error says where its step is written, whatever was put around it") {
    auto const place = [](std::string const& use) {
        Driver driver(document(use + R"(
do:
  - block: { do: [ { pay: { call: tool, with: { tool: pay } } } ] }
)"));
        driver.outside.answers["log"] = {good(nullptr)};
        driver.outside.answers["pay"] = {bad(communication_failure("No route."))};
        driver.start({});
        return driver.error()["instance"];
    };
    CHECK(place("use: { extensions: [ { e: { extend: all, before: [ { log: { call: tool, with: { "
                "tool: log } } } ] } } ] }") == "/do/0/block/do/0/pay");
    CHECK(place("use: { extensions: [ { e: { extend: call, before: [ { log: { call: tool, with: { "
                "tool: pay } } } ] } } ] }") == "/do/0/block/do/0/pay");
    Driver driver(document(R"(
use: { functions: { charge: { do: [ { pay: { call: tool, with: { tool: pay } } } ] } } }
do:
  - block: { do: [ { charged: { call: charge } } ] }
)"));
    driver.outside.answers["pay"] = {bad(communication_failure("No route."))};
    driver.start({});
    CHECK(driver.error()["instance"] == "/do/0/block/do/0/charged");
}

TEST_CASE("extensions reach steps of every kind but not each other") {
    Driver driver(document(R"(
use:
  extensions:
    - count: { extend: all, before: [ { seen: { call: tool, with: { tool: log } } } ] }
do:
  - block: { do: [ { a: { set: { n: 1 } } } ] }
  - loop: { for: { in: '[1, 2]' }, do: [ { b: { set: { n: '${ $item }' } } } ] }
  - choose: { switch: [ { x: { when: .n == 2, then: last } } ] }
  - never: { set: { n: 0 } }
  - last: { set: { n: '${ .n + 1 }' } }
)"));
    driver.outside.answers["log"] = {good(nullptr)};
    driver.start({});
    CHECK(driver.output() == Json{{"n", 3}});
    CHECK(arguments_of(driver, "log").size() == 6);  // block, a, loop, b twice, last
}

TEST_CASE("mistakes in extensions are told where they stand") {
    std::string const rest = "do:\n  - a: { set: { x: 1 } }\n";
    CHECK(first_message("use: { extensions: [ { e: { before: [] } } ] }\n" + rest) ==
          "2 Extension `e` needs `extend`.");
    CHECK(first_message("use: { extensions: [ { e: { extend: cal } } ] }\n" + rest) ==
          "2 `cal` is no kind of step.");
    CHECK(first_message("use: { extensions: [ { e: { extend: switch } } ] }\n" + rest) ==
          "2 An extension of `switch` is not supported yet.");
    CHECK(first_message("use: { extensions: [ { e: { extend: run, before: [ { s: { sett: 1 } } ] "
                        "} } ] }\n" +
                        rest) == "2 Step `s` does not say what it does.");
}
