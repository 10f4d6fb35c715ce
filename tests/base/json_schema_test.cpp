#include "base/json_schema.h"

#include <thread>

#include "base/error_codes.h"
#include "base/limits.h"
#include "tests/catch.h"

using namespace resolute;

namespace {
JsonSchema schema(char const* text) {
    return JsonSchema::compile(parse_json(text).value()).value();
}
Diagnostic schema_problem(char const* text) {
    auto const result = JsonSchema::compile(parse_json(text).value());
    REQUIRE_FALSE(result);
    CHECK(result.diagnostics()[0].code == codes::schema_invalid);
    return result.diagnostics()[0];
}
}  // namespace

TEST_CASE("a value that fits its schema has no violations") {
    auto const refund =
        schema(R"({"type":"object","required":["amount"],"additionalProperties":false,
        "properties":{"amount":{"type":"integer","minimum":1},
                      "note":{"type":"string","maxLength":5}}})");
    CHECK(refund.validate({{"amount", 5}}).empty());
    CHECK(refund.validate({{"amount", 5.0}, {"note", "\u00e9\u00e9\u00e9\u00e9\u00e9"}}).empty());
    CHECK(refund.source()["type"] == "object");
}

TEST_CASE("every violation names the value, the rule and the reason") {
    auto const refund =
        schema(R"({"type":"object","properties":{"amount":{"type":"integer","minimum":1},
        "lines":{"items":{"enum":["a","b"]}}}})");
    auto const violations = refund.validate({{"amount", 0}, {"lines", {"a", "c"}}});
    REQUIRE(violations.size() == 2);
    CHECK(violations[0].pointer == "/amount");
    CHECK(violations[0].rule == "/properties/amount/minimum");
    CHECK(violations[1].pointer == "/lines/1");
    CHECK_THAT(to_string(violations), ContainsSubstring("/amount: "));
    CHECK(violations[0].message.ends_with("."));
    CHECK(refund.validate(7)[0].pointer == "");
    CHECK(refund.validate(7)[0].rule == "/type");
}

