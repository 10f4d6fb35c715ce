#include "console/causes.h"
#include "base/error_codes.h"
#include "console/cause_codes.h"
#include "tests/catch.h"
#include "tests/console/stored_history.h"

using namespace resolute;
using namespace resolute::console;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp now{1'772'366'400'000'000};

// A run whose history is these facts, as it is read.
RunReading stored_run(std::vector<Fact> facts, RunRow::Status status = RunRow::Status::waiting) {
    facts.insert(facts.begin(), WorkStarted{Json(1), {}});
    facts.insert(facts.begin(),
                 RunStarted{{"refunds/refund", "1", {}}, "default", "", Json(1), "me", "00"});
    return testing::reading_of(RunRow{.run = {}, .shard = 7, .status = status},
                               testing::stored({}, facts, now - 1s));
}

ShardOwner const alive{"engine-1", now + 5min, false};
StepId const step{"/do/0/pay"};

ActivityIntent intent(std::string kind) {
    return {.kind = std::move(kind), .target = "payments.refund@1.0.0", .request = Json(1)};
}

// A call that failed with this and is tried again at a time to come.
RunReading backing_off(std::string kind, Failure why) {
    return stored_run({ActivityStarted{step, 1, now, intent(std::move(kind)), {}},
                       ActivityFailed{step, 1, std::move(why), {}, now + 1min, {}}});
}

std::string only_code(RunReading const& reading, std::optional<ShardOwner> owner = alive) {
    auto const causes = causes_of(reading, owner, now);
    REQUIRE(causes.size() == 1);
    CHECK_FALSE(causes.front().sentence.empty());
    return causes.front().code;
}

}  // namespace

TEST_CASE("what a run waits for has a code, a step and a time") {
    auto const timer = causes_of(stored_run({TimerStarted{step, now + 1h}}), alive, now);
    REQUIRE(timer.size() == 1);
    CHECK(timer.front().code == causes::waits_for_timer);
    CHECK(timer.front().step == step);
    CHECK(timer.front().until == now + 1h);
    CHECK(only_code(stored_run({SignalAwaited{step, "go"}})) == causes::waits_for_signal);
    CHECK(only_code(stored_run({ActivityStarted{step, 1, now + 1min, intent("tool"), {}}})) ==
          causes::waits_for_answer);
    ApprovalRequested ask{.step = step, .card = Json{{"sentence", "Refund EUR 480"}}};
    CHECK(only_code(stored_run({ask})) == causes::waits_for_approval);
}

TEST_CASE("a paused run says so first, and who paused it") {
    auto const causes =
        causes_of(stored_run({RunPaused{"ann", "the bank is down"}, TimerStarted{step, now - 1h}}),
                  alive, now);
    REQUIRE(causes.size() == 2);
    CHECK(causes.front().code == causes::paused);
    CHECK(causes.front().sentence == "It waits to be resumed; ann paused it: the bank is down.");
    CHECK(causes.back().code == causes::waits_for_timer);
}

TEST_CASE("an unknown outcome is settling, and then a person's") {
    auto lost = [](std::optional<Timestamp> verify_at) {
        return stored_run({ActivityStarted{step, 1, now, intent("tool"), {}},
                           ActivityUnknown{step, 1, communication_failure("lost"), verify_at}});
    };
    auto const causes = causes_of(lost(now + 1min), alive, now);
    REQUIRE(causes.size() == 1);
    CHECK(causes.front().code == causes::settling);
    CHECK(causes.front().until == now + 1min);
    CHECK(only_code(lost({})) == causes::waits_for_person);
}

TEST_CASE("a call that is tried again says what keeps it") {
    CHECK(only_code(backing_off("tool", communication_failure("Paused.", codes::tool_paused))) ==
          causes::breaker_open);
    CHECK(only_code(backing_off("tool", communication_failure("Full.", codes::tool_busy))) ==
          causes::tool_limit);
    CHECK(only_code(backing_off("model", communication_failure("No route."))) ==
          causes::model_unreachable);
    CHECK(only_code(backing_off("tool", communication_failure("No route."))) == causes::retrying);
}

