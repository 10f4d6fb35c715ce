// What a document says about its schedule, and what is said when it is wrong.
#include "tests/catch.h"
#include "workflow/load.h"
#include "workflow/schedule.h"

using namespace resolute;
using namespace resolute::workflow;

namespace {

std::string document(std::string const& schedule, std::string const& options = "") {
    return "document: { dsl: '1.0.3', namespace: test, name: flow, version: '1.0.0'" +
           (options.empty() ? "" : ", metadata: { schedule: " + options + " }") +
           " }\nschedule: " + schedule + "\ndo:\n  - a: { set: { x: 1 } }\n";
}

std::shared_ptr<Definition const> read(std::string const& schedule,
                                       std::string const& options = "") {
    return load(document(schedule, options), "w.yaml").value();
}

// "line:column message (remedy)"
std::string wrong(std::string const& schedule, std::string const& options = "") {
    auto const read = load(document(schedule, options), "w.yaml");
    REQUIRE_FALSE(read);
    INFO(to_string(read.diagnostics()));
    REQUIRE(read.diagnostics().size() == 1);
    auto const& found = read.diagnostics().front();
    return std::to_string(found.line) + ":" + std::to_string(found.column) + " " + found.message +
           (found.remedy.empty() ? "" : " (" + found.remedy + ")");
}

}  // namespace

TEST_CASE("a schedule is every, cron, after or on") {
    CHECK(sentence_of(*read("{ every: { minutes: 90 } }")) == "every PT1H30M");
    CHECK(sentence_of(*read("{ after: PT1M }")) == "PT1M after the end of the last run");
    CHECK(sentence_of(*read("{ cron: 0 9 * * mon-fri }", "{ timeZone: Europe/Berlin }")) ==
          "0 9 * * mon-fri in Europe/Berlin");
    CHECK(sentence_of(*read("{ cron: '@daily' }")) == "@daily in UTC");
    auto const on = read("{ on: { any: [ { with: { type: b } }, { with: { type: a } } ] } }");
    CHECK(sentence_of(*on) == "on a or b");
    CHECK(on->schedule->event_types() == std::vector<std::string>{"a", "b"});
    CHECK_FALSE(on->schedule->has_times());
}

TEST_CASE("an interval is counted from 1970, so that a new version keeps its beat") {
    auto const hourly = read("{ every: PT1H }")->schedule;
    auto const noon = parse_timestamp("2026-03-01T12:00:00Z").value();
    CHECK(hourly->next(noon) == noon + std::chrono::hours(1));
    CHECK(hourly->next(noon + Duration(1)) == noon + std::chrono::hours(1));
    CHECK(hourly->next(noon - Duration(1)) == noon);
    CHECK(hourly->next(Timestamp{-1}) == Timestamp{0});
    CHECK_FALSE(read("{ after: PT1M }")->schedule->next(noon));
}

TEST_CASE("options of a schedule stand in the document's metadata") {
    auto const plain = read("{ every: PT1H }")->schedule;
    CHECK(plain->overlap == Schedule::Overlap::allow);
    CHECK(plain->catch_up == std::chrono::minutes(10));
    CHECK(plain->jitter == Duration{});
    auto const told = read("{ every: PT1H }",
                           "{ overlap: buffer, catchUp: P1D, jitter: PT5M, input: { day: '${ "
                           ".scheduledAt }' } }")
                          ->schedule;
    CHECK(told->overlap == Schedule::Overlap::buffer);
    CHECK(told->catch_up == std::chrono::hours(24));
    CHECK(told->jitter == std::chrono::minutes(5));
    CHECK(told->input);
}

TEST_CASE("what is wrong with a schedule has its place and how to mend it") {
    CHECK(wrong("{ every: PT0.5S }") ==
          "2:20 A schedule fires once a second at most. (Write an interval of PT1S or more.)");
    CHECK(wrong("{ cron: 61 * * * * }") ==
          "2:19 `61` is no minute. (It is a number from 0 to 59.)");
    CHECK(wrong("{ every: PT1H, cron: '@daily' }") ==
          "2:11 `schedule` has exactly one of every, cron, after and on.");
    CHECK(wrong("{}") == "2:11 `schedule` has exactly one of every, cron, after and on.");
    CHECK(wrong("{ evry: PT1H }").starts_with("2:13 `schedule` has no key `evry`."));
    CHECK(wrong("{ cron: '@daily' }", "{ timeZone: Europe/Atlantis }") ==
          "1:108 No time zone is called `Europe/Atlantis`. (Use a name of the IANA database, such "
          "as Europe/Berlin.)");
    CHECK_THAT(wrong("{ every: PT1H }", "{ timeZone: UTC }"),
               ContainsSubstring("Only `cron` has a time zone."));
    CHECK_THAT(wrong("{ every: PT1H }", "{ overlap: skp }"),
               ContainsSubstring("`overlap` is allow, skip, buffer or cancel. Did you mean "
                                 "`skip`?"));
    CHECK_THAT(wrong("{ after: PT1H }", "{ overlap: skip }"),
               ContainsSubstring("Runs that start after the last one never overlap."));
    CHECK_THAT(wrong("{ on: { one: { with: { type: t } } } }", "{ input: {} }"),
               ContainsSubstring("is their array"));
    CHECK_THAT(wrong("{ every: PT1H }", "{ catchup: PT1H }"), ContainsSubstring("`catchup`"));
    CHECK_THAT(wrong("{ after: PT1H }", "{ catchUp: PT1H }"),
               ContainsSubstring("Only `cron` and `every` can miss a time."));
    CHECK_THAT(wrong("{ on: { one: { with: { type: t } } } }", "{ jitter: PT1M }"),
               ContainsSubstring("never late on purpose"));
    CHECK_THAT(wrong("{ on: { one: { with: { source: s } } } }"),
               ContainsSubstring("An event filter without the name of a `type`"));
}
