// Remember, recall and forget against a real PostgreSQL.
#include "memory/memory_handler.h"

#include "engine/store/schema.h"
#include "tests/catch.h"
#include "tests/memory/hand_clock.h"
#include "tests/net/awaited.h"
#include "tests/postgres/test_database.h"

using namespace resolute;
using namespace resolute::memory;

namespace {

// Steps of one run, each carried out as the engine would.
struct Desk {
    testing::TestDatabase database{"memory", [](std::string const& url) { store::migrate(url); }};
    HandClock clock;
    MemoryHandler handler{
        [this] {
            return store::Connection({.url = database.connection_string(), .application = "test"});
        },
        clock};
    int steps = 0;

    Proposal proposal(Json request) {
        Proposal proposal;
        proposal.run.value[15] = 7;
        proposal.tenant = "default";
        proposal.workflow = {"support/close", "1.0.0", {}};
        proposal.step = {"/do/" + std::to_string(++steps) + "/memory"};
        proposal.kind = "memory";
        proposal.request = Payload(std::move(request));
        proposal.key = "rk_" + std::to_string(steps);
        return proposal;
    }
    Attempt attempt(Json request) {
        auto const asked = proposal(std::move(request));
        auto const admission = handler.admit(asked);
        if (auto const* rejected = std::get_if<Rejected>(&admission)) FAIL(rejected->why.detail);
        Attempt attempt;
        attempt.run = asked.run;
        attempt.tenant = asked.tenant;
        attempt.workflow = asked.workflow;
        attempt.step = asked.step;
        attempt.intent = std::get<Permitted>(admission).intent;
        attempt.deadline = clock.now() + std::chrono::minutes(1);
        return attempt;
    }
    outcome::Succeeded perform(Attempt const& attempt) {
        clock.advance(std::chrono::seconds(1));
        net::Awaited<Outcome> outcome;
        handler.perform(attempt, [outcome](Outcome what) { outcome.set(std::move(what)); });
        auto const what = outcome.get();
        if (auto const* failed = std::get_if<outcome::Failed>(&what)) FAIL(failed->error.detail);
        return std::get<outcome::Succeeded>(what);
    }
    Json remember(std::string const& key, Json value, Json more = Json::object()) {
        Json request{{"op", "remember"},
                     {"scope", "customer"},
                     {"subject", "C-1"},
                     {"key", key},
                     {"value", std::move(value)}};
        request.update(more);
        return perform(attempt(std::move(request))).output.json();
    }
    Json recall(Json more = Json::object()) {
        Json request{{"op", "recall"}, {"scope", "customer"}, {"subject", "C-1"}};
        request.update(more);
        return perform(attempt(std::move(request))).output.json().at("items");
    }
    Json forget(Json more = Json::object()) {
        Json request{{"op", "forget"}, {"scope", "customer"}, {"subject", "C-1"}};
        request.update(more);
        return perform(attempt(std::move(request))).output.json();
    }
    std::string refusal(Json request) {
        auto const admission = handler.admit(proposal(std::move(request)));
        REQUIRE(std::holds_alternative<Rejected>(admission));
        return std::get<Rejected>(admission).why.detail;
    }
};

std::vector<std::string> keys_of(Json const& items) {
    std::vector<std::string> keys;
    for (auto const& item : items) keys.push_back(item.at("key"));
    return keys;
}

}  // namespace

TEST_CASE("what is remembered is recalled with its labels and where it comes from") {
    Desk desk;
    auto const kept = desk.remember("address", {{"city", "Porto"}});
    auto const found = desk.recall();
    REQUIRE(found.size() == 1);
    CHECK(found[0]["id"] == kept["id"]);
    CHECK(found[0]["value"] == Json{{"city", "Porto"}});
    CHECK(found[0]["integrity"] == "user");
    CHECK(found[0]["class"] == "internal");
    CHECK(found[0]["writer"] == "support/close");
    CHECK(found[0]["source"]["step"] == "/do/1/memory");
    CHECK_FALSE(found[0]["source"].contains("stated"));
}

TEST_CASE("a stated source is kept with the item, and only remembering has one") {
    Desk desk;
    desk.remember("address", "Porto", {{"source", "letter of 3 May"}});
    CHECK(desk.recall()[0]["source"]["stated"] == "letter of 3 May");
    for (auto const* op : {"recall", "forget"})
        CHECK(desk.refusal({{"op", op}, {"scope", "s"}, {"subject", "x"}, {"source", "y"}}) ==
              "Only what is remembered has a `source`.");
}

TEST_CASE("a newer value supersedes the older one and does not erase it") {
    Desk desk;
    desk.remember("address", "Porto");
    desk.remember("address", "Braga");
    auto const found = desk.recall({{"key", "address"}});
    REQUIRE(found.size() == 1);
    CHECK(found[0]["value"] == "Braga");
    CHECK(desk.database.run("select count(*) from resolute.memory_item") == "2");
    CHECK(desk.database.run("select value::text from resolute.memory_item where superseded_by is "
                            "not null") == "\"Porto\"");
}

