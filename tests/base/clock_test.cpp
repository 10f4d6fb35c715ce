#include "base/clock.h"

#include <limits>

#include "base/error_codes.h"
#include "tests/catch.h"

using namespace resolute;
using namespace std::chrono_literals;

TEST_CASE("an instant is written in UTC with microseconds") {
    CHECK(to_string(Timestamp{0}) == "1970-01-01T00:00:00.000000Z");
    CHECK(to_string(Timestamp{1'772'357'400'000'001}) == "2026-03-01T09:30:00.000001Z");
    CHECK(to_string(Timestamp{-1}) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("an instant is read with any offset, fraction and case of its letters") {
    auto const at = Timestamp{1'772'357'400'000'000};
    CHECK(*parse_timestamp("2026-03-01T09:30:00Z") == at);
    CHECK(*parse_timestamp("2026-03-01t09:30:00z") == at);
    CHECK(*parse_timestamp("2026-03-01T10:30:00+01:00") == at);
    CHECK(*parse_timestamp("2026-02-28T23:30:00.000-10:00") == at);
    CHECK(*parse_timestamp("2026-03-01T09:30:00.5Z") == at + 500ms);
    CHECK(*parse_timestamp("2026-03-01T09:30:00.123456789Z") == at + 123456us);
    CHECK(*parse_timestamp("2016-12-31T23:59:60Z") == *parse_timestamp("2017-01-01T00:00:00Z"));
    CHECK(*parse_timestamp("2024-02-29T00:00:00Z") == Timestamp{1'709'164'800'000'000});
}

TEST_CASE("what is written is read back as the same instant") {
    for (std::int64_t microseconds :
         {0ll, 1ll, -1ll, 1'772'357'400'123'456ll, 253'402'300'799'999'999ll})
        CHECK(*parse_timestamp(to_string(Timestamp{microseconds})) == Timestamp{microseconds});
}

TEST_CASE("a text that is no instant is refused with a way to mend it") {
    for (auto text :
         {"", "2026-03-01", "2026-03-01T09:30:00", "2026-03-01 09:30:00Z", "2026-02-29T00:00:00Z",
          "2026-13-01T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T09:60:00Z",
          "2026-03-01T09:30:00.Z", "2026-03-01T09:30:00+25:00", "2026-03-01T09:30:00Zx"}) {
        CAPTURE(text);
        auto const result = parse_timestamp(text);
        REQUIRE_FALSE(result);
        CHECK(result.diagnostics()[0].code == codes::malformed_time);
        CHECK_THAT(result.diagnostics()[0].remedy, ContainsSubstring("2026-03-01T09:30:00Z"));
    }
}

TEST_CASE("durations are read in weeks, days, hours, minutes and seconds") {
    CHECK(*parse_duration("PT0S") == 0s);
    CHECK(*parse_duration("PT1.5S") == 1500ms);
    CHECK(*parse_duration("PT0,25S") == 250ms);
    CHECK(*parse_duration("P2DT3H") == 51h);
    CHECK(*parse_duration("P1W") == 168h);
    CHECK(*parse_duration("PT1H30M5S") == 1h + 30min + 5s);
    CHECK(*parse_duration("PT0.5H") == 30min);
    CHECK(*parse_duration("P1.5D") == 36h);
    CHECK(*parse_duration("-PT10S") == -10s);
}

TEST_CASE("a duration without a fixed length or out of form is refused") {
    for (auto text :
         {"", "P", "PT", "P1DT", "P1Y", "P1M", "1h", "PT1", "PTS", "PT1S1H", "PT1H1H", "PT1.5H1S",
          "PT1.S", "P1H", "PT1D", "PT99999999999999999999S", "P99999999999999D", "PT1S "}) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration(text));
    }
}

TEST_CASE("durations are written in their shortest form and read back") {
    CHECK(to_string(Duration(0)) == "PT0S");
    CHECK(to_string(Duration(1500ms)) == "PT1.5S");
    CHECK(to_string(Duration(51h)) == "P2DT3H");
    CHECK(to_string(Duration(90min)) == "PT1H30M");
    CHECK(to_string(Duration(1us)) == "PT0.000001S");
    CHECK(to_string(Duration(-10s)) == "-PT10S");
    for (auto duration :
         {Duration(1), Duration(86'400'000'001), Duration(-61'000'001), Duration::max()})
        CHECK(*parse_duration(to_string(duration)) == duration);
    CHECK(to_string(Duration::min()).starts_with("-P106751991D"));
}

TEST_CASE("the system clock knows the century and never runs backwards") {
    SystemClock clock;
    CHECK(clock.now() > *parse_timestamp("2024-01-01T00:00:00Z"));
    auto const before = clock.monotonic();
    CHECK(clock.monotonic() >= before);
}
