// What was applied is undone, the last first, when the run faults or is cancelled.
#include "base/error_codes.h"
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;
using std::chrono::seconds;

namespace {

std::string const trip = steps(R"(
  - flight:
      call: tool
      with:
        tool: book
        arguments: { what: flight }
        compensate: { tool: unbook, arguments: '{ id: $output.id, for: $input.who }' }
  - hotel:
      call: tool
      with:
        tool: book
        arguments: { what: hotel }
        compensate: { tool: unbook, arguments: '{ id: .id }' }
  - pay: { call: tool, with: { tool: pay } }
)");
std::string const flight = "/do/0/flight", hotel = "/do/1/hotel", pay = "/do/2/pay";
std::string undo(std::string const& step) { return step + "#undo"; }

Driver started_trip(std::string const& yaml = trip) {
    Driver driver(yaml);
    driver.outside.writes = {"book", "unbook", "pay"};
    driver.start({{"who", "ann"}});
    return driver;
}

// Both bookings are made, and the payment is under way.
Driver booked() {
    auto driver = started_trip();
    driver.answer(flight, good({{"id", "f1"}, {"who", "ann"}}));
    driver.answer(hotel, good({{"id", "h1"}}));
    return driver;
}

Outcome refusal() { return outcome::Failed{runtime_failure("No.", "refused"), false, {}, {}}; }

bool is_under_way(Driver const& driver, std::string const& step) {
    return driver.run().activities.contains(StepId{step});
}

}  // namespace

TEST_CASE("when a run faults, what was applied is undone, the last first") {
    auto driver = booked();
    CHECK(driver.facts<CompensationPlanned>().size() == 2);
    driver.answer(pay, refusal());
    CHECK(driver.status() == "running");
    CHECK(is_under_way(driver, undo(hotel)));
    CHECK_FALSE(is_under_way(driver, undo(flight)));
    if (GENERATE(false, true)) driver.crash();
    if (is_under_way(driver, undo(hotel)) && driver.facts<ActivityUnknown>().empty())
        driver.answer(undo(hotel), good({}));
    else
        driver.verify(undo(hotel), Verdict::applied);
    CHECK(driver.request_of(undo(hotel)) ==
          Json::parse(R"({"tool":"unbook","arguments":{"id":"h1"}})"));
    driver.answer(undo(flight), good({}));
    CHECK(driver.request_of(undo(flight))["arguments"]["id"] == "f1");
    CHECK(driver.error()["code"] == "refused");
    auto const ended = driver.facts<CompensationEnded>();
    REQUIRE(ended.size() == 2);
    CHECK(ended[0].step.path == hotel);
    CHECK(ended[1].step.path == flight);
}

TEST_CASE("when a run is cancelled, what was applied is undone once the rest is settled") {
    auto driver = booked();
    driver.cancel();
    CHECK_FALSE(is_under_way(driver, undo(hotel)));  // nobody knows what became of the payment
    driver.answer(pay, good(1));
    CHECK(is_under_way(driver, undo(hotel)));
    driver.answer(undo(hotel), good({}));
    driver.answer(undo(flight), good({}));
    CHECK(driver.status() == "cancelled");
}

TEST_CASE("a call whose outcome is unknown is settled first, and undone when it was applied") {
    auto driver = started_trip();
    driver.answer(flight, good({{"id", "f1"}}));
    driver.answer(hotel, lost());
    driver.cancel();
    driver.advance(seconds(10));
    CHECK_FALSE(is_under_way(driver, undo(flight)));
    bool const applied = GENERATE(true, false);
    driver.verify(hotel, applied ? Verdict::applied : Verdict::absent);
    CHECK(is_under_way(driver, undo(hotel)) == applied);
    if (applied) driver.answer(undo(hotel), good({}));
    driver.answer(undo(flight), good({}));
    CHECK(driver.status() == "cancelled");
}

TEST_CASE("what turns out to be applied in the turn of the cancel is undone first") {
    auto driver = started_trip();
    driver.answer(flight, good({{"id", "f1"}}));
    driver.answer(hotel, lost());
    driver.advance(seconds(10));
    driver.cancel_and_verify(hotel, Verdict::applied);
    CHECK(is_under_way(driver, undo(hotel)));
    CHECK_FALSE(is_under_way(driver, undo(flight)));
    CHECK(driver.facts<CompensationPlanned>().size() == 2);
    driver.answer(undo(hotel), good({}));
    driver.answer(undo(flight), good({}));
    CHECK(driver.status() == "cancelled");
}

