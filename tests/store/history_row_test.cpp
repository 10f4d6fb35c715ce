#include "engine/store/history_row.h"

#include "base/limits.h"
#include "engine/chain.h"
#include "engine/corrupt_history.h"
#include "engine/store/compression.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::store;

namespace {

constexpr Timestamp noon{1'772'366'400'000'000};
constexpr RunId row_run{};

EncodedEvent event(std::uint64_t sequence, std::string body, std::int64_t later = 0) {
    return {.sequence = sequence,
            .at = {noon.microseconds + later},
            .kind = static_cast<std::int16_t>(sequence % 256),
            .body = std::move(body),
            .chain = sha256("chain " + std::to_string(sequence))};
}

// A whole history, with the chain that it has.
std::vector<EncodedEvent> begun(std::vector<EncodedEvent> events, std::string const& salt = "") {
    auto head = chain_start(row_run);
    for (auto& each : events) head = each.chain = chain_next(head, each, salt);
    return events;
}

std::vector<HistoryRow> rows_of(std::vector<EncodedEvent> const& events) {
    std::vector<StoredEvent> stored;
    for (auto const& each : events) stored.push_back({&each, each.body});
    return packed(stored);
}

std::vector<EncodedEvent> events_of(std::vector<HistoryRow> const& rows) {
    std::vector<EncodedEvent> events;
    for (auto const& row : rows)
        for (auto& each : unpacked(row_run, row)) events.push_back(std::move(each));
    return events;
}

std::string noise(std::size_t size) {
    std::string bytes;
    for (std::uint64_t turn = 0; bytes.size() < size; ++turn)
        bytes += sha256(std::to_string(turn)).view();
    bytes.resize(size);
    return bytes;
}

// A row of two events with bodies that histories have.
HistoryRow sample_row() {
    return rows_of({event(7, R"({"step":"/do/0/pay","attempt":1,"deadline":"2026"})"),
                    event(8, R"({"step":"/do/0/pay","attempt":1,"completesStep":true})", 1'500)})
        .at(0);
}

}  // namespace

TEST_CASE("events come out of rows as they went in") {
    auto const events = GENERATE(
        as<std::vector<EncodedEvent>>{}, std::vector{event(1, "{}")}, std::vector{event(1, "")},
        std::vector{event(5, "", 3), event(6, R"({"a":1})", 3), event(7, "", 2), event(8, "x", -9)},
        begun({event(1, noise(300)), event(2, noise(10))}),
        std::vector{event(9, std::string(70'000, 'a')), event(10, "{}", 1LL << 52),
                    event(11, noise(70'000), -(1LL << 52))});
    CHECK(events_of(rows_of(events)) == events);
}

TEST_CASE("a row has a bounded number of events and of bytes, and one event at least") {
    std::vector<EncodedEvent> events;
    for (std::uint64_t i = 1; i <= 250; ++i) events.push_back(event(i, "{}"));
    events = begun(std::move(events));
    auto rows = rows_of(events);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].last() == limits::history_row_events);
    CHECK(rows[1].sequence == limits::history_row_events + 1);
    CHECK(rows[2].last() == 250);
    CHECK(events_of(rows) == events);

    auto const half = std::string(limits::history_row_bytes / 2, 'x');
    rows = rows_of({event(1, half), event(2, half), event(3, half + half + half), event(4, "{}")});
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].last() == 2);
    CHECK(rows[1].last() == 3);
    CHECK(rows_of({}).empty());
}

TEST_CASE("a row that a database has can be read for ever") {
    // Written with dictionary 1, by some version of the library.
    std::string const body =
        "0132841a9926298aa15778bda13f292877b03815a6d25da00c6744b8e62af32a2328b52ffd2"
        "06abd000028b81732227d05fcbd02a3c244739dcc1673b17bca2727";
    auto row = sample_row();
    auto const events = unpacked(row_run, row);
    row.body.clear();
    for (std::size_t i = 0; i < body.size(); i += 2)
        row.body += static_cast<char>(std::stoi(body.substr(i, 2), nullptr, 16));
    CHECK(unpacked(row_run, row) == events);
    CHECK(to_string(sha256(dictionary_1)) ==
          "1ff613cdc5bb14eb062ff980450a7bb385166c404171e24f6d848c81582766b7");
}

TEST_CASE("a row that begins a history has the last chain value only") {
    auto const salt = std::string("5a17");
    auto started = encode(RunStarted{.workflow = {"demo/letter", "1", {}}, .salt = salt});
    EncodedEvent const start{.sequence = 1, .at = noon, .kind = 1, .body = started, .chain = {}};
    auto const events = begun({start, event(2, noise(20)), event(3, noise(30))}, salt);
    auto const row = rows_of(events).at(0);
    CHECK(row.body.front() == 3);  // compressed, without chains
    CHECK(row.body.size() < started.size() + 50);
    CHECK(unpacked(row_run, row) == events);

    SECTION("which nobody computes: what was changed before it shows in it") {
        auto changed = events;
        changed[1].body = noise(20) + "!";
        auto forged = rows_of(changed).at(0);
        auto const fault = verify_chain(row_run, unpacked(row_run, forged));
        REQUIRE(fault);
        CHECK(fault->sequence == 3);
    }
    SECTION("whoever's row it is said to be") {
        RunId other;
        other.value[15] = 1;
        CHECK(verify_chain(other, unpacked(other, row)).value().sequence == 3);
    }
    SECTION("unless a body is not all here: then each has its own") {
        std::string const apart = "[[],null]";
        auto const of = packed({{&events[0], events[0].body}, {&events[1], apart}});
        CHECK(of.front().body.front() == 1);
        CHECK(unpacked(row_run, of.front()).front().chain == events.front().chain);
    }
    SECTION("and so has a row that goes on") {
        auto const rest = rows_of({events[1], events[2]}).at(0);
        CHECK(rest.body.front() == 1);
        CHECK(unpacked(row_run, rest).front() == events[1]);
    }
    SECTION("also when the first event cannot be read") {
        auto unreadable = events;
        unreadable[0].body = "{";
        auto const found = unpacked(row_run, rows_of(unreadable).at(0));
        CHECK(found.at(0).body == "{");
        CHECK(verify_chain(row_run, found).value().sequence == 1);
    }
}

TEST_CASE("text is smaller, and what is no text is kept as it is") {
    CHECK(sample_row().body.size() < 32 + 50);
    auto const row = rows_of({event(2, noise(500))}).at(0);
    CHECK(row.body.size() == 501);
    CHECK(row.body.front() == 0);
}

TEST_CASE("a damaged row is found out, wherever it is damaged") {
    auto const intact = sample_row();
    auto const events = unpacked(row_run, intact);
    auto damaged = [&](std::string body) {
        auto row = intact;
        row.body = std::move(body);
        try {
            return unpacked(row_run, row) != events;  // then the chain says so
        } catch (CorruptHistory const& error) {
            CHECK_THAT(error.what(), ContainsSubstring("event 7 and those stored with"));
            return true;
        }
    };
    for (std::size_t size = 0; size < intact.body.size(); ++size)
        CHECK(damaged(intact.body.substr(0, size)));
    for (std::size_t place = 0; place < intact.body.size(); ++place) {
        auto body = intact.body;
        body[place] = static_cast<char>(body[place] ^ 0x55);
        damaged(body);  // throws nothing else; some bits of a frame mean nothing
    }
    auto row = intact;
    row.kinds.clear();
    CHECK_THROWS_AS(unpacked(row_run, row), CorruptHistory);
    row.kinds = "\x07\x08\x09";
    CHECK_THROWS_AS(unpacked(row_run, row), CorruptHistory);
    CHECK_THROWS_WITH(
        unpacked(row_run,
                 {.sequence = 1, .at = {}, .kinds = "\x01", .body = "\x09{}", .chain = {}}),
        ContainsSubstring("the form 9"));
}

TEST_CASE("what says that it expands to more than any row is not expanded") {
    auto const bomb = compressed(std::string(limits::history_content_bytes + 1, '\0'));
    CHECK(bomb.size() < 100'000);
    CHECK_THROWS_WITH(expanded(bomb), ContainsSubstring("bytes long"));
    CHECK_THROWS_AS(expanded("{}"), CorruptHistory);
    CHECK_THROWS_AS(expanded(""), CorruptHistory);
}

TEST_CASE("a page begins and ends wherever it is wanted") {
    std::vector<EncodedEvent> events;
    for (std::uint64_t i = 1; i <= 9; ++i) events.push_back(event(i, std::string(i, 'x')));
    events = begun(std::move(events));
    std::vector<HistoryRow> rows;
    for (auto const& [begin, end] : {std::pair(0, 3), {3, 4}, {4, 9}})
        rows.push_back(rows_of({events.begin() + begin, events.begin() + end}).at(0));
    for (std::uint64_t first = 1; first <= 10; ++first) {
        for (std::size_t most = 0; most <= 10; ++most) {
            EventPage page(row_run, first, most, 1'000);
            for (auto const& row : rows) page.add(row);
            auto const from = std::min<std::size_t>(first - 1, 9);
            auto const count = std::min(most, 9 - from);
            CHECK(page.take() ==
                  std::vector(events.begin() + static_cast<std::ptrdiff_t>(from),
                              events.begin() + static_cast<std::ptrdiff_t>(from + count)));
        }
    }
    EventPage page(row_run, 1, 100, 5);  // 1 + 2 bytes, and the event that goes beyond
    for (auto const& row : rows) page.add(row);
    CHECK(page.take().size() == 3);
}
