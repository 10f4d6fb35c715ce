#include "base/json_schema_limits.h"

#include "base/limits.h"
#include "tests/catch.h"

using namespace resolute;

TEST_CASE("the states of a pattern are counted with its repeats written out") {
    CHECK(pattern_states("abc") == 3);
    CHECK(pattern_states("a{3}") == 3);
    CHECK(pattern_states("[a-z]{2,5}x") == 6);
    CHECK(pattern_states("\\d{3,}") == 3);
    CHECK(pattern_states("(ab){10}") == 30);
    CHECK(pattern_states("a{x}") == 4);  // no repeat
    CHECK(pattern_states("[{3}]") == 1);
    CHECK(pattern_states("((a{99}){99}){99}") > limits::schema_pattern_states);
    CHECK(pattern_states("a{99999999999999999999}") > limits::schema_pattern_states);
}

TEST_CASE("deep schemas and large patterns are refused with their place") {
    auto const problems = schema_problems(
        {{"properties",
          {{"a", {{"pattern", "(a{999}){999}"}}}, {"b", {{"pattern", std::string(2000, 'a')}}}}}});
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].pointer == "/properties/a");
    CHECK(problems[1].pointer == "/properties/b");

    Json deep = true;
    for (int i = 0; i < 40; ++i) deep = {{"properties", {{"x", deep}}}};
    CHECK(schema_problems(deep).size() == 1);
}
