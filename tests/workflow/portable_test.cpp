// `resolute lint --portable`: what a workflow is without `$tasks`, and that it does the same.
#include "workflow/portable.h"

#include "tests/catch.h"
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

std::string const written =
    R"(document: { dsl: '1.0.3', namespace: test, name: w, version: '1.0.0' }
do:
  # the price of all
  - price:
      set: { each: '${ .price }' }
  - count: { set: { n: '${ .each * 0 + 3 }' } }
  - total:
      set:
        total: '${ $tasks.price.each * $tasks.count.n }'
)";

std::string rewritten(std::string const& text) {
    auto const definition = workflow::load(text, "w.yaml");
    if (!definition) return "does not load: " + to_string(definition.diagnostics());
    auto const made = workflow::portable(**definition);
    return made ? made->text : to_string(made.diagnostics());
}

Json output_of(std::string const& text) {
    Driver driver(text);
    driver.start({{"price", 7}});
    return driver.output();
}

}  // namespace

TEST_CASE("what read outputs of steps reads what they export, and the rest stays as it is") {
    auto const text = rewritten(written);
    std::string const count =
        R"({ export: { as: '${ . as $value | ($context | objects // {}) | )"
        R"(.tasks["count"] = $value }' }, set: { n: '${ .each * 0 + 3 }' } })";
    CHECK(text == R"(document: { dsl: '1.0.3', namespace: test, name: w, version: '1.0.0' }
do:
  # the price of all
  - price:
      export: { as: '${ . as $value | ($context | objects // {}) | .tasks["price"] = $value }' }
      set: { each: '${ .price }' }
  - count: )" + count +
                      R"(
  - total:
      set:
        total: '${ $context.tasks.price.each * $context.tasks.count.n }'
)");
    CHECK(output_of(written) == Json{{"total", 21}});
    CHECK(output_of(text) == Json{{"total", 21}});
}

TEST_CASE("a workflow without such readings is portable as it is") {
    auto const plain = steps("  - a: { set: { x: 1 }, export: { as: . } }\n");
    CHECK(rewritten(plain) == plain);
}

TEST_CASE("what cannot be made portable is told with its place") {
    auto const told = [](std::string const& body) { return rewritten(steps(body)); };
    CHECK_THAT(
        told("  - f: { fork: { branches: [ { a: { set: { x: 1 } } } ] } }\n"
             "  - b: { set: { x: '${ $tasks.a.x }' } }\n"),
        ContainsSubstring("`$tasks.a` is a step inside a `fork`, where nothing may export."));
    CHECK_THAT(told("  - a: { set: { x: 1 } }\n  - b: { set: { x: '${ $tasks | keys }' } }\n"),
               ContainsSubstring("`$tasks` is read otherwise than by a name."));
    CHECK_THAT(told("  - a: { set: { x: 1 }, export: { as: . } }\n"
                    "  - b: { set: { x: '${ $tasks.a.x }' } }\n"),
               ContainsSubstring("The `export` of `a` replaces `$context`"));
    CHECK_THAT(told("  - a: { set: { x: 1 } }\n  - b: { set: { x: '${ $tasks.c.x }' } }\n"),
               ContainsSubstring("No step is named `c`"));
    CHECK_THAT(told("  # as $tasks.a\n  - a: { set: { x: 1 } }\n"
                    "  - b: { set: { x: '${ $tasks.a.x }' } }\n"),
               ContainsSubstring("stands in a text or a comment, too"));
}

TEST_CASE("functions of this engine are named, since another runtime needs them") {
    auto const definition =
        workflow::load(steps("  - a: { call: memory, with: { op: recall, scope: s, subject: x } }\n"
                             "  - b: { call: http, with: { method: get, endpoint: 'http://h/' } }\n"
                             "  - c: { run: { shell: { command: ls } } }\n"),
                       "w.yaml");
    auto const made = workflow::portable(**definition);
    REQUIRE(made);
    REQUIRE(made->notes.size() == 1);
    CHECK(made->notes[0].message == "`memory` is a function of this engine.");
}
