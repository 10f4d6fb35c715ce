// The order in which data is validated and transformed, and what expressions can see.
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;

TEST_CASE("set replaces the data and the next step gets what the last one made") {
    Driver driver(steps(R"(
  - first: { set: { colors: '${ .colors + ["red"] }', lost: 1 } }
  - second: { set: { colors: '${ .colors + ["green"] }' } }
)"));
    driver.start({{"colors", {"blue"}}, {"other", 1}});
    CHECK(driver.output() == Json::parse(R"({"colors":["blue","red","green"]})"));
    CHECK(driver.completed() == std::vector<std::string>{"/do/0/first", "/do/1/second"});
}

TEST_CASE("the workflow's input is validated, transformed, and becomes the first context") {
    auto const yaml = document(R"(
input:
  schema: { document: { type: object, required: [user] } }
  from: .user
do:
  - show:
      set:
        name: ${ .name }
        context: ${ $context.name }
        raw: ${ $workflow.input.user.name }
output: { as: '{ answer: . }' }
)");
    Driver fine(yaml);
    fine.start({{"user", {{"name", "Ann"}}}});
    CHECK(fine.output() == Json::parse(R"({"answer":{"name":"Ann","context":"Ann","raw":"Ann"}})"));

    Driver wrong(yaml);
    wrong.start({{"person", 1}});
    auto const error = wrong.error();
    CHECK(error["type"] == "https://serverlessworkflow.io/spec/1.0.0/errors/validation");
    CHECK(error["code"] == "schema_violation");
    CHECK_THAT(error["detail"].get<std::string>(), ContainsSubstring("user"));
}

TEST_CASE("a step's data goes if, schema, from, run, as, schema, export in that order") {
    Driver driver(steps(R"(
  - all:
      if: .raw == 5
      input:
        schema: { document: { type: object, required: [raw] } }
        from: '{ inner: (.raw + 1) }'
      set: { result: '${ .inner * 2 }', input: '${ $input.inner }' }
      output:
        as: '{ shaped: .result, from: $input.inner, raw: $output.result }'
        schema: { document: { type: object, required: [shaped] } }
      export: { as: '{ was: $context.raw, now: .shaped }' }
  - after: { set: { data: '${ . }', context: '${ $context }' } }
)"));
    driver.start({{"raw", 5}});
    CHECK(driver.output() ==
          Json::parse(R"({"data":{"shaped":12,"from":6,"raw":12},"context":{"was":5,"now":12}})"));
}

TEST_CASE("a step whose condition is false is skipped, passes its input on and follows its then") {
    Driver driver(steps(R"(
  - one: { if: '${ false }', set: { x: 1 }, then: three }
  - two: { set: { never: true } }
  - three: { if: .absent, set: { y: 1 } }
)"));
    driver.start({{"given", 1}});
    CHECK(driver.output() == Json{{"given", 1}});
    CHECK(driver.completed().empty());
    auto const skipped = driver.facts<StepSkipped>();
    REQUIRE(skipped.size() == 2);
    CHECK(skipped[0].next == "three");
}

TEST_CASE("a condition that is neither true nor false is an expression error") {
    Driver driver(steps("  - one: { if: .text, set: { x: 1 } }\n"));
    driver.start({{"text", "false"}});
    CHECK(driver.error()["type"] == "https://serverlessworkflow.io/spec/1.0.0/errors/expression");
    CHECK(driver.error()["instance"] == "/do/0/one");
}

TEST_CASE(
    "schemas of a step's input and output fail the step with a validation error at its place") {
    Driver input(
        steps("  - one: { input: { schema: { document: { type: string } } }, set: { x: 1 } }\n"));
    input.start({{"a", 1}});
    CHECK(input.error()["instance"] == "/do/0/one");
    CHECK(input.error()["code"] == "schema_violation");
    Driver output(
        steps("  - one: { set: { x: 1 }, output: { schema: { document: { required: [y] } } } }\n"));
    output.start({});
    CHECK_THAT(output.error()["detail"].get<std::string>(),
               ContainsSubstring("The output of `one`"));
    Driver exported(
        steps("  - one: { set: { x: 1 }, export: { as: .x, schema: { document: { type: string } } "
              "} }\n"));
    exported.start({});
    CHECK_THAT(exported.error()["detail"].get<std::string>(),
               ContainsSubstring("The export of `one`"));
}

TEST_CASE("$tasks has the latest output of every completed step, of inner blocks too") {
    Driver driver(steps(R"(
  - outer:
      do:
        - inner: { set: { n: 1 } }
        - inside: { set: { sees: '${ $tasks.inner.n }' } }
  - after:
      set:
        inner: ${ $tasks.inner.n }
        inside: ${ $tasks.inside.sees }
        outer: ${ $tasks.outer }
        all: ${ $tasks | keys }
)"));
    driver.start({});
    CHECK(driver.output() ==
          Json::parse(
              R"({"inner":1,"inside":1,"outer":{"sees":1},"all":["inner","inside","outer"]})"));
}

TEST_CASE("$task, $workflow and $runtime describe where the expression runs") {
    Driver driver(steps(R"(
  - one:
      set:
        task: '${ $task.name + " " + $task.reference }'
        kind: '${ $task.definition.set.kind }'
        at: '${ $task.startedAt.iso8601 }'
        id: '${ $workflow.id }'
        name: '${ $workflow.definition.document.name }'
        runtime: '${ $runtime.name }'
)"));
    driver.start({});
    auto const output = driver.output();
    CHECK(output["task"] == "one /do/0/one");
    CHECK(output["kind"] == "${ $task.definition.set.kind }");
    CHECK(output["at"] == "2023-11-14T22:13:20.000000Z");
    CHECK(output["id"] == to_string(driver.run().id));
    CHECK(output["name"] == "flow");
    CHECK(output["runtime"] == "resolute");
}

TEST_CASE("$task has the input before it was filtered and the output before it was shaped") {
    for (auto const* inside : {"set: { doubled: '${ . * 2 }' }",
                               "do: [ { inner: { set: { doubled: '${ . * 2 }' } } } ]"}) {
        Driver driver(
            steps("  - one:\n      input: { from: .n }\n      " + std::string(inside) + R"(
      output: { as: '{ seen: [$task.input, $input, $task.output, .] }' }
      export: { as: '{ raw: $task.output, shaped: ., output: $output }' }
  - two: { set: '${ { a: $tasks.one, b: $context } }' }
)"));
        driver.start({{"n", 2}});
        Json const seen{{"seen", {{{"n", 2}}, 2, {{"doubled", 4}}, {{"doubled", 4}}}}};
        CHECK(driver.output()["a"] == seen);
        CHECK(driver.output()["b"] ==
              Json{{"raw", {{"doubled", 4}}}, {"shaped", seen}, {"output", seen}});
    }
}

TEST_CASE("expressions work anywhere inside maps and lists, and text around them stays text") {
    Driver driver(steps(R"(
  - one:
      set:
        list: [1, '${ .n }', { deep: '${ .n + 1 }' }]
        text: 'n is ${ .n }'
        literal: [true, null, 1.5]
)"));
    driver.start({{"n", 2}});
    CHECK(driver.output() ==
          Json::parse(
              R"({"list":[1,2,{"deep":3}],"text":"n is ${ .n }","literal":[true,null,1.5]})"));
}

TEST_CASE("in loose mode every text is tried as an expression and stays text when it is none") {
    Driver driver(
        document("evaluate: { mode: loose }\ndo:\n  - one: { set: { a: .n, b: hello world, c: '${ "
                 ".n }' } }\n"));
    driver.start({{"n", 2}});
    CHECK(driver.output() == Json::parse(R"({"a":2,"b":"hello world","c":2})"));
}

TEST_CASE("whole numbers pass exactly, however large") {
    Driver driver(steps("  - one: { set: { same: '${ .n }', all: '${ . }' } }\n"));
    driver.start({{"n", 9007199254740993}});
    CHECK(driver.output()["same"] == 9007199254740993);
}

TEST_CASE("an expression error names the step and shows the expression") {
    Driver driver(
        steps("  - outer:\n      do:\n        - one: { set: { x: '${ .n + .text }' } }\n"));
    driver.start({{"n", 1}, {"text", "a"}});
    CHECK(driver.error()["type"] == "https://serverlessworkflow.io/spec/1.0.0/errors/expression");
    CHECK(driver.error()["instance"] == "/do/0/outer/do/0/one");
    CHECK_THAT(driver.error()["detail"].get<std::string>(), ContainsSubstring("`.n + .text`"));
}
