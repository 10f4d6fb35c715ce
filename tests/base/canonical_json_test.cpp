#include "base/canonical_json.h"

#include "base/json_writer.h"

#include <bit>
#include <cmath>
#include <limits>

#include "base/error_codes.h"
#include "base/limits.h"
#include "tests/catch.h"

using namespace resolute;

namespace {
std::string canonical(std::string const& text) {
    return canonical_json(parse_json(text).value()).value();
}
std::string refusal(Json const& value) {
    auto const result = canonical_json(value);
    REQUIRE_FALSE(result);
    CHECK(result.diagnostics()[0].code == codes::not_canonical);
    return result.diagnostics()[0].pointer;
}
}  // namespace

TEST_CASE("numbers take the form of RFC 8785 appendix B") {
    struct Row {
        std::uint64_t bits;
        char const* text;
    };
    for (auto const& [bits, text] : std::initializer_list<Row>{
             {0x0000000000000000, "0"},
             {0x8000000000000000, "0"},
             {0x0000000000000001, "5e-324"},
             {0x8000000000000001, "-5e-324"},
             {0x7fefffffffffffff, "1.7976931348623157e+308"},
             {0xffefffffffffffff, "-1.7976931348623157e+308"},
             {0x4340000000000000, "9007199254740992"},
             {0xc340000000000000, "-9007199254740992"},
             {0x4430000000000000, "295147905179352830000"},
             {0x44b52d02c7e14af5, "9.999999999999997e+22"},
             {0x44b52d02c7e14af6, "1e+23"},
             {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
             {0x444b1ae4d6e2ef4e, "999999999999999700000"},
             {0x444b1ae4d6e2ef4f, "999999999999999900000"},
             {0x444b1ae4d6e2ef50, "1e+21"},
             {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
             {0x3eb0c6f7a0b5ed8d, "0.000001"},
             {0x41b3de4355555553, "333333333.3333332"},
             {0x41b3de4355555554, "333333333.33333325"},
             {0x41b3de4355555555, "333333333.3333333"},
             {0x41b3de4355555556, "333333333.3333334"},
             {0x41b3de4355555557, "333333333.33333343"},
             {0xbecbf647612f3696, "-0.0000033333333333333333"},
             {0x43143ff3c1cb0959, "1424953923781206.2"},
         }) {
        CHECK(canonical_json(Json(std::bit_cast<double>(bits))).value() == text);
    }
}

TEST_CASE("NaN and the infinities have no canonical form") {
    CHECK(refusal({{"a", std::numeric_limits<double>::quiet_NaN()}}) == "/a");
    CHECK(refusal(Json::array({0, std::numeric_limits<double>::infinity()})) == "/1");
}

TEST_CASE("keys are sorted by UTF-16 code units as in RFC 8785 section 3.2.3") {
    CHECK(
        canonical(
            R"({"\u20ac":"Euro Sign","\r":"Carriage Return",
        "\ufb33":"Hebrew Letter Dalet With Dagesh",
        "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control",
        "\u00f6":"Latin Small Letter O With Diaeresis"})") ==
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
        "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
        "\"\U0001f600\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST_CASE("the example of RFC 8785 section 3.2.2 comes out as printed there") {
    CHECK(canonical(
              R"({"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]})") ==
          "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
          "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST_CASE("the published test data comes out as published: arrays") {
    CHECK(canonical(R"([ 56, { "d": true, "10": null, "1": [ ] } ])") ==
          R"([56,{"1":[],"10":null,"d":true}])");
}

TEST_CASE("the published test data comes out as published: french") {
    CHECK(canonical(R"({ "peach": "This sorting order", "péché": "is wrong according to French",
        "pêche": "but canonicalization MUST", "sin": "ignore locale" })") ==
          R"({"peach":"This sorting order","péché":"is wrong according to French",)"
          R"("pêche":"but canonicalization MUST","sin":"ignore locale"})");
}

