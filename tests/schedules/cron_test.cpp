// When cron expressions fire, in zones that put their clocks forward and back.
#include <set>

#include "base/random.h"
#include "tests/catch.h"
#include "workflow/cron.h"

using namespace resolute;
using namespace resolute::workflow;

namespace {

Timestamp at(std::string const& text) { return parse_timestamp(text).value(); }
TimeZone zone(std::string const& name) { return TimeZone::find(name).value(); }
Cron cron(std::string const& text) { return Cron::parse(text).value(); }

// The next `count` times, by minutes, in UTC.
std::vector<std::string> times(std::string const& text, std::string const& place,
                               std::string const& after, int count) {
    std::vector<std::string> found;
    auto time = at(after);
    for (int i = 0; i < count; ++i) {
        time = cron(text).next(time, zone(place)).value();
        found.push_back(to_string(time).substr(0, 16));
    }
    return found;
}

using Times = std::vector<std::string>;

std::string wrong_cron(std::string const& text) {
    auto const read = Cron::parse(text);
    REQUIRE_FALSE(read);
    return read.diagnostics().front().message;
}

}  // namespace

TEST_CASE("cron fields: numbers, names, ranges, steps and lists") {
    CHECK(times("30 9 * * *", "UTC", "2026-03-01T09:30:00Z", 2) ==
          Times{"2026-03-02T09:30", "2026-03-03T09:30"});
    CHECK(times("*/20 8-9 * * *", "UTC", "2026-03-01T08:30:00Z", 4) ==
          Times{"2026-03-01T08:40", "2026-03-01T09:00", "2026-03-01T09:20", "2026-03-01T09:40"});
    CHECK(times("0 0 1,15 * *", "UTC", "2026-03-01T00:00:00Z", 3) ==
          Times{"2026-03-15T00:00", "2026-04-01T00:00", "2026-04-15T00:00"});
    CHECK(times("0 12 * JAN-feb Mon", "UTC", "2026-02-17T00:00:00Z", 2) ==
          Times{"2026-02-23T12:00", "2027-01-04T12:00"});
    CHECK(times("5/25 0 * * *", "UTC", "2026-03-01T00:00:00Z", 2) ==
          Times{"2026-03-01T00:05", "2026-03-01T00:30"});
    CHECK(times("0 0 * * 7", "UTC", "2026-03-02T00:00:00Z", 1) == Times{"2026-03-08T00:00"});
    CHECK(times("0 0 * * 5-7", "UTC", "2026-03-02T00:00:00Z", 3) ==
          Times{"2026-03-06T00:00", "2026-03-07T00:00", "2026-03-08T00:00"});
    CHECK(times("0 0 29 2 *", "UTC", "2026-03-01T00:00:00Z", 2) ==
          Times{"2028-02-29T00:00", "2032-02-29T00:00"});
    CHECK(times("0 0 29 2 *", "UTC", "2097-01-01T00:00:00Z", 1) == Times{"2104-02-29T00:00"});
}

TEST_CASE("two day fields that both name days: either is enough; with a star both must fit") {
    CHECK(times("0 0 13 * fri", "UTC", "2026-03-07T00:00:00Z", 3) ==
          Times{"2026-03-13T00:00", "2026-03-20T00:00", "2026-03-27T00:00"});
    CHECK(times("0 0 */2 * fri", "UTC", "2026-03-07T00:00:00Z", 2) ==
          Times{"2026-03-13T00:00", "2026-03-27T00:00"});
}

TEST_CASE("short forms of cron expressions") {
    CHECK(times("@yearly", "UTC", "2026-03-01T00:00:00Z", 1) == Times{"2027-01-01T00:00"});
    CHECK(times("@monthly", "UTC", "2026-03-01T00:00:00Z", 1) == Times{"2026-04-01T00:00"});
    CHECK(times("@weekly", "UTC", "2026-03-02T00:00:00Z", 1) == Times{"2026-03-08T00:00"});
    CHECK(times("@Daily", "Asia/Kolkata", "2026-03-02T00:00:00Z", 1) == Times{"2026-03-02T18:30"});
    CHECK(times("@hourly", "UTC", "2026-03-02T00:00:01Z", 1) == Times{"2026-03-02T01:00"});
}