TEST_CASE("a step that was to end with its run does not take its undoing with it") {
    auto driver = started_trip(document(R"(timeout: { after: PT5S }
do:
  - trip:
      timeout: { after: PT5S }
      do:
        - flight:
            call: tool
            with:
              tool: book
              arguments: { what: flight }
              compensate: { tool: unbook, arguments: '{ id: .id }' }
        - pay: { call: tool, with: { tool: pay } }
)"));
    std::string const booking = "/do/0/trip/do/0/flight";
    driver.answer(booking, good({{"id", "f1"}}));
    driver.advance(seconds(5));  // both end when it is known what became of the payment
    driver.answer("/do/0/trip/do/1/pay", refusal());
    CHECK(is_under_way(driver, undo(booking)));
    driver.answer(undo(booking), good({}));
    CHECK(driver.status() == "faulted");
    auto const asked = [](Proposal const& one) { return is_undoing(one.step); };
    CHECK(std::ranges::count_if(driver.outside.proposals, asked) == 1);
}

TEST_CASE("a fork undoes what it did, not what the run did that it was forked from") {
    auto history = booked().history;
    std::size_t first = 0;
    while (!std::holds_alternative<CompensationPlanned>(history[first].fact)) ++first;
    std::get<RunStarted>(history.front().fact).forked = ForkPoint{{}, history[first].sequence};
    auto const plans = fold({}, history).compensations;
    REQUIRE(plans.size() == 1);
    CHECK(plans.front().step.path == hotel);
}

TEST_CASE("a run that completes, or catches its error, undoes nothing") {
    auto driver = booked();
    driver.answer(pay, good(1));
    CHECK(driver.status() == "completed");
    CHECK(driver.facts<CompensationEnded>().empty());
    CHECK(driver.outside.proposals.size() == 3);
}

TEST_CASE("what cannot be undone is said at the end, and the others are undone all the same") {
    auto driver = booked();
    bool const is_cancel = GENERATE(false, true);
    if (is_cancel) driver.cancel();
    driver.answer(pay, refusal());
    driver.answer(undo(hotel), refusal());
    CHECK(is_under_way(driver, undo(flight)));
    driver.answer(undo(flight), good({}));
    auto const error = driver.error();
    CHECK(error["code"] == (is_cancel ? codes::compensation_failed : "refused"));
    CHECK(error["detail"].get<std::string>().ends_with("What `hotel` did could not be undone."));
}

TEST_CASE("how to undo a call is computed from its output, and when that fails it is said") {
    auto driver = started_trip(steps(R"(
  - flight:
      call: tool
      with: { tool: book, compensate: { tool: unbook, arguments: '{ id: (.id + 1) }' } }
  - no: { raise: { error: { type: about:blank, status: 418, detail: Short. } } }
)"));
    driver.answer(flight, good({{"id", "text"}}));
    CHECK(driver.error()["detail"] == "Short. What `flight` did could not be undone.");
    CHECK(driver.facts<CompensationPlanned>().front().error);
}

TEST_CASE("undoing goes on after a crash at any moment and calls nothing twice") {
    // Answers are scripted: whichever attempt it is.
    auto const scripted = [] {
        Driver driver(trip);
        driver.outside.writes = {"book", "unbook", "pay"};
        for (auto const* tool : {"book", "unbook"})
            driver.outside.answers[tool] = {good({{"id", "x"}})};
        driver.outside.answers["pay"] = {refusal()};
        driver.start({{"who", "ann"}});
        return driver;
    };
    auto const settle = [](Driver& driver) {
        for (int i = 0; i < 20 && driver.status() == "running"; ++i) {
            auto const activities = driver.run().activities;
            for (auto const& [step, activity] : activities)
                if (std::holds_alternative<activity::Uncertain>(activity.state))
                    driver.verify(step.path, step.path == pay ? Verdict::absent : Verdict::applied);
            driver.advance(seconds(60));
        }
    };
    auto whole = scripted();
    REQUIRE(whole.status() == "faulted");
    for (std::size_t kept = 1; kept < whole.history.size(); ++kept) {
        CAPTURE(kept);
        auto driver = scripted();
        driver.crash(kept);
        settle(driver);
        CHECK(driver.status() == "faulted");
        std::vector<std::string> undone;
        for (auto const& one : driver.facts<CompensationEnded>()) {
            undone.push_back(one.step.path);
            CHECK_FALSE(one.error);
        }
        CHECK(undone == std::vector<std::string>{hotel, flight});
    }
}

TEST_CASE("an answer about undoing that came while the run was paused counts once it goes on") {
    auto driver = booked();
    driver.outside.needs_approval["unbook"] = Json{{"sentence", "Unbook?"}};
    driver.answer(pay, refusal());
    driver.pause();
    bool const is_approved = GENERATE(false, true);
    driver.decide(is_approved ? "approve" : "reject", "bob");
    if (GENERATE(false, true)) driver.crash();
    CHECK(driver.unpause() == "");
    if (is_approved) driver.answer(undo(hotel), good({}));
    driver.decide("approve", "bob");
    driver.answer(undo(flight), good({}));
    CHECK(driver.facts<CompensationEnded>().size() == 2);
    auto const said = driver.error()["detail"].get<std::string>();
    CHECK(said.ends_with("What `hotel` did could not be undone.") != is_approved);
}

TEST_CASE("a paused run undoes nothing before it is resumed") {
    auto driver = booked();
    driver.pause();
    driver.answer(pay, refusal());
    CHECK_FALSE(is_under_way(driver, undo(hotel)));
    driver.cancel();
    CHECK_FALSE(is_under_way(driver, undo(hotel)));
    CHECK(driver.unpause() == "");
    CHECK(is_under_way(driver, undo(hotel)));
}

TEST_CASE("what was applied in a branch that had lost is undone, whoever says that it was") {
    auto driver = started_trip(steps(R"(
  - both:
      fork:
        branches:
          - flight:
              call: tool
              with: { tool: book, compensate: { tool: unbook, arguments: '{}' } }
          - pay: { call: tool, with: { tool: pay } }
)"));
    std::string const branches = "/do/0/both/fork/branches/", lost_one = branches + "0/flight";
    driver.answer(lost_one, lost());
    driver.answer(branches + "1/pay", refusal());  // the fork fails, once the flight is settled
    driver.advance(std::chrono::hours(1));
    SECTION("the system of record") { driver.verify(lost_one, Verdict::applied); }
    SECTION("a person") {
        driver.verify(lost_one, Verdict::undecided);
        driver.decide("applied", "bob");
    }
    CHECK(driver.facts<CompensationPlanned>().size() == 1);
    CHECK(is_under_way(driver, undo(lost_one)));
    driver.answer(undo(lost_one), good(Json::object()));
    CHECK(driver.facts<RunFaulted>().size() == 1);
}
