// Which values leave a body, and that what is made of it is the body again.
#include "engine/store/blobs.h"

#include "base/json.h"
#include "base/limits.h"
#include "engine/corrupt_history.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::store;

namespace {

RunId const some_run{{1, 2, 3}};

std::string text_of(std::size_t bytes, char filling = 'x') {
    return '"' + std::string(bytes - 2, filling) + '"';
}

std::vector<std::string> taken(std::string const& body) {
    auto const apart = without_large_values(some_run, body);
    std::vector<std::string> values;
    if (!apart) return values;
    Blobs blobs;
    for (auto const& value : apart->values) {
        values.emplace_back(value.content);
        blobs.emplace(value.digest, value.content);
    }
    CHECK(is_apart(apart->text));
    CHECK(Json::accept(apart->text));
    std::vector<EncodedEvent> events{{.sequence = 1, .at = {}, .body = apart->text, .chain = {}}};
    make_whole(some_run, events, body.size(), [&](auto const& wanted) {
        CHECK(wanted.size() == blobs.size());
        return blobs;
    });
    CHECK(events.front().body == body);
    return values;
}

std::string whole(std::string const& stored) {
    std::vector<EncodedEvent> events{{.sequence = 7, .at = {}, .body = stored, .chain = {}}};
    make_whole(some_run, events, 1, [](auto const&) { return Blobs(); });
    return events.front().body;
}

}  // namespace

TEST_CASE("the innermost large values leave a body", "[store]") {
    auto const large = text_of(limits::blob_bytes);
    auto const small = text_of(limits::blob_bytes - 1);
    CHECK(taken(R"({"a":)" + small + "}").empty());
    CHECK(taken(R"({"a":)" + large + "}") == std::vector{large});
    CHECK(taken(R"({"a":[{"b":)" + large + R"(}],"c":)" + large + R"(,"d":1})") ==
          std::vector{large, large});
    CHECK(taken(R"({"":{},"a":[],"b":[null,-1.5e3,true],"c":)" + large + "}") ==
          std::vector{large});
}

TEST_CASE("a list or map goes as a whole when it is large without its large values", "[store]") {
    std::string numbers = "[0";
    while (numbers.size() < limits::blob_bytes) numbers += ",123456789";
    numbers += "]";
    CHECK(taken(R"({"a":{"b":)" + numbers + R"(}})") == std::vector{numbers});
    auto const half = text_of(limits::blob_bytes / 2);
    auto const halves = R"({"a":)" + half + R"(,"b":)" + half + "}";
    CHECK(taken(R"({"a":)" + halves + "}") == std::vector{halves});
    auto const large = text_of(limits::blob_bytes);
    auto const three = R"([)" + half + "," + large + "," + half + "]";
    CHECK(taken(R"({"a":)" + three + "}") == std::vector{three});
    CHECK(taken(R"({"a":)" + half + R"(,"b":)" + half + "}").empty());  // the body itself stays
}

TEST_CASE("quotes, brackets and escapes in texts are no structure", "[store]") {
    auto const filling = std::string(limits::blob_bytes, ']');
    CHECK(taken(R"({"a\"}":["\\"],"b":"\\\"}{[)" + filling + R"(\\"})") ==
          std::vector{R"("\\\"}{[)" + filling + R"(\\")"});
    auto deep = std::string(3'000, '[') + text_of(limits::blob_bytes) + std::string(3'000, ']');
    CHECK(taken(R"({"a":)" + deep + "}").size() == 1);
}

TEST_CASE("a body that the engine did not write like this is stored as it is", "[store]") {
    auto const large = text_of(limits::blob_bytes);
    for (auto const& body :
         {"[" + large + "]", R"({"a":)" + large + "} ", R"({"a": )" + large + "}",
          R"({"a":)" + large, R"({"a":)" + large.substr(1) + "}", R"({"a":)" + large + "]",
          R"({"a":)" + text_of(limits::blob_bytes, '\0') + "}",
          R"({"a":)" + text_of(limits::blob_bytes, '\xff') + "}"})
        CHECK_FALSE(without_large_values(some_run, body));
}

TEST_CASE("a reference is of its run alone, and a payload that looks like one is none", "[store]") {
    CHECK(blob_digest(some_run, "x") != blob_digest(RunId{}, "x"));
    auto const spoof = R"({"a":[[[1,4,")" + to_string(Digest{}) + R"("]],{"input":null}]})";
    CHECK_FALSE(is_apart(spoof));
    CHECK(whole(spoof) == spoof);
}

TEST_CASE("a body whose references cannot be read is corrupt, and its event named", "[store]") {
    auto const digest = '"' + to_string(Digest{}) + '"';
    for (std::string const& stored :
         {std::string("["), std::string("[[]],{}]"), "[[[5,4," + digest + "]],{\"a\":null}",
          "[[[4,4," + digest + "]],{\"a\":null}]", "[[[99,4," + digest + "]],{\"a\":null}]",
          "[[[5,-4," + digest + "]],{\"a\":null}]", std::string("[[[5,4,\"00\"]],{\"a\":null}]"),
          "[[[5,4," + digest + "],[5,4," + digest + "]],{\"a\":null}]"}) {
        INFO(stored);
        CHECK_THROWS_WITH(whole(stored), ContainsSubstring("event 7: what says where"));
    }
    CHECK_THROWS_AS(whole("[[[5,4," + digest + "]],{\"a\":null}]"), CorruptHistory);
}
