// What the loader says about documents that are wrong: everything at once, with place, code and
// remedy.
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

// "line:column code message" of every problem, one per line.
std::string problems(std::string const& yaml) {
    auto const loaded = workflow::load(yaml, "w.yaml");
    if (loaded) return "";
    std::string all;
    for (auto const& problem : loaded.diagnostics()) {
        if (problem.severity == Severity::warning) continue;
        CHECK(problem.file == "w.yaml");
        all += std::to_string(problem.line) + ":" + std::to_string(problem.column) + " " +
               problem.code + " " + problem.message + "\n";
    }
    return all;
}

Diagnostic only(std::string const& yaml) {
    auto const loaded = workflow::load(yaml, "w.yaml");
    REQUIRE_FALSE(loaded);
    INFO(to_string(loaded.diagnostics()));
    REQUIRE(loaded.diagnostics().size() == 1);
    return loaded.diagnostics().front();
}

std::string remedy(std::string const& yaml) { return only(yaml).remedy; }

std::string const head =
    "document: { dsl: '1.0.3', namespace: test, name: flow, version: '1.0.0' }\n";

}  // namespace

TEST_CASE("a definition knows its name, version and the digest of its exact text") {
    auto const yaml = head + "do:\n  - a: { set: { x: 1 } }\n";
    auto const definition = workflow::load(yaml, "w.yaml").value();
    CHECK(definition->ref.name == "test/flow");
    CHECK(definition->ref.version == "1.0.0");
    CHECK(definition->ref.digest == sha256(yaml));
    CHECK(definition->title == "flow");
    CHECK(definition->find("/do/0/a")->place.line == 3);
    CHECK(definition->warnings.empty());
}

TEST_CASE("the document's own fields are required and checked") {
    CHECK(problems("do: []\n") ==
          "1:1 missing_key A workflow needs `document`.\n1:5 invalid_value This list of steps is "
          "empty.\n");
    CHECK(problems("document:\n  dsl: 1.0\n  namespace: a b\n  version: '1'\n  nmae: x\ndo:\n  - "
                   "a: { set: { x: 1 } }\n") ==
          "2:3 missing_key `document` needs `name`.\n2:8 wrong_type `dsl` must be text, and this "
          "is a number.\n"
          "3:14 invalid_value `namespace` is `a b`.\n4:12 invalid_value `version` is `1`.\n"
          "5:3 unknown_key `document` has no key `nmae`.\n");
    CHECK(only("document: { dsl: '2.0.0', namespace: a, name: b, version: '1.0.0' }\ndo: [ { a: { "
               "set: { x: 1 } } } ]\n")
              .code == "unsupported_construct");
    CHECK(problems("just text\n") ==
          "1:1 wrong_type A workflow must be a map, and this is text.\n");
    CHECK_THAT(problems(""), ContainsSubstring("1:1 wrong_type"));
}

TEST_CASE("unknown keys are errors everywhere, with what was meant") {
    CHECK(remedy(head + "do:\n  - a: { set: { x: 1 }, ouput: { as: .x } }\n") ==
          "Did you mean `output`?");
    CHECK(remedy(head + "do:\n  - a: { set: { x: 1 }, output: { form: .x } }\n") ==
          "It knows `schema`, `as`.");
    CHECK(remedy(head + "inptu: {}\ndo:\n  - a: { set: { x: 1 } }\n") == "Did you mean `input`?");
    auto const step = only(head + "do:\n  - a: { swich: [] }\n");
    CHECK(step.message == "Step `a` does not say what it does.");
    CHECK(step.remedy == "Did you mean `switch`?");
}

TEST_CASE("steps are single names with a map, each with one meaning") {
    CHECK(problems(head + "do:\n  - a: { set: { x: 1 } }\n    b: { set: { x: 1 } }\n  - text\n  - "
                          "c: { set: { x: 1 }, wait: PT1S }\n  - d:\n") ==
          "3:5 wrong_type A step is one name with a map below it, and this has 2 keys.\n"
          "5:5 wrong_type A step must be a map, and this is text.\n"
          "6:31 invalid_value Step `c` has both `set` and `wait`.\n"
          "7:5 wrong_type Step `d` must be a map, and this is nothing.\n");
}

