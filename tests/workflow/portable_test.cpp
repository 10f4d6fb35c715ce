// `resolute lint --portable`: what a workflow is without `$tasks`, and that it does the same.
#include "workflow/portable.h"

#include "tests/catch.h"
#include "tests/workflow/driver.h"
#include "tests/workflow/portable_generator.h"

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

// What a run comes to, and where it fails.
Json end_of(std::string const& text, Json const& input) {
    Driver driver(text);
    driver.start(input);
    auto const& run = driver.run();
    Json end{{"status", driver.status()}, {"output", run.output.json()}};
    if (run.error) end["error"] = {run.error->type, run.error->status, run.error->instance};
    return end;
}

// The same in both, whatever it is given; answers what was rewritten.
std::string checked(std::string const& body) {
    auto const text = steps(body);
    auto made = rewritten(text);
    for (auto const& input : {Json{{"k", 1}}, Json(), Json::array({1}), Json(5)}) {
        INFO(made);
        CHECK(end_of(made, input) == end_of(text, input));
    }
    return made;
}

}  // namespace

TEST_CASE("what read outputs of steps reads what they export, and the rest stays as it is") {
    auto const text = rewritten(written);
    std::string const count =
        R"({ export: { as: '${ {"count": .} as $new | ($context | objects // {}) | )"
        R"(.__tasks += $new }' }, set: { n: '${ .each * 0 + 3 }' } })";
    CHECK(text == R"(document: { dsl: '1.0.3', namespace: test, name: w, version: '1.0.0' }
do:
  # the price of all
  - price:
      export: { as: '${ {"price": .} as $new | ($context | objects // {}) | .__tasks += $new }' }
      set: { each: '${ .price }' }
  - count: )" + count +
                      R"(
  - total:
      set:
        total: '${ $context.__tasks.price.each * $context.__tasks.count.n }'
)");
    CHECK(output_of(written) == Json{{"total", 21}});
    CHECK(output_of(text) == Json{{"total", 21}});
}

TEST_CASE("a workflow without such readings is portable as it is") {
    auto const plain = steps("  - a: { set: { x: 1 }, export: { as: . } }\n");
    CHECK(rewritten(plain) == plain);
}

TEST_CASE("a step that exports goes on exporting, beside its output") {
    auto const text = checked(
        "  - a: { set: { n: 1 }, export: { as: '${ {kept: .n} }' } }\n"
        "  - b:\n"
        "      set: { m: 2, kept: '${ $context.kept }' }\n"
        "      export:\n"
        "        as:\n"
        "          all: '${ $context }'  # of before\n"
        "          read: \"${ $tasks[\\\"a\\\"].n }\"\n"
        "  - c: { set: { n: '${ $tasks.a.n }', m: '${ $tasks.b }', all: '${ $context }' }, "
        "export: { as: .n } }\n"
        "  - d: { set: { was: '${ $context }', x: '${ $tasks.c.m }' } }\n");
    CHECK_THAT(text,
               ContainsSubstring(R"(export: { as: { __context: '${ {kept: .n} }', )"
                                 R"(__tasks: '${ ($context | .__tasks? // {}) + {"a": .} }')"));
    CHECK(end_of(text, nullptr)["output"] == Json::parse(R"({"was":1,"x":{"m":2,"kept":1}})"));
}

TEST_CASE("a branch is exported by its fork, from its place in the output") {
    auto const text = checked(
        "  - f:\n"
        "      fork:\n"
        "        branches:\n"
        "          - a: { set: { n: 1 } }\n"
        "          - g: { fork: { branches: [ { b: { set: { n: 2 } } }, { c: { if: false, set: { "
        "n: 3 "
        "} } } ] } }\n"
        "      output: { as: '.[0].n' }\n"
        "  - last: { set: { a: '${ $tasks.a }', b: '${ $tasks.b.n }', c: '${ $tasks.c }', f: '${ "
        "$tasks.f }' } }\n");
    CHECK_THAT(text, ContainsSubstring(R"({"a": $task.output[0], "b": $task.output[1][0], )"
                                       R"("c": $task.output[1][1], "f": .})"));
    CHECK(end_of(text, nullptr)["output"] == Json::parse(R"({"a":{"n":1},"b":2,"c":null,"f":1})"));
}

TEST_CASE("whatever the run is given, what was read before it was put out is null") {
    checked(
        "  - loop:\n"
        "      for: { in: '[1, 2]' }\n"
        "      do:\n"
        "        - read: { set: { last: '${ $tasks.made.n }' } }\n"
        "        - made: { set: { n: '${ $item }', read: '${ $tasks.read.last }' } }\n");
}

