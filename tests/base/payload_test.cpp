#include "base/payload.h"

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

TEST_CASE("many threads may read one payload") {
    auto const payload = Payload::from_text(R"([1,2,3])");
    std::vector<std::thread> readers;
    std::vector<std::size_t> sizes(8);
    for (std::size_t i = 0; i < sizes.size(); ++i)
        readers.emplace_back([&, i] { sizes[i] = payload.json().size(); });
    for (auto& reader : readers) reader.join();
    CHECK(sizes == std::vector<std::size_t>(8, 3));
}