TEST_CASE("names of steps") {
    CHECK(problems(head +
                   "do:\n  - a: { set: { x: 1 } }\n  - a: { set: { x: 1 } }\n  - end: { set: "
                   "{ x: 1 } }\n  - '12': { set: { x: 1 } }\n  - '': { set: { x: 1 } }\n") ==
          "4:5 duplicate_name Another step of this list is named `a` too.\n5:5 invalid_name `end` "
          "directs the flow and cannot name a step.\n"
          "6:5 invalid_name A number cannot name a step.\n7:5 invalid_name A step has an empty "
          "name.\n");
}

TEST_CASE("then must name a sibling") {
    auto const problem = only(head +
                              "do:\n  - first: { set: { x: 1 }, then: secnd }\n  - second: { do: [ "
                              "{ inner: { set: { x: 1 } } } ] }\n");
    CHECK(problem.code == "unknown_reference");
    CHECK(problem.line == 3);
    CHECK(problem.column == 35);
    CHECK(problem.remedy == "Did you mean `second`?");
    CHECK(only(head + "do:\n  - a: { switch: [ { x: { when: .x, then: inner } } ] }\n  - b: { do: "
                      "[ { inner: { set: { x: 1 } } } ] }\n")
              .column == 43);
    CHECK_THAT(problems(head + "do:\n  - f: { fork: { branches: [ { a: { set: { x: 1 }, then: b } "
                               "}, { b: { set: { x: 1 } } } ] } }\n"),
               ContainsSubstring("branches run side by side"));
    CHECK(
        only(head + "do:\n  - t: { try: [ { a: { set: { x: 1 } } } ], catch: { then: nowhere } }\n")
            .code == "unknown_reference");
}

TEST_CASE("what this version lacks is one clear error with its place") {
    auto const unsupported = [](std::string const& rest) {
        auto const problem = only(head + rest);
        CHECK(problem.code == "unsupported_construct");
        CHECK_THAT(problem.message, ContainsSubstring("is not supported yet."));
        return std::to_string(problem.line) + ":" + std::to_string(problem.column);
    };
    std::string const step = "do:\n  - a: { set: { x: 1 } }\n";
    CHECK(unsupported("use: { catalogs: { global: { endpoint: 'http://x' } } }\n" + step) ==
          "2:20");
    CHECK(unsupported(
              "do:\n  - a: { run: { script: { language: js, source: { endpoint: 'http://x' } } "
              "} }\n") == "3:41");
    CHECK(unsupported("do:\n  - a: { run: { shell: { command: ls }, await: false } }\n") == "3:41");
    CHECK(unsupported("do:\n  - a: { run: { container: { image: x }, return: all } }\n") == "3:17");
    CHECK(unsupported("do:\n  - a: { call: grpc }\n") == "3:16");
    CHECK(unsupported("do:\n  - a: { call: 'log:1.0.0@default' }\n") == "3:16");
    CHECK(unsupported("do:\n  - a: { call: tool, with: { tool: t, verify: { applied: .x } } }\n") ==
          "3:39");
    CHECK(unsupported("do:\n  - a: { set: { x: 1 }, input: { schema: { resource: { endpoint: "
                      "'http://x' } } } }\n") == "3:44");
    CHECK(unsupported("evaluate: { language: javascript }\n" + step) == "2:23");
}