TEST_CASE("what cannot be made portable is told with its place") {
    auto const told = [](std::string const& body) { return rewritten(steps(body)); };
    auto const forked = [&](std::string const& branch, std::string const& more = {}) {
        return told("  - f: { fork: { branches: [ { " + branch + " } ]" + more +
                    " } }\n  - b: { set: { x: '${ $tasks.a.x }' } }\n");
    };
    auto const no_place =
        "w.yaml:4:20: `$tasks.a` is a step inside a `fork`, whose output does not";
    CHECK_THAT(forked("c: { do: [ { a: { set: { x: 1 } } } ] }"), ContainsSubstring(no_place));
    CHECK_THAT(forked("a: { set: { x: 1 } }", ", compete: true"), ContainsSubstring(no_place));
    CHECK_THAT(
        forked("g: { fork: { branches: [ { a: { set: { x: 1 } } } ] }, output: { as: '.[0]' } }"),
        ContainsSubstring(no_place));
    CHECK_THAT(forked("a: { fork: { branches: [ { a: { set: { x: 1 } } } ] } }"),
               ContainsSubstring("`$tasks.a` is several branches of one `fork`"));
    CHECK_THAT(told("  - l: { for: { in: '[1, 2]' }, do: [ { f: { fork: { branches: [ { a: { if: "
                    "$item == 1, set: { x: 1 } } } ] } } } ] }\n"
                    "  - b: { set: { x: '${ $tasks.a.x }' } }\n"),
               ContainsSubstring("`$tasks.a` may be passed over"));
    CHECK_THAT(told("  - t:\n"
                    "      try: [ { c: { do: [ { a: { set: { x: 1 } } } ] } } ]\n"
                    "      catch: { do: [ { d: { set: { x: '${ $tasks.a.x }' } } } ] }\n"),
               ContainsSubstring("5:39: `$tasks.a` is null again once `c` has failed"));
    CHECK_THAT(rewritten(steps("  - c: { do: [ { a: { set: { x: 1 }, then: end } } ] }\n") +
                         "output: { as: '${ $tasks.a }' }\n"),
               ContainsSubstring("`$tasks.a` is null when `end` leaves `c`"));
    CHECK_THAT(told("  - a: { set: { x: 1 } }\n  - b: { set: { x: '${ $tasks | keys }' } }\n"),
               ContainsSubstring("`$tasks` is read otherwise than by a name."));
    CHECK_THAT(
        told("  - a: { set: { x: 1 }, export: { as: ., schema: { document: { type: object } } "
             "} }\n"
             "  - b: { set: { x: '${ $tasks.a.x }' } }\n"),
        ContainsSubstring("The `schema` of this `export` is of the context alone"));
    CHECK_THAT(told("  - a: { set: { x: 1 } }\n  - b: { set: { x: '${ $tasks.c.x }' } }\n"),
               ContainsSubstring("No step is named `c`"));
    CHECK_THAT(told("  - a: { set: { __tasks: 1 } }\n  - b: { set: { x: '${ $tasks.a.x }' } }\n"),
               ContainsSubstring("`__tasks` stands in this file"));
    CHECK_THAT(told("  - a: &step { set: { x: 1 } }\n  - b: *step\n"
                    "  - c: { set: { x: '${ $tasks.a.x }' } }\n"),
               ContainsSubstring("This cannot be changed where it is written."));
}

TEST_CASE("texts and comments that speak of outputs stay as they are") {
    auto const text = checked(
        "  # as $tasks.a\n  - a: { set: { x: 'say $tasks.a' } }\n"
        "  - b: { set: { x: '${ $tasks.a.x }', y: '$context' } }\n");
    CHECK_THAT(text, ContainsSubstring("# as $tasks.a\n"));
    CHECK(end_of(text, nullptr)["output"] == Json{{"x", "say $tasks.a"}, {"y", "$context"}});
}

TEST_CASE("what is portable of random workflows does what they do") {
    constexpr int worlds = 240;
    int ported = 0;
    int exporting = 0;
    int joined = 0;
    for (std::uint64_t seed = 1; seed <= worlds; ++seed) {
        auto const text = PortableGenerator(seed).workflow();
        INFO(text);
        auto const definition = workflow::load(text, "w.yaml").value();
        auto const made = workflow::portable(*definition);
        if (!made) continue;
        ++ported;
        exporting += made->text.find("__context: '") != std::string::npos;
        joined += made->text.find(": .[") != std::string::npos ||
                  made->text.find("$task.output[") != std::string::npos;
        INFO(made->text);
        for (auto const& input : {Json{{"k", 1}, {"n", 2}}, Json::array({1})})
            CHECK(end_of(made->text, input) == end_of(text, input));
    }
    CHECK(ported >= worlds / 6);
    CHECK(exporting >= worlds / 16);
    CHECK(joined >= 3);
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