TEST_CASE("what is no cron expression is said in one sentence") {
    CHECK(wrong_cron("* * * *") == "A cron expression has five fields, and this one has 4.");
    CHECK(wrong_cron("0 * * * * *") == "A cron expression has five fields, and this one has 6.");
    CHECK(wrong_cron("60 * * * *") == "`60` is no minute.");
    CHECK(wrong_cron("0 0 0 * *") == "`0` is no day of the month.");
    CHECK(wrong_cron("0 0 * 13 *") == "`13` is no month.");
    CHECK(wrong_cron("0 0 * * mo") == "`mo` is no day of the week.");
    CHECK(wrong_cron("0 0 * anf *") == "`anf` is no month.");
    CHECK(wrong_cron("*/0 * * * *") == "`*/0` is no minute: its step is no number.");
    CHECK(wrong_cron("0 0 * * fri-mon") ==
          "The range `fri-mon` of the day of the week does not go from less to more.");
    CHECK(wrong_cron("0 0 31 2,4 *") == "No year has a day that `0 0 31 2,4 *` names.");
    CHECK(wrong_cron("@reboot") == "`@reboot` is no short form of a cron expression.");
    CHECK(wrong_cron("1,,2 * * * *") == "`` is no minute.");
    CHECK(wrong_cron("") == "A cron expression has five fields, and this one has 0.");
}

