// The pure parts that expressions are made of.
#include <limits>

#include "tests/catch.h"
#include "workflow/expression_token.h"
#include "workflow/input_use.h"
#include "workflow/jq_plan.h"
#include "workflow/json_order.h"

using namespace resolute;
using namespace resolute::workflow;

namespace {

std::string spelled(std::string const& text) {
    std::string all;
    auto const tokens = tokenize(text).value();
    for (auto const& token : tokens) all += (all.empty() ? "" : " ") + token.text;
    return all;
}

std::string use_of(std::string const& text) {
    auto const use = input_use(tokenize(text).value());
    if (use.everything) return "everything";
    std::string members;
    for (auto const& member : use.members) members += (members.empty() ? "" : " ") + member;
    return members;
}

JqPlan plan_of(std::string const& text) {
    return pruned_plan(text, tokenize(text).value(), {"context", "x"});
}

}  // namespace

TEST_CASE("an expression is taken apart into its tokens") {
    CHECK(spelled(".a.b[0] // $x|.c?") == "a b [ 0 ] // x | c ?");
    CHECK(spelled("..|.[1.5e3:-2] #x\n!= 3") == ".. | . [ 1.5e3 : - 2 ] != 3");
    CHECK(spelled("\"a\\(.b + \"c\\(1)\")d\"") == "\" a \\( b + \" c \\( 1 ) \" ) d \"");
    CHECK(spelled("\"\\u00e9\\ud83d\\ude00\\n\"") == "\" \u00e9\U0001f600\n \"");
    CHECK(spelled("@base64 \"x\" ?// ?//=") == "base64 \" x \" ?// ?// =");
    CHECK(spelled("if.a then") == "if a then");
}

TEST_CASE("the use of the input is found") {
    CHECK(use_of(".a + .b.c") == "a b");
    CHECK(use_of(".a[.b]") == "a b");
    CHECK(use_of("$x.a") == "");
    CHECK(use_of(".a | .b") == "a");
    CHECK(use_of("[.a | .b, .c]") == "a c");  // reads more than it must
    CHECK(use_of("[.a[] | .b] | .c") == "a");
    CHECK(use_of("{a, b: .c, \"d\": .[\"e f\"]}") == "a c e f");
    CHECK(use_of("{a: (.b | .c), d: .e}") == "b e");
    CHECK(use_of(".a as $y | .b") == "a b");
    CHECK(use_of(".a as $y | .b | .c") == "a b");
    CHECK(use_of("reduce .a[] as $i (.b; .c + $i) | .d") == "a b");
    CHECK(use_of("[foreach .a[] as $i (0; .b; .c)]") == "a");
    CHECK(use_of("if .a then .b | .c else .d end | .e") == "a b d");
    CHECK(use_of(".a | if .b then .c else .d end") == "a");
    CHECK(use_of("\"\\(.a) \\($x | .b)\"") == "a");
    CHECK(use_of("label $out | .a") == "a");
    CHECK(use_of("first(range(.a; .b)) | length") == "a b");
    for (auto text :
         {".", "..", ".[]", "length", ".a = 1", ".a |= 1", ".a += 1", "map(.a)", "@base64",
          "del(.a)", "[.a, length]", "def f: .a; f", "def range(n): .; range(1)", "1 | 2, .",
          "try error catch .", ". as {a: $y} | $y"}) {
        INFO(text);
        CHECK(use_of(text) == "everything");
    }
}

TEST_CASE("a plan takes along what the paths of an expression lead to") {
    auto const plan = plan_of("$context.a.b | map(. + $context.c[0].d) | [$context.c[0].d, $x]");
    CHECK(plan.head);
    REQUIRE(plan.selections.size() == 2);
    CHECK(plan.selections[0].variable == "context");
    CHECK(plan.selections[0].path == std::vector<Json>{"c", 0, "d"});
    CHECK(plan.selections[1].variable == "x");
    CHECK(plan.program == ". as [$__0,$__1,$x] | $__0 | ( map(. + $__1) | [$__1, $x]\n)");
}

TEST_CASE("a variable that is needed in full is not taken along in parts as well") {
    auto const plan = plan_of("[$context.a, $context] | length");
    CHECK(plan.program == ". as [$__0] | $__0 | ( length\n)");
    auto const both = plan_of("[$context.a, $context] + map(.)");
    REQUIRE(both.selections.size() == 1);
    CHECK(both.program == ". as [$__0,$context] | $__0 | ([$context.a, $context] + map(.)\n)");
}

TEST_CASE("values are ordered as jq orders them, and numbers exactly") {
    std::vector<Json> const ordered{nullptr,
                                    false,
                                    true,
                                    -1.5,
                                    0,
                                    9007199254740992,
                                    9007199254740993,
                                    std::numeric_limits<std::uint64_t>::max(),
                                    1e300,
                                    "",
                                    "a",
                                    "ab",
                                    "b",
                                    "\u00e9",
                                    "\U0001f600",
                                    Json::array(),
                                    Json::array({0}),
                                    Json::array({0, 0}),
                                    Json::array({1}),
                                    Json::object(),
                                    Json{{"a", 5}},
                                    Json{{"a", 6}},
                                    Json{{"a", 1}, {"b", 1}},
                                    Json{{"b", 0}}};
    for (std::size_t i = 0; i < ordered.size(); ++i)
        for (std::size_t j = 0; j < ordered.size(); ++j) {
            INFO(ordered[i] << " and " << ordered[j]);
            CHECK((compare_json(ordered[i], ordered[j]) == (i <=> j)));
        }
    CHECK((compare_json(1, 1.0) == 0));
    CHECK((compare_json(9007199254740992.0, 9007199254740993) < 0));
}
