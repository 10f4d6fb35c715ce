// What the console and the CLI read: pages, filters, details and counts.
#include "engine/store/definitions.h"
#include "engine/store/quarantine.h"
#include "tests/catch.h"
#include "tests/store/sample.h"
#include "tests/store/twins.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

struct ReadScene {
    MigratedDatabase database;
    store::PostgresMembership membership{database.url()};
    MemberId member = membership.join("tester", 1, 1min);
    store::PostgresStore store{{.url = database.url(), .member = member, .writer = 0}};
    store::ReadModel reads{database.url()};
};

std::vector<RunId> ids(store::RunPage const& page) {
    std::vector<RunId> found;
    for (auto const& run : page.runs) found.push_back(run.run);
    return found;
}

}  // namespace

TEST_CASE("runs are listed newest first, page by page", "[read]") {
    ReadScene scene;
    std::vector<RunId> started;
    for (int i = 0; i < 5; ++i) {
        SampleRun run;
        scene.store.append({run.start()});
        started.insert(started.begin(), run.id);
    }
    auto const first = scene.reads.runs({}, 2);
    CHECK(ids(first) == std::vector{started[0], started[1]});
    auto const second = scene.reads.runs({}, 2, first.next);
    CHECK(ids(second) == std::vector{started[2], started[3]});
    auto const last = scene.reads.runs({}, 2, second.next);
    CHECK(ids(last) == std::vector{started[4]});
    CHECK_FALSE(last.next);
    CHECK_FALSE(scene.reads.runs({}, 5).next);
}

TEST_CASE("runs are found by status, workflow, case and tenant", "[read]") {
    ReadScene scene;
    SampleRun busy, parked, other;
    auto wait = parked.start("case-2");
    wait.row = parked.waiting("approval", {});
    scene.store.append({busy.start("case-1"), wait, other.start("case-1", "demo/other")});
    CHECK(ids(scene.reads.runs({.status = RunRow::Status::waiting}, 10)) == std::vector{parked.id});
    CHECK(ids(scene.reads.runs({.workflow = "demo/other"}, 10)) == std::vector{other.id});
    CHECK(ids(scene.reads.runs({.case_id = "case-1"}, 10)) == std::vector{other.id, busy.id});
    CHECK(scene.reads.runs({.tenant = "stranger"}, 10).runs.empty());
    CHECK(scene.reads.runs_of_case("default", "case-1").size() == 2);
    CHECK(scene.reads.run(parked.id)->waits_sentence == "for approval");
    CHECK_FALSE(scene.reads.run(fresh_id<RunId>()));
}

TEST_CASE("runs are found by the run that started them, and by the one they forked", "[read]") {
    ReadScene scene;
    SampleRun origin, stranger;
    std::vector<Append> batch{origin.start(), stranger.start()};
    std::vector<RunId> children, forks;
    for (int i = 0; i < 3; ++i) {
        SampleRun child, fork;
        batch.push_back(child.start());
        batch.back().row->parent = origin.id;
        batch.push_back(fork.start());
        batch.back().row->forked_from = origin.id;
        children.insert(children.begin(), child.id);
        forks.insert(forks.begin(), fork.id);
    }
    scene.store.append(batch);
    CHECK(ids(scene.reads.runs({.parent = origin.id}, 10)) == children);
    CHECK(ids(scene.reads.runs({.forked_from = origin.id}, 10)) == forks);
    auto const page = scene.reads.runs({.parent = origin.id}, 2);
    CHECK(ids(scene.reads.runs({.parent = origin.id}, 2, page.next)) == std::vector{children[2]});
    CHECK(scene.reads.runs({.parent = stranger.id}, 10).runs.empty());
    CHECK(scene.reads.run(children[0])->parent == origin.id);
    CHECK(scene.reads.run(forks[0])->forked_from == origin.id);
    CHECK_FALSE(scene.reads.run(origin.id)->parent);
    CHECK(scene.reads.related(origin.id).children == 3);
    CHECK(scene.reads.related(origin.id).forks == 3);
    CHECK(scene.reads.related(stranger.id).children == 0);
}

