#include "workflow/expression.h"

#include <thread>

#include "base/error_codes.h"
#include "base/limits.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::workflow;

namespace {

Expression compile(std::string const& text) {
    return Expression::compile(text, {"context", "input", "tasks"}).value();
}

Diagnostic refusal(std::string const& text) {
    auto const compiled = Expression::compile(text, {"context", "input", "tasks"});
    INFO(text);
    REQUIRE_FALSE(compiled);
    CHECK(compiled.diagnostics()[0].code == codes::invalid_expression);
    return compiled.diagnostics()[0];
}

Json const scope_input = Json::parse(
    R"({"name":"Ann","big":9007199254740993,"amount":120,"lines":[{"price":3},{"price":4}]})");
Json const scope_context = Json::parse(R"({"order":{"id":"o-1","total":7.5,"tags":["a","b"]}})");
Json const scope_variable = Json::parse(R"({"serial":18446744073709551615})");

Result<Json> evaluate(std::string const& text) {
    return compile(text).evaluate(
        {&scope_input, {{"context", &scope_context}, {"input", &scope_variable}}});
}

Json value(std::string const& text) { return evaluate(text).value(); }

std::string failure(std::string const& text) {
    auto const result = evaluate(text);
    INFO(text);
    REQUIRE_FALSE(result);
    return result.diagnostics()[0].code;
}

}  // namespace

TEST_CASE("paths, comparisons and constructions are evaluated natively") {
    for (auto const& [text, expected] : std::initializer_list<std::pair<char const*, char const*>>{
             {".name", R"("Ann")"},
             {"$context.order.tags[-1]", R"("b")"},
             {".missing.deeper", "null"},
             {".amount > 100 and $context.order.total <= 7.5", "true"},
             {".missing // \"none\"", R"("none")"},
             {".lines | length > 1", "true"},
             {"{id: $context.order.id, n: (.lines | length)}", R"({"id":"o-1","n":2})"},
             {"\"Hello \\(.name), \\(.amount)\"", R"("Hello Ann, 120")"},
             {"if .amount == 120 then \"a\" else \"b\" end", R"("a")"},
             {"[.amount, .amount + 1]", "[120,121]"},
             {".name.first? // 5", "5"},
             {".lines == [{price: 3}, {price: 4}]", "true"},
             {"# a comment\n.name", R"("Ann")"},
         }) {
        INFO(text);
        CHECK(compile(text).is_native());
        CHECK(value(text) == Json::parse(expected));
    }
}

TEST_CASE("everything else is evaluated by libjq") {
    for (auto const& [text, expected] : std::initializer_list<std::pair<char const*, char const*>>{
             {".lines | map(.price) | add", "7"},
             {"[$context.order.tags[] | ascii_upcase]", R"(["A","B"])"},
             {"reduce .lines[] as $l (0; . + $l.price)", "7"},
             {"$context.order | keys", R"(["id","tags","total"])"},
             {"$context.order.id | test(\"^o-\")", "true"},
             {"\"\\($context.order.tags | join(\",\"))\"", R"("a,b")"},
             {".amount | def twice: . * 2; twice", "240"},
             {"[.lines[] | select(.price > 3)] | length # how many", "1"},
             {"{b: 1, a: 2} | to_entries | map(.key)", R"(["a","b"])"},
         }) {
        INFO(text);
        CHECK_FALSE(compile(text).is_native());
        CHECK(value(text) == Json::parse(expected));
    }
}

TEST_CASE("an expression yields exactly one value") {
    CHECK(failure("empty") == codes::expression_not_one_value);
    CHECK(failure(".lines[]") == codes::expression_not_one_value);
    CHECK(failure(".name.first?") == codes::expression_not_one_value);
    CHECK(failure("1, error(\"x\")") == codes::expression_failed);
}

