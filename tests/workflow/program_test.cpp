// `run: shell` and `run: script` as calls of built-in tools.
#include "tests/catch.h"
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

std::string first_refusal(std::string const& run) {
    auto const definition = workflow::load(steps("  - a: { run: " + run + " }\n"));
    if (definition) return "loads";
    auto const& first = definition.diagnostics().front();
    return std::to_string(first.column) + " " + first.code + " " + first.message;
}

}  // namespace

TEST_CASE("a program is asked for with what it gets, and its output is the step's") {
    Driver driver(steps(R"(
  - shout:
      run:
        shell:
          command: 'tr a-z A-Z'
          stdin: ${ .text }
          arguments: [Foo, '${ .n }']
          environment: { COLOR: '${ .color }' }
        return: all
      output: { as: .stdout }
)"));
    driver.outside.answers["run.shell"] = {
        outcome::Succeeded{Payload(Json{{"code", 0}, {"stdout", "HI"}, {"stderr", ""}})}};
    driver.start({{"text", "hi"}, {"n", 7}, {"color", "red"}});
    CHECK(driver.output() == "HI");
    CHECK(driver.request_of("/do/0/shout") == Json::parse(R"({"tool":"run.shell","arguments":{
        "command":"tr a-z A-Z","stdin":"hi","arguments":["Foo",7],"environment":{"COLOR":"red"},
        "return":"all"}})"));
}

TEST_CASE("a script says its language, and JavaScript has two names") {
    for (auto const& [written, tool] :
         {std::pair{"js", "run.javascript"}, std::pair{"javascript", "run.javascript"},
          std::pair{"python", "run.python"}}) {
        Driver driver(steps(std::string("  - a: { run: { script: { language: ") + written +
                            ", code: '1' } } }\n"));
        driver.outside.answers[tool] = {outcome::Succeeded{Payload(Json("x"))}};
        driver.start(Json::object());
        CHECK(driver.output() == "x");
        CHECK(driver.request_of("/do/0/a") == Json{{"tool", tool}, {"arguments", {{"code", "1"}}}});
    }
}

TEST_CASE("mistakes of programs have their place") {
    CHECK(first_refusal("{ script: { language: ruby, code: x } }") ==
          "37 invalid_value `ruby` is no language that a script can have.");
    CHECK(first_refusal("{ script: { language: js } }").find("code") != std::string::npos);
    CHECK(first_refusal("{ shell: { command: ls, return: all } }").find("return") !=
          std::string::npos);
    CHECK(first_refusal("{ shell: { command: ls }, return: code }") == "loads");
    CHECK(first_refusal("{ shell: { command: ls }, return: both }") ==
          "49 invalid_value `return` is one of stdout, stderr, code, all and none.");
    CHECK(first_refusal("{ shell: { command: ls, arguments: { a: 1 } } }") ==
          "50 wrong_type `arguments` must be a list, or an expression in `${ }`.");
    CHECK(first_refusal(
              "{ script: { language: js, code: x, arguments: { a: 1, b_2: '${ .b }' } } }") ==
          "loads");
    CHECK(first_refusal("{ script: { language: js, code: x, arguments: { a-b: 1 } } }") ==
          "63 invalid_name `a-b` cannot name a variable of a script.");
    CHECK(first_refusal("{ script: { language: js, code: x, arguments: 7 } }") ==
          "61 wrong_type `arguments` must be a list or a map, or an expression in `${ }`.");
    CHECK(first_refusal("{ shell: { command: ls }, script: { language: js, code: x } }") ==
          "15 invalid_value `run` runs exactly one of workflow, script and shell.");
}