TEST_CASE("a history is read in pages", "[read]") {
    ReadScene scene;
    SampleRun run;
    scene.store.append({run.start(), run.more(5)});
    CHECK(scene.reads.history(run.id, 0, 4).size() == 4);
    auto const rest = scene.reads.history(run.id, 4, 4);
    REQUIRE(rest.size() == 2);
    CHECK(rest.front().sequence == 5);
    CHECK(scene.reads.history(fresh_id<RunId>(), 0, 4).empty());
}

TEST_CASE("approvals are listed newest first, pending ones oldest first", "[read]") {
    ReadScene scene;
    std::vector<ApprovalId> asked;
    std::vector<SampleRun> runs;
    for (int i = 0; i < 3; ++i) {
        auto& run = runs.emplace_back();
        run.now = run.now + i * 1h;
        auto start = run.start();
        asked.insert(asked.begin(), fresh_id<ApprovalId>());
        start.approvals = {run.approval(asked.front(), ApprovalStatus::pending)};
        scene.store.append({start});
    }
    auto approve = runs[0].more();
    approve.approvals = {runs[0].approval(asked[2], ApprovalStatus::approved)};
    scene.store.append({approve});

    auto const first = scene.reads.approvals({}, 2);
    REQUIRE(first.approvals.size() == 2);
    CHECK(first.approvals[0].approval == asked[0]);
    auto const last = scene.reads.approvals({}, 2, first.next);
    REQUIRE(last.approvals.size() == 1);
    CHECK(last.approvals[0].status == ApprovalStatus::approved);
    CHECK_FALSE(last.next);
    auto const pending = scene.reads.approvals({.status = ApprovalStatus::pending}, 10).approvals;
    REQUIRE(pending.size() == 2);
    CHECK(pending.front().approval == asked[1]);  // who has waited longest comes first
    CHECK(scene.reads.approvals({.run = runs[1].id}, 10).approvals.front().approval == asked[1]);
    CHECK_FALSE(scene.reads.approval("stranger", asked[0]));
}

TEST_CASE("a list shows the card of each approval, from the event that asks for it", "[read]") {
    ReadScene scene;
    SampleRun run;
    scene.store.append({run.start()});
    auto const id = fresh_id<ApprovalId>();
    scene.store.append({run.ask(id)});
    using Status = std::optional<ApprovalStatus>;
    for (auto const& status : {Status(ApprovalStatus::pending), Status()}) {
        auto const page = scene.reads.approvals({.status = status}, 10);
        REQUIRE(page.approvals.size() == 1);
        CHECK(page.approvals[0].card.json()["sentence"] == "Refund EUR 480.00");
    }
}

// Nobody can approve what has no card (approvals/inbox.h).
TEST_CASE("a row whose event asks about something else has no card", "[read]") {
    ReadScene scene;
    SampleRun run;
    scene.store.append({run.start()});
    auto const id = fresh_id<ApprovalId>();
    auto ask = run.ask(id);
    ask.approvals[0].digest = sha256("other bytes");
    scene.store.append({ask});
    auto const other = fresh_id<ApprovalId>();
    auto later = run.ask(other);
    later.approvals[0].asked_in = 2;
    scene.store.append({later});
    CHECK(scene.reads.approval("default", id)->approval.card.is_null());
    CHECK(scene.reads.approval("default", other)->approval.card.is_null());
    CHECK(scene.reads.approval("default", other)->approval.asked_in == 2);
}

TEST_CASE("members and counts say how things stand", "[read]") {
    ReadScene scene;
    scene.membership.claim(scene.member);
    SampleRun run, parked;
    auto start = run.start();
    start.approvals = {run.approval(fresh_id<ApprovalId>(), ApprovalStatus::pending)};
    start.unresolved = {run.unresolved("/do/0")};
    auto wait = parked.start();
    wait.row = parked.waiting("timer", noon);
    scene.store.append({start, wait});
    auto const members = scene.reads.members();
    REQUIRE(members.size() == 1);
    CHECK(members[0].name == "tester");
    CHECK(members[0].shards == 256);
    CHECK_FALSE(members[0].fenced);
    auto const counts = scene.reads.counts("default");
    CHECK(counts.runs.at("running") == 1);
    CHECK(counts.runs.at("waiting") == 1);
    CHECK_FALSE(counts.runs.contains("faulted"));
    CHECK(counts.pending_approvals == 1);
    CHECK(counts.unresolved == 1);
}