TEST_CASE("the published test data comes out as published: structures") {
    CHECK(
        canonical(R"({ "1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { },
        "111": [ {"e": "yes","E": "no" } ], "A": { } })") ==
        R"({"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},)"
        R"("111":[{"E":"no","e":"yes"}],"A":{},"a":{}})");
}

TEST_CASE("the published test data comes out as published: unicode") {
    CHECK(canonical(R"({ "Unnormalized Unicode":"A\u030a" })") ==
          "{\"Unnormalized Unicode\":\"A\u030a\"}");
}

TEST_CASE("the published test data comes out as published: weird") {
    CHECK(canonical(
              R"({ "\u20ac": "Euro Sign", "\r": "Carriage Return", "\u000a": "Newline", "1": "One",
        "\u0080": "Control\u007f", "\ud83d\ude02": "Smiley",
        "\u00f6": "Latin Small Letter O With Diaeresis",
        "\ufb33": "Hebrew Letter Dalet With Dagesh", "</script>": "Browser Challenge" })") ==
          "{\"\\n\":\"Newline\",\"\\r\":\"Carriage Return\",\"1\":\"One\",\"</script>\":\"Browser "
          "Challenge\","
          "\"\u0080\":\"Control\x7f\",\"\u00f6\":\"Latin Small Letter O With "
          "Diaeresis\",\"\u20ac\":\"Euro Sign\","
          "\"\U0001f602\":\"Smiley\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST_CASE("integers beyond 2^53 are refused, because a reader would round them") {
    CHECK(canonical("[9007199254740992,-9007199254740992]") ==
          "[9007199254740992,-9007199254740992]");
    CHECK(refusal({{"a", {0, 9007199254740993}}}) == "/a/1");
    CHECK(refusal({{"a", -9007199254740993}}) == "/a");
    CHECK(refusal(std::numeric_limits<std::int64_t>::min()) == "");
    CHECK(refusal(std::numeric_limits<std::uint64_t>::max()) == "");
}

TEST_CASE("an integer and the same number with a fraction of zero are one value") {
    CHECK(canonical_digest(Json(5)) == canonical_digest(Json(5.0)));
    CHECK(canonical_digest(Json(0)) == canonical_digest(Json(-0.0)));
}

TEST_CASE("ill-formed text has no canonical form, as a value or as a key") {
    CHECK(refusal({{"a", "\xed\xa0\x80"}}) == "/a");
    CHECK(refusal({{"\xff", 1}}) == "/\ufffd");
    CHECK_THROWS_AS(canonical_digest(Json("\xff")), InvalidInput);
}

TEST_CASE("all problems are reported at once and nesting is limited") {
    auto const result = canonical_json({{"a", NAN}, {"b", 9007199254740993}});
    REQUIRE_FALSE(result);
    CHECK(result.diagnostics().size() == 2);
    Json deep = 1;
    for (int i = 0; i <= limits::json_depth; ++i) deep = Json::array({deep});
    CHECK_FALSE(canonical_json(deep));
}

TEST_CASE("reading the canonical form gives the same canonical form") {
    for (auto text :
         {R"({"b":[1.5,{"z":"\u0001","a":null}],"a":"\\\""})", "[]", "-0.0", R"("x")"}) {
        auto const once = canonical(text);
        CHECK(canonical(once) == once);
    }
}

TEST_CASE("a part of a greater value is written as it stands there") {
    std::string out = "[";
    CHECK(write_canonical(out, {{"b", 1}, {"a", 2.0}}));
    CHECK(out == R"([{"a":2,"b":1})");
    Json deep = 1;
    for (int i = 0; i < limits::json_depth; ++i) deep = Json::array({deep});
    out.clear();
    CHECK(write_canonical(out, deep));
    CHECK_FALSE(write_canonical(out, deep, 1));
    CHECK_FALSE(write_canonical(out, "\xff"));
}
