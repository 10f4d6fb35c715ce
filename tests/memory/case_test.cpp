// The record of a case against a real PostgreSQL, and the rules by which it changes.
#include "engine/store/read_model.h"
#include "engine/store/schema.h"
#include "memory/case_handler.h"
#include "tests/catch.h"
#include "tests/memory/hand_clock.h"
#include "tests/net/awaited.h"
#include "tests/postgres/test_database.h"

using namespace resolute;
using namespace resolute::memory;

namespace {

struct Office {
    testing::TestDatabase database{"case", [](std::string const& url) { store::migrate(url); }};
    HandClock clock;
    CaseHandler handler{
        [this] {
            return store::Connection({.url = database.connection_string(), .application = "test"});
        },
        clock};
    int steps = 0;

    Attempt attempt(Json request, std::string const& case_id = "C-1") {
        Proposal proposal;
        proposal.run.value[15] = 7;
        proposal.tenant = "default";
        proposal.case_id = case_id;
        proposal.workflow = {"support/close", "1.0.0", {}};
        proposal.step = {"/do/" + std::to_string(++steps) + "/case"};
        proposal.kind = "case";
        proposal.request = Payload(std::move(request));
        proposal.key = "rk_" + std::to_string(steps);
        auto const admission = handler.admit(proposal);
        if (auto const* rejected = std::get_if<Rejected>(&admission)) FAIL(rejected->why.detail);
        Attempt attempt;
        attempt.run = proposal.run;
        attempt.tenant = proposal.tenant;
        attempt.case_id = case_id;
        attempt.workflow = proposal.workflow;
        attempt.step = proposal.step;
        attempt.intent = std::get<Permitted>(admission).intent;
        attempt.deadline = clock.now() + std::chrono::minutes(1);
        return attempt;
    }
    Outcome perform(Attempt const& attempt) {
        clock.advance(std::chrono::seconds(1));
        net::Awaited<Outcome> outcome;
        handler.perform(attempt, [outcome](Outcome what) { outcome.set(std::move(what)); });
        return outcome.get();
    }
    Json record(Attempt const& attempt) {
        auto const what = perform(attempt);
        if (auto const* failed = std::get_if<outcome::Failed>(&what)) FAIL(failed->error.detail);
        return std::get<outcome::Succeeded>(what).output.json();
    }
    std::string refusal(Attempt const& attempt) {
        auto const what = perform(attempt);
        auto const* failed = std::get_if<outcome::Failed>(&what);
        REQUIRE(failed);
        CHECK(failed->error.code == "case_not_open");
        CHECK_FALSE(failed->retryable);
        return failed->error.detail;
    }
    Verification verify(Attempt const& attempt) {
        net::Awaited<Verification> answer;
        handler.verify(attempt, [answer](Verification what) { answer.set(std::move(what)); });
        return answer.get();
    }
};

std::string rejection(Json request, std::string const& run_case = "C-1") {
    auto const read = read_case_change(request, run_case);
    auto const* problem = std::get_if<Failure>(&read);
    return problem ? problem->detail : "read";
}

}  // namespace