TEST_CASE("the dialect is 2020-12 unless the document names draft-07") {
    auto const modern = schema(R"({"prefixItems":[{"type":"integer"}],"items":false})");
    CHECK(modern.validate(Json::array({1})).empty());
    CHECK_FALSE(modern.validate(Json::array({1, 2})).empty());
    for (auto name :
         {"http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-07/schema",
          "https://json-schema.org/draft-07/schema#"}) {
        auto const old =
            JsonSchema::compile(
                {{"$schema", name}, {"items", {{{"type", "integer"}}}}, {"additionalItems", false}})
                .value();
        CHECK(old.validate(Json::array({1})).empty());
        CHECK_FALSE(old.validate(Json::array({1, 2})).empty());
    }
    CHECK_THAT(schema_problem(R"({"$schema":"https://example.com/mine"})").remedy,
               ContainsSubstring("2020-12"));
    CHECK_THAT(schema_problem(R"({"$schema":7})").message, ContainsSubstring("dialect"));
}

TEST_CASE("references inside the document work and references out of it are refused") {
    auto const tree = schema(R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object",
        "properties":{"next":{"$ref":"#/$defs/node"},"n":{"type":"integer"}}}}})");
    CHECK(tree.validate({{"n", 1}, {"next", {{"n", 2}}}}).empty());
    CHECK(tree.validate({{"n", 1}, {"next", {{"n", "x"}}}}).size() == 1);
    auto const embedded = schema(R"({"$id":"https://example.com/a","$ref":"b",
        "$defs":{"b":{"$id":"https://example.com/b","type":"string"}}})");
    CHECK(embedded.validate("x").empty());
    CHECK_THAT(schema_problem(R"({"$ref":"https://example.com/other"})").message,
               ContainsSubstring("leaves the document"));
    CHECK_THAT(schema_problem(R"({"$ref":"file:///etc/passwd"})").message,
               ContainsSubstring("leaves the document"));
    CHECK_THAT(schema_problem(R"({"properties":{"a":{"$ref":"#/$defs/missing"}}})").message,
               ContainsSubstring("missing"));
}

TEST_CASE("a schema that is no schema is refused") {
    schema_problem("[]");
    schema_problem("7");
    schema_problem(R"({"type":7})");
    schema_problem(R"({"pattern":"("})");
    schema_problem(R"({"properties":[]})");
    CHECK(schema_problem(R"({"properties":{"a":{"type":"strin"}}})").pointer ==
          "/properties/a/type");
    schema_problem(R"({"$ref":7})");
    CHECK(schema("false").validate(1).size() == 1);
    CHECK(schema("true").validate(1).empty());
}

TEST_CASE("patterns are searched for in values and in names") {
    auto const account = schema(R"({"properties":{"iban":{"pattern":"^[A-Z]{2}[0-9]{2,30}$"}},
        "patternProperties":{"^n_":{"type":"integer"}},"additionalProperties":false})");
    CHECK(account.validate({{"iban", "DE89370400440532013000"}, {"n_a", 1}}).empty());
    CHECK(account.validate({{"iban", "de89"}})[0].pointer == "/iban");
    CHECK(account.validate({{"n_a", "x"}})[0].pointer == "/n_a");
    CHECK(account.validate({{"other", 1}}).size() == 1);
}

TEST_CASE("a hostile pattern ends in a violation, not in endless time or a crash") {
    auto const nested = schema(R"({"pattern":"^(a+)+$"})");
    CHECK(nested.validate(std::string(5000, 'a')).empty());
    CHECK(nested.validate(std::string(5000, 'a') + "!").size() == 1);
    CHECK(nested.validate(std::string(limits::schema_pattern_subject_bytes + 1, 'a')).size() == 1);
    auto const names = schema(R"({"patternProperties":{"^(a|a)*$":false}})");
    CHECK(names.validate({{std::string(200, 'a') + "!", 1}}).empty());
    CHECK(names.validate({{"aaa", 1}}).size() == 1);
    schema_problem(R"({"pattern":"((a{100}){100}){100}"})");
    CHECK_THAT(schema_problem(R"({"pattern":"(a)\\1"})").message,
               ContainsSubstring("back-reference"));
}

TEST_CASE("endless recursion and fan-out of references end in a violation") {
    CHECK(schema(R"({"$ref":"#"})").validate(1).size() == 1);
    CHECK(
        schema(R"({"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"}]}}})")
            .validate(1)
            .size() == 1);
    Json bomb = {{"$ref", "#/$defs/d0"}};
    for (int i = 0; i < 40; ++i) {
        Json const next = {{"$ref", "#/$defs/d" + std::to_string(i + 1)}};
        bomb["$defs"]["d" + std::to_string(i)] = {{"allOf", {next, next}}};
    }
    bomb["$defs"]["d40"] = true;
    CHECK(JsonSchema::compile(bomb).value().validate(1).size() == 1);
}

TEST_CASE("unique items are checked in large arrays") {
    auto const unique = schema(R"({"uniqueItems":true})");
    Json items = Json::array();
    for (int i = 0; i < 100'000; ++i) items.push_back("item" + std::to_string(i));
    CHECK(unique.validate(items).empty());
    items.push_back("item7");
    CHECK(unique.validate(items).size() == 1);
    CHECK(unique.validate(Json::array({1, 1.0})).size() == 1);
    CHECK(unique
              .validate(
                  Json::array({1, true, "1", Json{{"a", 1}}, Json{{"a", 2}}, nullptr, 0, false}))
              .empty());
    CHECK(
        unique.validate(Json::array({Json{{"a", 1}, {"b", 2}}, Json{{"b", 2}, {"a", 1}}})).size() ==
        1);
}

TEST_CASE("the number and the length of violations are limited") {
    auto const strings = schema(R"({"items":{"type":"string"}})");
    CHECK(strings.validate(Json(std::vector<int>(1000, 1))).size() == limits::schema_violations);
    auto const choice = schema(R"({"enum":["a"]})");
    CHECK(choice.validate(std::string(1'000'000, 'x'))[0].message.size() <
          2 * limits::violation_message_bytes);
}

TEST_CASE("additional properties are reported one by one at their own places") {
    auto const closed = schema(R"({"properties":{"a":true},"additionalProperties":false})");
    CHECK(closed.validate({{"a", 1}, {"b", 2}, {"c", 3}}).size() == 2);
    CHECK(closed.validate({{"b", 2}})[0].pointer == "/b");
    auto const numbers =
        schema(R"({"additionalProperties":{"type":"number"},"unevaluatedProperties":false})");
    CHECK(numbers.validate({{"x", 1}, {"y", "z"}})[0].pointer == "/y");
    CHECK(numbers.validate({{"x", 1}}).empty());
}

TEST_CASE("the reasons of alternatives are told") {
    auto const either =
        schema(R"({"anyOf":[{"type":"integer"},{"required":["id"],"type":"object"}]})");
    auto const violations = either.validate(Json::object());
    REQUIRE(violations.size() == 1);
    CHECK_THAT(violations[0].message, ContainsSubstring("id"));
}

TEST_CASE("64-bit integers are compared exactly") {
    auto const limit = schema(R"({"type":"integer","maximum":9007199254740993})");
    CHECK(limit.validate(9007199254740993).empty());
    CHECK(limit.validate(9007199254740994).size() == 1);
}

TEST_CASE("one schema serves many threads") {
    auto const shared = schema(R"({"type":"object","properties":{"a":{"pattern":"^x+$"}}})");
    std::vector<std::thread> threads;
    std::vector<int> wrong(4);
    for (auto& count : wrong)
        threads.emplace_back([&count, shared] {
            for (int i = 0; i < 200; ++i)
                if (!shared.validate({{"a", "xx"}}).empty() ||
                    shared.validate({{"a", "y"}}).size() != 1)
                    ++count;
        });
    for (auto& thread : threads) thread.join();
    CHECK(wrong == std::vector<int>(4, 0));
}