TEST_CASE("a time that the clock skips fires once, right after the jump") {
    // Berlin: 02:00 becomes 03:00 (01:00 UTC) on 2026-03-29.
    CHECK(times("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2) ==
          Times{"2026-03-29T01:00", "2026-03-30T00:30"});
    CHECK(times("*/15 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2) ==
          Times{"2026-03-29T01:00", "2026-03-30T00:00"});
    // New York: 02:00 becomes 03:00 (07:00 UTC) on 2026-03-08.
    CHECK(times("0 2 * * *", "America/New_York", "2026-03-08T00:00:00Z", 2) ==
          Times{"2026-03-08T07:00", "2026-03-09T06:00"});
    // Beirut skips the first hour of the day: midnight becomes 01:00 (22:00 UTC) on 2026-03-29.
    CHECK(times("@daily", "Asia/Beirut", "2026-03-28T12:00:00Z", 2) ==
          Times{"2026-03-28T22:00", "2026-03-29T21:00"});
    // Lord Howe moves by half an hour: 02:00 becomes 02:30 (15:30 UTC) on 2026-10-04.
    CHECK(times("10 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 2) ==
          Times{"2026-10-03T15:30", "2026-10-04T15:10"});
    // Samoa had no 30 December 2011: it fires right after, at midnight of the 31st (10:00 UTC).
    CHECK(times("0 12 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z", 1) ==
          Times{"2011-12-30T10:00"});
}

TEST_CASE("a time that the clock repeats fires once, the first time") {
    // Berlin: 03:00 becomes 02:00 (01:00 UTC) on 2026-10-25.
    CHECK(times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2) ==
          Times{"2026-10-25T00:30", "2026-10-26T01:30"});
    // From within the second pass the next is that of the next day.
    CHECK(times("*/30 2 * * *", "Europe/Berlin", "2026-10-25T01:10:00Z", 1) ==
          Times{"2026-10-26T01:00"});
    CHECK(times("30 1 * * *", "America/New_York", "2026-11-01T00:00:00Z", 2) ==
          Times{"2026-11-01T05:30", "2026-11-02T06:30"});
    CHECK(times("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", 2) ==
          Times{"2026-04-04T14:45", "2026-04-05T15:15"});
}

TEST_CASE("what fires every hour goes on when the clock is put forward or back") {
    CHECK(times("0 * * * *", "Europe/Berlin", "2026-03-28T23:30:00Z", 3) ==
          Times{"2026-03-29T00:00", "2026-03-29T01:00", "2026-03-29T02:00"});
    CHECK(times("30 * * * *", "Europe/Berlin", "2026-03-28T23:50:00Z", 2) ==
          Times{"2026-03-29T00:30", "2026-03-29T01:30"});
    CHECK(times("*/30 * * * *", "Europe/Berlin", "2026-10-24T23:50:00Z", 5) ==
          Times{"2026-10-25T00:00", "2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30",
                "2026-10-25T02:00"});
    CHECK(times("*/20 * * * *", "Europe/Berlin", "2026-10-25T01:10:00Z", 1) ==
          Times{"2026-10-25T01:20"});
    CHECK(times("15 * * * *", "Australia/Lord_Howe", "2026-04-04T14:00:00Z", 2) ==
          Times{"2026-04-04T14:15", "2026-04-04T15:45"});
}

TEST_CASE("names of time zones are those of the IANA database, and nothing else") {
    CHECK(TimeZone::find("Europe/Berlin"));
    CHECK(TimeZone::find("UTC"));
    for (auto const* name : {"Europe/Atlantis", "", "/etc/localtime", "../../etc/passwd",
                             "localtime", "Europe/Berlin\n", "libc:localtime"})
        CHECK_FALSE(TimeZone::find(name));
}

namespace {

// Every minute of three days that fires, found by looking at the clock each minute: what it shows
// must fit, and unless every hour counts, be shown for the first time; or the clock has just leapt
// over a time that fits.
std::vector<Timestamp> looked_for(Cron const& expression, bool every_hour, TimeZone const& place,
                                  Timestamp start) {
    auto const utc = TimeZone();
    // What a clock without jumps shows when it fires.
    std::set<Timestamp> fitting;
    auto next = expression.next(start - std::chrono::hours(24), utc);
    for (; next && *next < start + std::chrono::hours(96); next = expression.next(*next, utc))
        fitting.insert(*next);
    auto const fits = [&](Timestamp shown) { return fitting.contains(shown); };
    std::vector<Timestamp> found;
    std::set<WallTime> seen;
    auto before = place.wall_time(start - std::chrono::hours(4));
    for (auto now = start - std::chrono::hours(4); now <= start + std::chrono::hours(72);
         now = now + std::chrono::minutes(1)) {
        auto const shown = place.wall_time(now);
        bool fires = (seen.insert(shown).second || every_hour) && fits(utc.when(shown).first);
        for (auto gap = utc.when(before).first + std::chrono::minutes(1);
             gap < utc.when(shown).first; gap = gap + std::chrono::minutes(1))
            fires = fires || (!every_hour && fits(gap));
        before = shown;
        if (fires && now > start) found.push_back(now);
    }
    return found;
}

}  // namespace

TEST_CASE("the next time is the first minute that fits, whatever the clock does") {
    auto const random = seeded_random(20261121);
    auto const pick = [&](std::vector<std::string> const& from) {
        return from[static_cast<std::size_t>(random->below(from.size()))];
    };
    for (int i = 0; i < 300; ++i) {
        auto const hour = pick({"*", "2", "1-3", "*/2", "0", "23"});
        auto const text = pick({"*", "0", "30", "*/15", "5,50", "10-20"}) + " " + hour + " " +
                          pick({"*", "*", "29", "1-10", "*/3"}) + " * " + pick({"*", "*", "sun"});
        auto const place = zone(pick({"Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                                      "Asia/Beirut", "UTC", "America/St_Johns"}));
        auto const expression = cron(text);
        auto const start = at(pick({"2026-03-07", "2026-03-28", "2026-04-03", "2026-10-02",
                                    "2026-10-24", "2026-10-31"}) +
                              "T00:00:00Z");
        std::vector<Timestamp> found;
        auto time = expression.next(start, place);
        while (time && *time <= start + std::chrono::hours(72)) {
            found.push_back(*time);
            time = expression.next(*time, place);
        }
        CAPTURE(text, place.name(), to_string(start));
        REQUIRE(found == looked_for(expression, hour.front() == '*', place, start));
    }
}