TEST_CASE("a case is opened, assigned, noted and closed, and each step is an entry") {
    Office office;
    auto const opened = office.record(
        office.attempt({{"op", "open"}, {"title", "Late parcel"}, {"facts", {{"order", 7}}}}));
    CHECK(opened["case"] == "C-1");
    CHECK(opened["status"] == "open");
    CHECK(opened["title"] == "Late parcel");
    CHECK(opened["closedAt"].is_null());
    office.record(office.attempt({{"op", "assign"}, {"assignee", "rita"}}));
    office.record(office.attempt(
        {{"op", "note"}, {"note", "Asked the carrier."}, {"facts", {{"carrier", "X"}}}}));
    auto const closed =
        office.record(office.attempt({{"op", "close"}, {"resolution", "refunded"}}));
    CHECK(closed["status"] == "closed");
    CHECK(closed["assignee"] == "rita");
    CHECK(closed["facts"] == Json{{"order", 7}, {"carrier", "X"}});
    CHECK(closed["closedAt"] == closed["updatedAt"]);
    CHECK(closed["openedAt"] == opened["openedAt"]);

    store::ReadModel reads(office.database.connection_string());
    auto const shown = reads.case_record("default", "C-1").json();
    CHECK(shown["resolution"] == "refunded");
    REQUIRE(shown["entries"].size() == 4);
    CHECK(shown["entries"][2]["op"] == "note");
    CHECK(shown["entries"][2]["says"]["note"] == "Asked the carrier.");
    CHECK(shown["entries"][3]["step"] == "/do/4/case");
    CHECK(shown["entries"][3]["at"] == closed["updatedAt"]);
    CHECK(reads.case_record("default", "C-2").json().is_null());
    CHECK(reads.case_record("another", "C-1").json().is_null());
}

TEST_CASE("the same step sent again changes nothing and answers what it answered first") {
    Office office;
    auto const open = office.attempt({{"op", "open"}, {"title", "First"}});
    CHECK(office.verify(open).verdict == Verdict::absent);
    auto const once = office.record(open);
    office.record(office.attempt({{"op", "close"}}));
    CHECK(office.record(open) == once);
    auto const verdict = office.verify(open);
    CHECK(verdict.verdict == Verdict::applied);
    CHECK(verdict.output.json() == once);
    CHECK(office.database.run("select status from resolute.case_record") == "closed");
    CHECK(office.database.run("select count(*) from resolute.case_entry") == "2");
}

TEST_CASE("only what is open is assigned and closed, and only what exists has notes") {
    Office office;
    for (Json const& early : {Json{{"op", "assign"}, {"assignee", "rita"}},
                              Json{{"op", "note"}, {"note", "x"}}, Json{{"op", "close"}}})
        CHECK_THAT(office.refusal(office.attempt(early)), ContainsSubstring("never opened"));
    office.record(office.attempt({{"op", "open"}}));
    office.record(office.attempt({{"op", "close"}, {"resolution", "done"}}));
    CHECK_THAT(office.refusal(office.attempt({{"op", "close"}})), ContainsSubstring("is closed"));
    office.record(office.attempt({{"op", "note"}, {"note", "The customer thanked us."}}));
    auto const again = office.record(office.attempt({{"op", "open"}}));
    CHECK(again["status"] == "open");
    CHECK(again["resolution"].is_null());
    CHECK(office.database.run("select count(*) from resolute.case_entry") == "4");
}

TEST_CASE("a step may name another case than its run's, and needs one of the two") {
    Office office;
    office.record(office.attempt({{"op", "open"}, {"case", "C-2"}}));
    CHECK(office.database.run("select case_id from resolute.case_record") == "C-2");
    CHECK(rejection({{"op", "open"}}, "") ==
          "The run serves no case, and the step names none in `case`.");
    CHECK(rejection({{"op", "open"}, {"case", 7}}) == "`case` must be a text that is not empty.");
}

TEST_CASE("a case step that cannot be meant is rejected before it is an intent") {
    CHECK(rejection("open") == "A case step needs an object.");
    CHECK_THAT(rejection({{"op", "opn"}}), ContainsSubstring("Did you mean `open`?"));
    CHECK(rejection({{"op", "assign"}}) == "`assign` of a case needs `assignee`, which is a text.");
    CHECK(rejection({{"op", "close"}, {"title", "x"}}) == "`close` of a case has no `title`.");
    CHECK(rejection({{"op", "open"}, {"title", 5}}) == "`title` of a case must be a text.");
    CHECK(rejection({{"op", "open"}, {"facts", "x"}}) == "`facts` of a case must be an object.");
    CHECK(rejection({{"op", "open"}, {"title", "x"}, {"facts", {{"a", 1}}}}) == "read");
}