TEST_CASE("errors of jq come out as one plain sentence") {
    auto const result = evaluate(".name.first");
    REQUIRE_FALSE(result);
    CHECK(result.diagnostics()[0].code == codes::expression_failed);
    CHECK_THAT(result.diagnostics()[0].message,
               ContainsSubstring("The expression failed: Cannot index string with"));
    CHECK(evaluate("error({a: 1})").diagnostics()[0].message ==
          "The expression failed: {\"a\":1}.");
    CHECK(evaluate(".lines + 1 | length").diagnostics()[0].message.size() < 400);
}

TEST_CASE("a break of jq's own that `try` catches does not pass for a value") {
    auto const result = evaluate("[limit(1; .lines[] | try . catch .)]");
    // jq 1.7 and later do not let `try` catch it.
    if (result)
        CHECK(*result == Json::array({{{"price", 3}}}));
    else
        CHECK_THAT(result.diagnostics()[0].message, ContainsSubstring("a break of jq's own"));
}

TEST_CASE("untouched integers pass exactly, and what would be rounded is an error") {
    CHECK(value(".big") == 9007199254740993);
    CHECK(value("{a: .big, b: [$input.serial]}").dump() ==
          R"({"a":9007199254740993,"b":[18446744073709551615]})");
    CHECK(value(".big == 9007199254740992") == false);
    CHECK(value(".big > 9007199254740992") == true);
    CHECK(failure(".big + 1") == codes::expression_inexact);
    CHECK(failure("[.big] | map(.)") == codes::expression_inexact);
    CHECK(failure("[range(9007199254740990; 9007199254740992)] | map(. + 1)") ==
          codes::expression_inexact);
    CHECK(failure("9007199254740992 + 1") == codes::expression_inexact);
    CHECK(failure("9007199254740992 | . * 4 | floor") == codes::expression_inexact);
    CHECK_THAT(refusal(".big == 9007199254740993").message, ContainsSubstring("2^53"));
}

TEST_CASE("an integer that would be rounded does no harm where nobody looks at it") {
    CHECK(value(".lines | map(.price)") == Json({3, 4}));
    CHECK(value("[.lines[] | .price]") == Json({3, 4}));
    CHECK(value("[$context.order.tags[]] | length") == 2);
    CHECK(value("[range(.amount - 118)]") == Json({0, 1}));
    CHECK(failure("tojson") == codes::expression_inexact);
}

TEST_CASE("a variable that the scope lacks is null, and so is a missing input") {
    CHECK(value("$tasks.first.output") == nullptr);
    CHECK(value("$tasks | tojson") == "null");
    CHECK(compile(".a.b").evaluate({}).value() == nullptr);
    CHECK(compile("[.[]?] | length").evaluate({}).value() == 0);
}

TEST_CASE("an expression knows which variables it mentions and whether it reads the input") {
    auto const both = compile("$context.a + .b + \"\\($tasks.x)\"");
    CHECK(both.mentions() == std::vector<std::string>{"context", "tasks"});
    CHECK(both.reads_input());
    CHECK_FALSE(compile("$context.a | .b").reads_input());
    CHECK_FALSE(compile("[$context.a[] | .b] | add").reads_input());
    CHECK(compile("length").reads_input());
    CHECK(compile("\"$context\"").mentions().empty());
    CHECK(compile(". as $x | $x").mentions().empty());
}

TEST_CASE("unknown variables are refused with their place and a suggestion") {
    auto const problem = refusal(".a +\n  $contxt.b");
    CHECK(problem.message == "There is no variable `$contxt` here.");
    CHECK(problem.remedy == "Did you mean `$context`?");
    CHECK(problem.line == 2);
    CHECK(problem.column == 3);
    CHECK(Expression::compile("$a + $b", {}).diagnostics().size() == 2);
    CHECK_NOTHROW(compile(". as [$a, {b: $c}] | def f($d): $a + $c + $d; f(1)"));
    CHECK_NOTHROW(compile("label $out | 1, break $out"));
}