TEST_CASE("the reader comes back after its session was terminated", "[read]") {
    ReadScene scene;
    CHECK(scene.reads.runs({}, 10).runs.empty());
    scene.database.run(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'resolute "
        "reader'");
    CHECK(scene.reads.runs({}, 10).runs.empty());
}

TEST_CASE("definitions are published by digest and put in force by name", "[definitions]") {
    MigratedDatabase database;
    store::Definitions definitions(database.url());
    store::Definition const one{"workflow", "demo/refund", "1.0.0", sha256("one"),
                                "do: []",   noon,          "anna"};
    auto two = one;
    two.version = "1.1.0";
    two.digest = sha256("two");
    two.published_at = noon + 1h;
    definitions.publish(one);
    definitions.publish(one);
    definitions.publish(two);
    CHECK(definitions.find("workflow", one.digest)->body == "do: []");
    CHECK_FALSE(definitions.find("policy", one.digest));
    CHECK_FALSE(definitions.current("workflow", "demo/refund"));

    definitions.deploy({"workflow", "demo/refund", one.digest, noon, "anna"});
    CHECK(definitions.current("workflow", "demo/refund")->version == "1.0.0");
    definitions.deploy({"workflow", "demo/refund", two.digest, noon + 2h, "bert"});
    CHECK(definitions.current("workflow", "demo/refund")->version == "1.1.0");
    CHECK(definitions.current("workflow").size() == 1);
    auto const versions = definitions.versions("workflow", "demo/refund");
    REQUIRE(versions.size() == 2);
    CHECK(versions[0].version == "1.1.0");

    CHECK_THROWS_AS(definitions.deploy({"workflow", "demo/refund", sha256("three"), noon, "anna"}),
                    std::invalid_argument);
    definitions.withdraw("workflow", "demo/refund");
    CHECK_FALSE(definitions.current("workflow", "demo/refund"));
    CHECK(definitions.versions("workflow", "demo/refund").size() == 2);
}

TEST_CASE("definitions of one tenant are not seen by another", "[definitions]") {
    MigratedDatabase database;
    store::Definitions ours(database.url(), "ours"), theirs(database.url(), "theirs");
    ours.publish({"tool", "payments.refund", "1.0.0", sha256("x"), "{}", noon, "anna"});
    ours.deploy({"tool", "payments.refund", sha256("x"), noon, "anna"});
    CHECK_FALSE(theirs.find("tool", sha256("x")));
    CHECK(theirs.current("tool").empty());
    CHECK_THROWS_AS(theirs.deploy({"tool", "payments.refund", sha256("x"), noon, "bert"}),
                    std::invalid_argument);
}

TEST_CASE("runs that wait for a definition are released by it, and no others", "[read]") {
    ReadScene scene;
    SampleRun lacking, broken, busy;
    scene.store.append({lacking.start(), broken.start(), busy.start()});
    scene.store.quarantine(lacking.id, "its definition: the workflow is code that is not here",
                           noon, "{}");
    scene.store.quarantine(broken.id, "its history cannot have happened", noon, "{}");
    auto const digest = scene.reads.run(lacking.id)->workflow.digest;
    auto const released = [&](Digest const& of) {
        return store::release_of_definition(scene.database.url(), of, noon + 1min);
    };
    CHECK(released(sha256(std::string("another"))).empty());
    CHECK(released(digest) == std::vector{lacking.id});
    CHECK(scene.reads.run(lacking.id)->status == RunRow::Status::waiting);
    CHECK(scene.reads.run(lacking.id)->wake_at == noon + 1min);
    CHECK(scene.reads.run(broken.id)->status == RunRow::Status::quarantined);
    CHECK(released(digest).empty());
}
