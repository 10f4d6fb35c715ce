#include "base/json.h"

#include <limits>

#include "base/error_codes.h"
#include "base/limits.h"
#include "tests/catch.h"

using namespace resolute;

namespace {
Diagnostic problem_of(std::string const& text) {
    auto const result = parse_json(text, "input.json");
    REQUIRE_FALSE(result);
    REQUIRE(result.diagnostics().size() == 1);
    CHECK(result.diagnostics()[0].code == codes::malformed_json);
    CHECK(result.diagnostics()[0].file == "input.json");
    return result.diagnostics()[0];
}
}  // namespace

TEST_CASE("ordinary JSON is read as it stands") {
    auto const text =
        R"({"a":[1,-2,3.5,true,false,null,"\u00e9\ud83d\ude00"],"b":{"c":{}},"d":[]})";
    auto const value = parse_json(text);
    REQUIRE(value);
    CHECK(*value == Json::parse(text));
    CHECK(*parse_json("  7 ") == 7);
    CHECK(to_text(*parse_json(R"({ "b" : 1, "a" : [ ] })")) == R"({"a":[],"b":1})");
}

TEST_CASE("integers of 64 bits are kept exactly and larger ones are refused") {
    CHECK(to_text(*parse_json("18446744073709551615")) == "18446744073709551615");
    CHECK(to_text(*parse_json("-9223372036854775808")) == "-9223372036854775808");
    CHECK_THAT(problem_of("[18446744073709551616]").message, ContainsSubstring("64 bits"));
    CHECK(problem_of("[1,18446744073709551616]").pointer == "/1");
    CHECK_FALSE(parse_json("-9223372036854775809"));
    CHECK_FALSE(parse_json("1e400"));
    CHECK(*parse_json("1e300") == 1e300);
}

TEST_CASE("a key that occurs twice is refused with its place") {
    auto const problem = problem_of(R"({"x":[0,{"a":1,"b":2,"a":3}]})");
    CHECK_THAT(problem.message, ContainsSubstring("`a` occurs twice"));
    CHECK(problem.pointer == "/x/1/a");
    CHECK_FALSE(parse_json(R"({"a":1,"\u0061":2})"));
}

TEST_CASE("malformed text is refused with its line and column") {
    auto const problem = problem_of("{\n  \"a\": 1,\n  b\n}");
    CHECK(problem.line == 3);
    CHECK(problem.column == 3);
    CHECK_THAT(problem.message, ContainsSubstring("not valid JSON"));
    for (auto text :
         {"", "{", "[1,]", "nul", "1 2", "'a'", "01", "NaN", "\"\t\"", "// x\n1", "\xef\xbb"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_json(text));
    }
}

TEST_CASE("lone surrogates and invalid UTF-8 are refused, and the message itself is text") {
    CHECK_FALSE(parse_json(R"("\ud800")"));
    CHECK_FALSE(parse_json(R"("\udc00\ud800")"));
    auto const problem = problem_of("\"\xff\"");
    CHECK_NOTHROW(Json(problem.message).dump());
}

TEST_CASE("nesting is limited") {
    auto nested = [](int depth) {
        return std::string(static_cast<std::size_t>(depth), '[') +
               std::string(static_cast<std::size_t>(depth), ']');
    };
    CHECK(parse_json(nested(limits::json_depth)));
    CHECK_THAT(problem_of(nested(limits::json_depth + 1)).message, ContainsSubstring("deeper"));
    CHECK_FALSE(parse_json(std::string(100'000, '[')));
}

TEST_CASE("the size of a text is limited") {
    CHECK_THAT(problem_of(std::string(limits::json_text_bytes + 1, ' ')).message,
               ContainsSubstring("bytes"));
}

TEST_CASE("text is written as the JSON library writes it, byte by byte") {
    std::string every;
    for (int c = 0; c < 0x80; ++c) every += static_cast<char>(c);
    for (auto const& value : {Json(),
                              Json(true),
                              Json(false),
                              Json(0),
                              Json(-1),
                              Json(~std::uint64_t{0}),
                              Json(std::numeric_limits<std::int64_t>::min()),
                              Json(0.0),
                              Json(-0.0),
                              Json(1.0),
                              Json(1e300),
                              Json(0.1),
                              Json(std::numeric_limits<double>::infinity()),
                              Json(""),
                              Json(every),
                              Json("ä € 𝄞"),
                              Json::array(),
                              Json::object(),
                              Json::array({1, Json::array(), Json::object(), "x"}),
                              Json{{"b\n", {1, 2}}, {"a", {{"ü", nullptr}}}, {"", "\"\\"}}})
        CHECK(to_text(value) == value.dump());
    CHECK_THROWS_AS(to_text("\xff"), Json::exception);
    CHECK_THROWS_AS(to_text(Json{{"\xff", 1}}), Json::exception);
}

TEST_CASE("what needs an escape is found wherever it stands in a text") {
    for (std::string const mark : {"\"", "\\", "\n", "\x01", "\x1f", "\x7f", "ü", "€"})
        for (std::size_t length = 0; length < 20; ++length)
            for (std::size_t at = 0; at <= length; ++at) {
                auto text = std::string(length, 'a').insert(at, mark);
                CHECK(to_text(text) == Json(text).dump());
            }
}