TEST_CASE("what reaches outside is refused by token, not by spelling") {
    for (auto text : {"input",
                      "[inputs]",
                      "env.HOME",
                      "$ENV.HOME",
                      "now",
                      "1 | debug",
                      "halt",
                      "halt_error",
                      "input_filename",
                      "import \"a\" as a; 1",
                      "include \"a\"; 1",
                      "$__loc__",
                      "$__prog_args",
                      "\"\\(env)\"",
                      "[.a[input:3]]",
                      "localtime",
                      "{(input): 1}",
                      "{a: input}",
                      "\"a\" | modulemeta",
                      "get_search_list",
                      "# x \\\ninput"})
        refusal(text);
    CHECK(value("{input: 1, env: 2, now: \"env\"} | .input + .env") == 3);
    CHECK(value("\"input\" # now") == "input");
    CHECK(value("{halt: 1, env: {now: 2}} | [.halt, .env.now] | add") == 3);
}

TEST_CASE("what is no jq is refused with its place where it is known") {
    for (auto text : {"", "  # only a comment", ".a[", ")", "\"abc", "'a'", "\"\\x\"", "$", "1 +",
                      "{a: 1 + 2}", "1 == 1 == true", "foo(1)", "if . then 1 end end", ".a b",
                      "\"\\ud800\"", "a::b", "(1) | (2", "1) | (2", "\xff"})
        refusal(text);
    CHECK(refusal("foo").message == "This is not valid jq: foo/0 is not defined.");
    CHECK(refusal(".a | (").column == 6);
    refusal(std::string("1\0", 2));
    refusal(std::string(limits::expression_bytes, ' ') + "1");
    refusal(std::string(limits::expression_depth + 1, '(') + "1" +
            std::string(limits::expression_depth + 1, ')'));
}

TEST_CASE("shadowing a variable hides it") {
    CHECK(value("{order: 1} as $context | $context.order | tojson") == "1");
    CHECK(value("[$context.order.id, ({order: {id: 2}} as $context | $context.order.id)]") ==
          Json({"o-1", 2}));
}

TEST_CASE("paths that cannot be followed fail only where jq follows them") {
    CHECK(value("[try $context.order.id.x catch \"no\"]") == Json({"no"}));
    CHECK(value("[if true then 1 else $context.order.id.x end]") == Json({1}));
    CHECK(failure("[$context.order.id.x | ascii_upcase]") == codes::expression_failed);
}

TEST_CASE("texts of every kind survive the way through libjq") {
    Json const texts = Json::array(
        {"", "\u00e9\u20ac\U0001f600", std::string("a\0b", 3), "\"\\/\b\f\n\r\t\x01", "</script>"});
    CHECK(compile("[.[] | .]").evaluate({&texts, {}}).value() == texts);
    CHECK(compile("[.[] | .] | \"\\(.[1])\\u00e9\\ud83d\\ude00\"").evaluate({&texts, {}}).value() ==
          "\u00e9\u20ac\U0001f600\u00e9\U0001f600");
}

TEST_CASE("large inputs and results are refused") {
    Json const large = std::string(limits::expression_input_bytes, 'x');
    CHECK(compile("ascii_upcase").evaluate({&large, {}}).diagnostics()[0].code ==
          codes::expression_too_large);
    CHECK(compile(".").evaluate({&large, {}}).value() == large);
    Json const half = std::string(limits::expression_input_bytes / 2 + 10, 'x');
    CHECK(compile("[., .] | map(.)").evaluate({&half, {}}).diagnostics()[0].code ==
          codes::expression_too_large);
}

TEST_CASE("one expression serves many threads") {
    auto const shared = compile(".n | [range(.)] | add");
    std::vector<std::thread> threads;
    std::vector<int> wrong(6);
    for (std::size_t t = 0; t < wrong.size(); ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i) {
                Json const input = {{"n", 10 + i}};
                auto const sum = shared.evaluate({&input, {}});
                if (!sum || *sum != (10 + i) * (9 + i) / 2) ++wrong[t];
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(wrong == std::vector<int>(6, 0));
}
