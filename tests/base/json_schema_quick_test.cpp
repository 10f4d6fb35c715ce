#include "base/json_schema_quick.h"

#include "base/json_schema.h"
#include "tests/catch.h"

using namespace resolute;

namespace {

Json json(char const* text) { return parse_json(text).value(); }
bool accepts(char const* schema, Json const& value) {
    return QuickSchema(json(schema)).accepts(value);
}

Json nested(int levels) {
    Json value = 1;
    for (int i = 0; i < levels; ++i) value = Json::array({std::move(value)});
    return value;
}

}  // namespace

TEST_CASE("plain schemas are answered without the full validator") {
    auto const refund = R"({"type":"object","required":["amount"],"additionalProperties":false,
        "title":"Refund","x-render":"money","properties":{
        "amount":{"type":"integer","minimum":1,"exclusiveMaximum":100},
        "note":{"type":["string","null"],"minLength":1,"maxLength":3},
        "reason":{"enum":["late","broken",3]},
        "lines":{"type":"array","minItems":1,"items":{"type":"boolean"}}}})";
    CHECK(accepts(refund, {{"amount", 1}}));
    CHECK(accepts(refund, {{"amount", 99}, {"note", "äöü"}, {"reason", 3}}));
    CHECK(accepts(refund, {{"amount", 2}, {"note", nullptr}, {"lines", {true, false}}}));
    CHECK_FALSE(accepts(refund, Json::object()));
    CHECK_FALSE(accepts(refund, {{"amount", 0}}));
    CHECK_FALSE(accepts(refund, {{"amount", 100}}));
    CHECK_FALSE(accepts(refund, {{"amount", 1}, {"note", ""}}));
    CHECK_FALSE(accepts(refund, {{"amount", 1}, {"note", "four"}}));
    CHECK_FALSE(accepts(refund, {{"amount", 1}, {"reason", "4"}}));
    CHECK_FALSE(accepts(refund, {{"amount", 1}, {"lines", Json::array()}}));
    CHECK_FALSE(accepts(refund, {{"amount", 1}, {"lines", {1}}}));
    CHECK_FALSE(accepts(refund, {{"amount", 1}, {"more", 1}}));
    CHECK_FALSE(accepts(refund, "text"));
}

TEST_CASE("what is not sure is left to the full validator") {
    CHECK_FALSE(accepts(R"({"pattern":"a"})", "a"));
    CHECK_FALSE(accepts(R"({"properties":{"a":{"format":"date"}}})", {{"a", "2026-01-01"}}));
    CHECK_FALSE(accepts(R"({"items":[{"type":"integer"}]})", Json::array({1})));
    CHECK_FALSE(accepts(R"({"type":"integer"})", 1.0));
    CHECK_FALSE(accepts(R"({"minimum":0.5})", 1));
    CHECK_FALSE(accepts(R"({"minimum":1})", 1.5));
    CHECK_FALSE(accepts(R"({"enum":[1.5]})", 1.5));
    CHECK_FALSE(accepts(R"({"const":{"a":1}})", {{"a", 1}}));
    CHECK_FALSE(accepts("false", 1));
    CHECK_FALSE(accepts("{}", nested(129)));
    CHECK(accepts("{}", nested(128)));
}

TEST_CASE("the quick answer never differs from the validator's yes") {
    for (auto const* text :
         {R"({"type":"integer"})", R"({"type":["number","null"]})", R"({"minimum":2})",
          R"({"exclusiveMinimum":2})", R"({"maximum":2})", R"({"enum":[1,"a",null,[1]]})",
          R"({"const":2})", R"({"required":["a"]})", R"({"properties":{"a":{"type":"string"}}})",
          R"({"additionalProperties":{"type":"integer"}})", R"({"maxProperties":1})",
          R"({"items":{"type":"integer"},"maxItems":1})", R"({"minLength":2})",
          R"({"items":false})", R"({"type":"object","additionalProperties":false})", "true",
          "{}"}) {
        auto const quick = QuickSchema(json(text));
        // inside of allOf only the full validator looks
        auto const full = JsonSchema::compile({{"allOf", Json::array({json(text)})}}).value();
        for (auto const& value : {Json(),
                                  Json(1),
                                  Json(2),
                                  Json(3),
                                  Json(-1),
                                  Json(2.0),
                                  Json(2.5),
                                  Json("a"),
                                  Json("ab"),
                                  Json("é"),
                                  Json(true),
                                  Json::object(),
                                  Json({{"a", 1}}),
                                  Json({{"a", "b"}}),
                                  Json({{"a", 1}, {"b", 2}}),
                                  Json::array(),
                                  Json::array({1}),
                                  Json::array({1, 2}),
                                  Json::array({"a"}),
                                  Json(~std::uint64_t{0})}) {
            CAPTURE(text, value.dump());
            if (quick.accepts(value)) CHECK(full.validate(value).empty());
        }
    }
}