TEST_CASE("a bad expression is shown at its place, wherever it stands") {
    auto const at = [](std::string const& step) {
        auto const problem = only(head + "do:\n  - a: " + step + "\n");
        CHECK(problem.code == "invalid_expression");
        CHECK(problem.line == 3);
        CHECK_FALSE(problem.remedy.empty());
        return problem;
    };
    CHECK(at("{ set: { x: '${ .a + }' } }").column >= 18);
    CHECK(at("{ if: '.a ==', set: { x: 1 } }").column >= 14);
    CHECK(at("{ set: { x: [ { y: '${ $nobody }' } ] } }").remedy ==
          "No step around sets `$nobody`.");
    CHECK(at("{ set: { x: '${ $contxt.a }' } }").remedy == "Did you mean `$context`?");
    CHECK(at("{ set: { x: '${ $output }' } }").remedy ==
          "`$output` exists in `output.as` and `export.as`.");
    CHECK_THAT(at("{ set: { x: '${ .a } and ${ .b }' } }").remedy, ContainsSubstring("One `${ }`"));
    CHECK_FALSE(at("{ set: { x: '${ now }' } }").message.empty());
    CHECK(at("{ for: { in: '.items[' }, do: [ { b: { set: { x: 1 } } } ] }").code ==
          "invalid_expression");
}

TEST_CASE("variables exist inside what sets them and nowhere else") {
    CHECK(problems(head + "do:\n  - l: { for: { each: row, in: .rows }, while: $row != null, do: [ "
                          "{ a: { set: { x: '${ $row + $index }' } } } ] }\n")
              .empty());
    CHECK(problems(head + "do:\n  - t: { try: [ { a: { set: { x: 1 } } } ], catch: { as: e, when: "
                          "$e.status == 1, do: [ { b: { set: { x: '${ $e }' } } } ] } }\n")
              .empty());
    CHECK(only(head + "do:\n  - l: { for: { each: row, in: .rows }, do: [ { a: { set: { x: 1 } } } "
                      "], output: { as: $row } }\n")
              .code == "invalid_expression");
    CHECK(
        only(
            head +
            "do:\n  - t: { try: [ { a: { set: { x: '${ $error }' } } } ], catch: { then: end } }\n")
            .code == "invalid_expression");
    CHECK(
        only(
            head +
            "do:\n  - l: { for: { each: context, in: .rows }, do: [ { a: { set: { x: 1 } } } ] }\n")
            .message == "The variable `$context` exists already.");
    CHECK(only(head +
               "do:\n  - l: { for: { each: a-b, in: .rows }, do: [ { a: { set: { x: 1 } } } ] }\n")
              .code == "invalid_name");
}

TEST_CASE("export inside a fork is refused, however deep") {
    auto const problem = only(head +
                              "do:\n  - f: { fork: { branches: [ { a: { do: [ { b: { set: { x: 1 "
                              "}, export: { as: . } } } ] } } ] } }\n");
    CHECK_THAT(problem.message, ContainsSubstring("cannot export"));
    CHECK(problems(head + "do:\n  - f: { fork: { branches: [ { a: { set: { x: 1 } } } ] }, export: "
                          "{ as: '{ f: . }' } }\n")
              .empty());
}

TEST_CASE("calls are checked against their function") {
    CHECK(only(head + "do:\n  - a: { call: tol }\n").remedy == "Did you mean `tool`?");
    CHECK(only(head + "do:\n  - a: { call: tool }\n").message == "`tool` needs `tool`.");
    CHECK(only(head + "do:\n  - a: { call: tool, with: { tool: t, argments: {} } }\n").remedy ==
          "Did you mean `arguments`?");
    CHECK(only(head + "do:\n  - a: { call: tool, with: { tool: '${ .t }' } }\n").code ==
          "invalid_value");
    CHECK(only(head + "do:\n  - a: { call: model, with: { model: m, instructions: i, output: { "
                      "type: strin } } }\n")
              .code == "schema_invalid");
    CHECK(only(head + "do:\n  - a: { call: model, with: { model: m } }\n").message ==
          "`model` needs `instructions`.");
    CHECK(only(head + "do:\n  - a: { call: model, with: { model: m, instructions: i, limits: { "
                      "tokens: 0 } } }\n")
              .code == "invalid_value");
    CHECK(only(head + "do:\n  - a: { call: memory, with: { op: rember, scope: s, subject: x } }\n")
              .code == "invalid_value");
    CHECK(
        only(head +
             "do:\n  - a: { call: memory, with: { op: remember, scope: s, subject: x, key: k } }\n")
            .message == "`memory` needs `value`.");
    CHECK(only(head + "do:\n  - a: { call: approval, with: { title: t, choices: [yes, yes] } }\n")
              .code == "duplicate_name");
    CHECK(only(head + "do:\n  - a: { call: approval, with: { title: t, due: [ { after: PT1H, "
                      "decide: maybe } ] } }\n")
              .code == "invalid_value");
    CHECK(only(head + "do:\n  - a: { call: approval, with: { title: t, quorum: 0 } }\n").code ==
          "invalid_value");
}

