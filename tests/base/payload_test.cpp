#include "base/payload.h"

#include <optional>
#include <thread>
#include <vector>

#include "tests/catch.h"

using namespace resolute;

TEST_CASE("a payload is null until it is given a value") {
    CHECK(Payload().is_null());
    CHECK(Payload().text() == "null");
    CHECK(Payload() == Payload(Json(nullptr)));
}

TEST_CASE("a payload is written and read once, and copies share it") {
    Payload const payload(Json{{"b", 1}, {"a", "x"}});
    Payload const copy = payload;
    CHECK(copy.text() == R"({"a":"x","b":1})");
    CHECK(&copy.text() == &payload.text());
    auto const read = Payload::from_text(R"({ "a": "x", "b": 1 })");
    CHECK(read == payload);
    CHECK(read.text() == R"({ "a": "x", "b": 1 })");
}

TEST_CASE("a member of a payload is a payload that keeps the whole alive") {
    auto whole = std::make_optional<Payload>(Json{{"inner", {{"a", 1}}}, {"other", 2}});
    auto const inner = whole->member("inner");
    whole.reset();
    REQUIRE(inner);
    CHECK(inner->json() == Json{{"a", 1}});
    CHECK(inner->text() == R"({"a":1})");
    CHECK(inner->member("a")->json() == 1);
    CHECK_FALSE(inner->member("b"));
    CHECK_FALSE(Payload(Json::array({1})).member("a"));
    CHECK(Payload::from_text(R"({"a":[1]})").member("a")->text() == "[1]");
}

TEST_CASE("the text of a member is read in whatever form the payload has") {
    auto const written =
        R"({"n":1,"nested":{"a":"not this"},"list":["a"],"a":"this","e":"\u0041"})";
    for (auto const& payload : {Payload::from_text(written), Payload(Json::parse(written)),
                                Payload::from_text(Json::parse(written).dump(2))}) {
        CHECK(payload.text_at("a") == "this");
        CHECK(payload.text_at("e") == "A");
        CHECK_FALSE(payload.text_at("n"));
        CHECK_FALSE(payload.text_at("nested"));
        CHECK_FALSE(payload.text_at("none"));
    }
    CHECK_FALSE(Payload().text_at("a"));
    CHECK_FALSE(Payload::from_text("[]").text_at("a"));
    CHECK(Payload::from_text("null").is_null());
    CHECK(Payload::from_text(" null").is_null());
    CHECK_FALSE(Payload::from_text("{}").is_null());
}

TEST_CASE("many threads may read one payload") {
    auto const payload = Payload::from_text(R"([1,2,3])");
    std::vector<std::thread> readers;
    std::vector<std::size_t> sizes(8);
    for (std::size_t i = 0; i < sizes.size(); ++i)
        readers.emplace_back([&, i] { sizes[i] = payload.json().size(); });
    for (auto& reader : readers) reader.join();
    CHECK(sizes == std::vector<std::size_t>(8, 3));
}