TEST_CASE("the same step sent again remembers once, and brings nothing superseded back") {
    Desk desk;
    auto const first = desk.attempt({{"op", "remember"},
                                     {"scope", "customer"},
                                     {"subject", "C-1"},
                                     {"key", "address"},
                                     {"value", "Porto"}});
    auto const once = desk.perform(first).output;
    desk.remember("address", "Braga");
    CHECK(desk.perform(first).output == once);
    CHECK(desk.recall()[0]["value"] == "Braga");
    CHECK(desk.database.run("select count(*) from resolute.memory_item") == "2");
}

TEST_CASE("words rank by how well they fit, no words by time, and a limit cuts the rest") {
    Desk desk;
    desk.remember("parcel", "The parcel was late and the parcel was wet.");
    desk.remember("call", "Asked about a parcel.");
    desk.remember("mood", "Friendly.");
    CHECK(keys_of(desk.recall()) == std::vector<std::string>{"mood", "call", "parcel"});
    CHECK(keys_of(desk.recall({{"query", "parcel"}})) ==
          std::vector<std::string>{"parcel", "call"});
    CHECK(keys_of(desk.recall({{"query", "parcel"}, {"limit", 1}})) ==
          std::vector<std::string>{"parcel"});
    CHECK(desk.recall({{"query", "invoice"}}).empty());
}

TEST_CASE("forgetting stops recall, says how much it was, and keeps the record") {
    Desk desk;
    desk.remember("address", "Porto");
    desk.remember("mood", "Friendly.");
    CHECK(desk.forget({{"key", "mood"}})["forgotten"] == 1);
    CHECK(keys_of(desk.recall()) == std::vector<std::string>{"address"});
    CHECK(desk.forget()["forgotten"] == 1);
    CHECK(desk.recall().empty());
    CHECK(desk.forget()["forgotten"] == 0);
    CHECK(desk.database.run("select count(*) from resolute.memory_item") == "2");
}

TEST_CASE("nothing crosses a scope, a subject or a tenant") {
    Desk desk;
    desk.remember("address", "Porto");
    CHECK(desk.recall({{"scope", "case"}}).empty());
    CHECK(desk.recall({{"subject", "C-2"}}).empty());
    auto other = desk.attempt({{"op", "recall"}, {"scope", "customer"}, {"subject", "C-1"}});
    other.tenant = "another";
    CHECK(desk.perform(other).output.json().at("items").empty());
}

TEST_CASE("what a recall found stays in the history, whatever is forgotten later") {
    Desk desk;
    desk.remember("address", "Porto");
    auto const asked = desk.attempt({{"op", "recall"}, {"scope", "customer"}, {"subject", "C-1"}});
    auto const recalled = desk.perform(asked);
    CHECK(recalled.evidence.json()["ranker"] == "words-then-time-1");
    Run run{.id = asked.run};
    apply(run, {1, {}, RunStarted{}});
    apply(run, {2, {}, WorkStarted{}});
    apply(run, {3,
                {},
                ActivitySucceeded{asked.step, 1, recalled.output, recalled.evidence, asked.intent,
                                  false}});
    desk.forget();
    CHECK(desk.recall().empty());
    auto const& state = run.activities.at(asked.step).state;
    CHECK(std::get<activity::Succeeded>(state).output.json()["items"][0]["value"] == "Porto");
}

TEST_CASE("a malformed memory step is refused before anything is touched") {
    Desk desk;
    CHECK(desk.refusal(Json::array()) == "A memory step needs an object.");
    CHECK(desk.refusal({{"op", "rember"}}).ends_with("Did you mean `remember`?"));
    CHECK(desk.refusal({{"op", "recall"}, {"subject", "x"}}).find("`scope`") != std::string::npos);
    CHECK(desk.refusal({{"op", "remember"}, {"scope", "s"}, {"subject", "x"}, {"key", "k"}}) ==
          "Remembering needs a `value`.");
}

TEST_CASE("what became of a step whose answer was lost is looked up, and nobody is asked") {
    Desk desk;
    auto const verdict = [&](Attempt const& attempt) {
        net::Awaited<Verification> answer;
        desk.handler.verify(attempt, [answer](Verification what) { answer.set(std::move(what)); });
        return answer.get();
    };
    CHECK(desk.attempt({{"op", "recall"}, {"scope", "s"}, {"subject", "x"}}).intent.effect ==
          Effect::read);
    auto const keep = desk.attempt(
        {{"op", "remember"}, {"scope", "s"}, {"subject", "x"}, {"key", "k"}, {"value", 1}});
    CHECK(keep.intent.effect == Effect::write);
    CHECK(desk.handler.terms(keep.intent).can_verify);
    CHECK(verdict(keep).verdict == Verdict::absent);
    auto const kept = desk.perform(keep);
    CHECK(verdict(keep).verdict == Verdict::applied);
    CHECK(verdict(keep).output == kept.output);
    auto const forget = desk.attempt({{"op", "forget"}, {"scope", "s"}, {"subject", "x"}});
    CHECK(verdict(forget).verdict == Verdict::absent);
    desk.perform(forget);
    CHECK(verdict(forget).verdict == Verdict::applied);
    CHECK(verdict(keep).verdict == Verdict::applied);  // it was kept, and forgotten later
}
