// Expressions that would loop, eat the memory or crash libjq end in an error value, and what is
// evaluated next does not notice.
#include "base/error_codes.h"
#include "tests/catch.h"
#include "workflow/expression.h"

using namespace resolute;
using namespace resolute::workflow;

namespace {

// The code of the error, or "a value": the versions of jq mended different bugs.
std::string end_of(std::string const& text, Json const& input = nullptr) {
    auto const result = Expression::compile(text, {}).value().evaluate({&input, {}});
    INFO(text);
    auto const after = Expression::compile("[1, 2] | add", {}).value().evaluate({});
    REQUIRE(after);
    CHECK(*after == 3);
    return result ? "a value" : result.diagnostics()[0].code;
}

std::string fault_of(std::string const& text) {
    auto const end = end_of(text);
    CHECK(end != "a value");
    return end;
}

}  // namespace

TEST_CASE("an endless loop ends when its processor time is used up") {
    CHECK(fault_of("def f: f; f") == codes::expression_too_long);
    CHECK(fault_of("[range(1e9)] | length") == codes::expression_too_long);
    CHECK(fault_of("last(repeat(1))") == codes::expression_too_long);
    CHECK(fault_of("1, (def f: f; f)") == codes::expression_too_long);
}

TEST_CASE("an endless loop inside of one operation of libjq ends too") {
    end_of("\"abc\" | index(\"\")");  // endless in jq 1.6
    end_of(".text | index(.part)", Json{{"text", "from outside"}, {"part", ""}});
    fault_of("reduce range(60) as $i (1; [., .]) | tojson");
    fault_of("reduce range(60) as $i (1; [., .])");
}

TEST_CASE("eating the memory ends the evaluation, not the engine") {
    fault_of("[.[1000000000] = 1] | length");
    fault_of("reduce range(50) as $i (\"x\"; . + .) | length");
    fault_of("[\"x\" * 100000000 | . + . | . + . | . + . | . + .] | length");
}

TEST_CASE("deep nesting ends the evaluation, not the engine") {
    fault_of("reduce range(1000000) as $i (1; [.])");
    fault_of("reduce range(300) as $i (1; [.])");
    fault_of("def f: [f]; f");
    CHECK(fault_of("reduce range(5000) as $i (\"\"; . + \"[\") | fromjson") ==
          codes::expression_failed);
}

TEST_CASE("a hostile regular expression ends") {
    fault_of("\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\" | test(\"^(a+)+$\")");
    CHECK(fault_of("\"abc\" | test(\"(\")") == codes::expression_failed);
}