TEST_CASE("durations, retries and errors are checked when they are written out") {
    CHECK(only(head + "do:\n  - a: { wait: P1M }\n").code == "invalid_value");
    CHECK(only(head + "do:\n  - a: { wait: { fortnights: 1 } }\n").message ==
          "A duration has no `fortnights`.");
    CHECK(only(head + "do:\n  - a: { wait: { seconds: 1.5 } }\n").code == "invalid_value");
    CHECK(only(head + "do:\n  - a: { wait: { days: 9223372036854775807 } }\n").message ==
          "This duration is longer than ten years.");
    CHECK(only(head + "do:\n  - a: { raise: { error: nobody } }\n").code == "unknown_reference");
    CHECK(only(head + "do:\n  - a: { raise: { error: { type: x } } }\n").message ==
          "An error needs `status`.");
    CHECK(only(head + "do:\n  - t: { try: [ { a: { set: { x: 1 } } } ] }\n").message ==
          "Step `t` needs `catch`.");
    CHECK(only(head + "do:\n  - t: { try: [ { a: { set: { x: 1 } } } ], catch: { retry: none } }\n")
              .code == "unknown_reference");
    CHECK(only(head + "do:\n  - t: { try: [ { a: { set: { x: 1 } } } ], catch: { retry: { backoff: "
                      "{ linear: {}, constant: {} }, limit: { attempt: { count: 1 } } } } }\n")
              .code == "invalid_value");
}

TEST_CASE("functions of use are checked once, where they are written") {
    CHECK(only(head + "use: { functions: { f: { call: http, with: { method: get } } } }\ndo:\n"
                      "  - a: { call: f }\n  - b: "
                      "{ call: f }\n")
              .line == 2);
    CHECK(only(head + "use: { functions: { f: { with: {} } } }\ndo:\n  - a: { call: f }\n").code ==
          "missing_key");
}

TEST_CASE("cases after a default are refused") {
    CHECK(only(head +
               "do:\n  - s: { switch: [ { a: { then: end } }, { b: { when: .x, then: end } } ] }\n")
              .code == "unreachable_step");
}

TEST_CASE("steps nested too deep are refused") {
    std::string inner = "{ set: { x: 1 } }";
    for (int i = 0; i < 40; ++i) inner = "{ do: [ { s: " + inner + " } ] }";
    CHECK_THAT(problems(head + "do:\n  - a: " + inner + "\n"),
               ContainsSubstring("nested deeper than"));
}

TEST_CASE("odd but legal things are warnings") {
    auto const definition = workflow::load(head + R"(
do:
  - a: { set: { x: 'hello ${ .name }' } }
  - t: { try: [ { b: { set: { x: 1 } } } ], catch: { as: e } }
  - r: { try: [ { c: { set: { x: 1 } } } ], catch: { retry: {} } }
)")
                                .value();
    REQUIRE(definition->warnings.size() == 3);
    CHECK(definition->warnings[0].code == "suspicious_text");
    CHECK(definition->warnings[0].severity == Severity::warning);
    CHECK(definition->warnings[1].code == "suspicious_flow");
    CHECK_THAT(definition->warnings[2].message, ContainsSubstring("no limit"));
}