TEST_CASE("what keeps a run comes before what it waits for") {
    auto const waits = stored_run({TimerStarted{step, now + 1h}});
    auto first = [&](std::optional<ShardOwner> owner) {
        auto const causes = causes_of(waits, owner, now);
        REQUIRE(causes.size() == 2);
        CHECK_FALSE(causes.front().remedy.empty());
        CHECK(causes.back().code == causes::waits_for_timer);
        return causes.front().code;
    };
    CHECK(first(std::nullopt) == causes::shard_unowned);
    CHECK(first(ShardOwner{"engine-1", now - 1s, false}) == causes::owner_lease_lost);
    CHECK(first(ShardOwner{"engine-1", now + 1s, true}) == causes::owner_lease_lost);
    auto late = stored_run({TimerStarted{step, now - 1min}});
    CHECK(causes_of(late, alive, now).front().code == causes::owner_behind);
    auto idle = stored_run({}, RunRow::Status::running);
    CHECK(causes_of(idle, alive, now).empty());
    CHECK(causes_of(idle, alive, now + 1min).front().code == causes::owner_behind);
}

TEST_CASE("a run that was set aside says why and how it comes back") {
    auto aside = stored_run({SignalAwaited{step, "go"}}, RunRow::Status::quarantined);
    aside.row.waits_sentence = "it brought its process down 2 times";
    auto const causes = causes_of(aside, std::nullopt, now);
    REQUIRE(causes.size() == 2);
    CHECK(causes.front().code == causes::quarantined);
    CHECK(causes.front().sentence.find("2 times") != std::string::npos);
    CHECK(causes.front().remedy.find("resolute release " + to_string(aside.row.run)) !=
          std::string::npos);
    aside.row.waits_sentence = "its definition is not stored";
    CHECK(causes_of(aside, alive, now).front().code == causes::definition_missing);
    aside.state.reset();  // what cannot be folded must not keep it from being shown
    CHECK(causes_of(aside, alive, now).size() == 1);
}

TEST_CASE("a run that waits for a place says who has it, or when a rate allows more") {
    Json const place{{"key", "bench"}, {"priority", 0}, {"most", 2}};
    Json const filter{{"slot", 0}, {"type", ""}, {"place", place}};
    RunStarted const started{{"refunds/refund", "1", {}}, "default", "", Json(1), "me", "00"};
    auto reading = testing::reading_of(
        RunRow{.run = {}, .shard = 7, .status = RunRow::Status::waiting},
        testing::stored({}, {started, EventsAwaited{{}, Json::array({filter})}}, now - 1s));
    auto const only = [&](store::PlaceQueue queue) {
        reading.place = queue;
        auto const causes = causes_of(reading, alive, now);
        REQUIRE(causes.size() == 1);
        CHECK(causes.front().code == causes::waits_for_place);
        CHECK(causes.front().sentence ==
              "It waits for a place under the key `bench`, where at most 2 go at a time.");
        return causes.front();
    };
    auto const random = seeded_random(1);
    auto const holder = RunId::make(now, *random);
    auto const show = "`resolute show " + to_string(holder) + "` says what ";
    CHECK(only({.holder = holder, .held = 1, .opens_at = {}}).remedy ==
          "1 run has one; " + show + "it waits for.");
    CHECK(only({.holder = holder, .held = 2, .opens_at = {}}).remedy ==
          "2 runs have one; " + show + "the first waits for.");
    CHECK(only({.holder = {}, .held = 2, .opens_at = {}}).remedy ==
          "It is given one when another of these runs is over.");
    auto const later = only({.holder = {}, .held = 0, .opens_at = now + 5s});
    CHECK(later.until == now + 5s);
    CHECK(later.remedy == "It is given one when the time has come.");
}

TEST_CASE("a run that is over waits for nothing") {
    auto const over = stored_run({RunCompleted{Json(1)}}, RunRow::Status::completed);
    CHECK(causes_of(over, std::nullopt, now + 1h).empty());
    auto const json =
        causes_json(causes_of(stored_run({TimerStarted{step, now + 1h}}), alive, now));
    CHECK(json[0]["step"] == "/do/0/pay");
    CHECK(json[0]["remedy"].is_null());
}
