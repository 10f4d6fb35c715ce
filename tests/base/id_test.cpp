#include "base/id.h"

#include <unordered_set>

#include "tests/catch.h"

using namespace resolute;

namespace {
struct RunTag;
using RunId = Id<RunTag>;
}  // namespace

TEST_CASE("a version 7 UUID carries its time, its version and its variant") {
    auto random = seeded_random(1);
    auto const text = to_string(uuid_v7(Timestamp{0x0123'4567'89ab * 1000ll}, *random));
    CHECK(text.substr(0, 13) == "01234567-89ab");
    CHECK(text[14] == '7');
    CHECK(std::string("89ab").find(text[19]) != std::string::npos);
}

TEST_CASE("ids made later sort later") {
    auto random = seeded_random(1);
    auto const first = RunId::make(Timestamp{1'000'000}, *random);
    auto const second = RunId::make(Timestamp{1'001'000}, *random);
    CHECK(first < second);
    CHECK(to_string(first) < to_string(second));
}

TEST_CASE("an id is read back from its text in either case") {
    auto random = seeded_random(7);
    auto const id = RunId::make(Timestamp{5'000'000}, *random);
    CHECK(RunId::parse(to_string(id)) == id);
    CHECK(RunId::parse("0189DCD5-5311-7D40-8DB0-9496A2EEF37B") ==
          RunId::parse("0189dcd5-5311-7d40-8db0-9496a2eef37b"));
    CHECK(RunId{}.is_nil());
}

TEST_CASE("a text that is no id is refused") {
    for (auto text :
         {"", "0189dcd5-5311-7d40-8db0-9496a2eef37", "0189dcd5-5311-7d40-8db0-9496a2eef37bb",
          "0189dcd5x5311-7d40-8db0-9496a2eef37b", "0189dcd5-5311-7d40-8db0-9496a2eef3-b",
          "0189dcd553117d408db09496a2eef37b0000", "0189dcd5-5311-7d40-8db0-9496a2eefz7b"}) {
        CAPTURE(text);
        CHECK_FALSE(RunId::parse(text));
    }
}

TEST_CASE("ids of one millisecond spread over the buckets of a hash table") {
    auto random = seeded_random(3);
    std::unordered_set<std::size_t> hashes;
    for (int i = 0; i < 1000; ++i)
        hashes.insert(std::hash<RunId>{}(RunId::make(Timestamp{1'000'000}, *random)));
    CHECK(hashes.size() == 1000);
}
