// Batches whose COMMIT was cut off: nothing is lost, nothing is doubled, and an old connection
// stays silent.
#include <future>

#include "engine/store/schema.h"
#include "tests/catch.h"
#include "tests/store/relay.h"
#include "tests/store/sample.h"
#include "tests/store/twins.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

// A database that is reached through a relay, with one member and one writer that has appended
// once.
struct Scene {
    MigratedDatabase database;
    Relay relay{host_of(database.url()) / std::filesystem::path(".s.PGSQL.5432")};
    store::PostgresMembership membership{database.url()};
    MemberId member = membership.join("tester", 1, 1min);
    store::PostgresStore store{{.url = through_relay(), .member = member, .writer = 0}};
    SampleRun run;

    Scene() { store.append({run.start("case-1"), SampleRun().start()}); }

    static std::filesystem::path host_of(std::string const& url) {
        auto const at = url.find("host=") + 5;
        return url.substr(at, url.find('&', at) - at);
    }
    std::string through_relay() const {
        auto url = database.url();
        auto const host = host_of(url).string();
        return url.replace(url.find(host), host.size(), relay.host());
    }
    std::string count(std::string const& table) const {
        return database.run("select count(*) from resolute." + table);
    }
    void wait_until_blocked() const {
        while (database.run("select count(*) from pg_stat_activity where application_name = "
                            "'resolute writer 0' "
                            "and wait_event_type = 'Lock'") != "1") {
        }
    }
};

// A transaction of somebody else's that is held open.
struct Rival {
    explicit Rival(std::string const& url)
        : connection({.url = url, .statement_timeout = {}}), transaction(connection) {}
    store::Connection connection;
    store::Transaction transaction;
};

}  // namespace

TEST_CASE("a batch whose answer was lost is found committed", "[in-doubt]") {
    Scene scene;
    scene.relay.next(Relay::Plan::lose_answer);
    auto const verdicts = scene.store.append({scene.run.more(3)});
    CHECK(scene.relay.is_used_up());
    CHECK(is<Committed>(verdicts.front()));
    CHECK(scene.store.load(scene.run.id, 0)->events.size() == 4);
}

TEST_CASE("a batch that never reached the server is sent again", "[in-doubt]") {
    Scene scene;
    scene.relay.next(Relay::Plan::lose_request);
    auto const verdicts = scene.store.append({scene.run.more(3)});
    CHECK(scene.relay.is_used_up());
    CHECK(is<Committed>(verdicts.front()));
    CHECK(scene.store.load(scene.run.id, 0)->events.size() == 4);
}

TEST_CASE("every append of a batch in doubt gets the verdict that it had", "[in-doubt]") {
    Scene scene;
    SampleRun fresh, rival;
    auto stale = scene.run;
    stale.now = stale.now + 5s;
    auto const later = scene.run.more();
    scene.store.append({later, SampleRun().start()});
    scene.relay.next(Relay::Plan::lose_answer);
    auto const verdicts =
        scene.store.append({fresh.start("case-2"), stale.more(), rival.start("case-1")});
    CHECK(scene.relay.is_used_up());
    CHECK(is<Committed>(verdicts[0]));
    CHECK(is<Stale>(verdicts[1]));
    REQUIRE(is<CaseTaken>(verdicts[2]));
    CHECK(std::get<CaseTaken>(verdicts[2]).existing == scene.run.id);
    CHECK(scene.count("run") == "4");
}

TEST_CASE("a statement that was delayed until its connection was replaced writes nothing",
          "[in-doubt]") {
    Scene scene;
    // Prepares the statement on this connection, so that what is held is its execution.
    scene.store.append({{.run = scene.run.id,
                         .tenant = "default",
                         .shard = 7,
                         .unresolved = {scene.run.unresolved("/do/1", true)}}});
    auto const unknown = scene.run.unresolved("/do/0");
    Append const doubt{
        .run = scene.run.id, .tenant = "default", .shard = 7, .unresolved = {unknown}};
    scene.relay.next(Relay::Plan::hold_request);
    CHECK(is<Committed>(scene.store.append({doubt}).front()));  // on a new connection
    CHECK(scene.count("unresolved") == "1");
    Append const settled{.run = scene.run.id,
                         .tenant = "default",
                         .shard = 7,
                         .unresolved = {scene.run.unresolved("/do/0", true)}};
    scene.store.append({settled});
    CHECK(scene.count("unresolved") == "0");

    scene.relay.release();  // the first connection's statement arrives at last
    CHECK(scene.count("unresolved") == "0");
}

TEST_CASE("a session that is terminated while it waits for a lock is resumed on a new connection",
          "[in-doubt]") {
    Scene scene;
    std::future<std::vector<AppendVerdict>> verdicts;
    {
        Rival rival(scene.database.url());
        rival.connection.run_script("select * from resolute.writer for update");
        verdicts = std::async(std::launch::async, [&, batch = std::vector{scene.run.more(2)}] {
            return scene.store.append(batch);
        });
        scene.wait_until_blocked();
        scene.database.run(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = "
            "'resolute writer 0'");
    }
    CHECK(is<Committed>(verdicts.get().front()));
    CHECK(scene.store.load(scene.run.id, 0)->events.size() == 3);
}

TEST_CASE("while the server is gone a batch is refused, and taken when the server is back",
          "[in-doubt]") {
    Scene scene;
    std::vector<Append> const batch{scene.run.more(2)};
    auto& server = shared_server();
    server.stop_immediate();
    CHECK_THROWS_AS(scene.store.append(batch), StoreUnavailable);
    CHECK_THROWS_AS(scene.store.append(batch), StoreUnavailable);
    CHECK_THROWS_AS(scene.store.load(scene.run.id, 0), StoreUnavailable);
    server.start();
    CHECK(is<Committed>(scene.store.append(batch).front()));
    CHECK(scene.store.load(scene.run.id, 0)->events.size() == 3);
}

TEST_CASE("an owner that another one overtakes in the middle of a batch is stale, not broken",
          "[in-doubt]") {
    Scene scene;
    SampleRun neighbour;
    scene.store.append({neighbour.start(), SampleRun().start()});
    auto rival_run = scene.run;
    rival_run.now = rival_run.now + 5s;
    auto const event = rival_run.more().events.front();
    std::future<std::vector<AppendVerdict>> verdicts;
    {
        Rival rival(scene.database.url());
        rival.connection.run_script(
            "insert into resolute.history (run_id, sequence, at, kinds, tenant, chain, body) "
            "values ('" +
            to_string(scene.run.id) + "', 2, now(), '\\x07', 'default', '\\x" +
            to_string(event.chain) + "', '\\x007b7d')");
        verdicts = std::async(std::launch::async,
                              [&, batch = std::vector{scene.run.more(), neighbour.more()}] {
                                  return scene.store.append(batch);
                              });
        scene.wait_until_blocked();
        rival.transaction.commit();
    }
    auto const answers = verdicts.get();
    CHECK(is<Stale>(answers[0]));
    CHECK(is<Committed>(answers[1]));
}

TEST_CASE("whoever knows an end that another connection went on from is stale", "[in-doubt]") {
    Scene scene;
    auto const member = scene.membership.join("other", 1, 1min);
    store::PostgresStore other({.url = scene.database.url(), .member = member, .writer = 0});
    auto late = scene.run;
    late.now = late.now + 5s;
    SampleRun neighbour;
    CHECK(is<Committed>(scene.store.append({neighbour.start()}).front()));
    CHECK(is<Committed>(other.append({scene.run.more(3)}).front()));
    auto const verdicts = scene.store.append({late.more(2), neighbour.more()});
    CHECK(is<Stale>(verdicts[0]));
    CHECK(is<Committed>(verdicts[1]));
    CHECK(is<Committed>(scene.store.append({scene.run.more()}).front()));  // asked for meanwhile
    CHECK(scene.store.load(scene.run.id, 0)->events.size() == 5);
}

TEST_CASE("two members that start one case at the same moment get one run", "[in-doubt]") {
    Scene scene;
    SampleRun first, second;
    auto start = first.start("case-9");
    std::future<std::vector<AppendVerdict>> verdicts;
    {
        Rival rival(scene.database.url());
        rival.connection.run_script("insert into resolute.run select '" + to_string(first.id) +
                                    "', tenant, shard, status, workflow, workflow_version, "
                                    "workflow_digest, 'case-9', waits_code, waits_sentence, "
                                    "wake_at, sequence, started_at, updated_at "
                                    "from resolute.run where case_id = 'case-1'");
        verdicts = std::async(std::launch::async, [&, batch = std::vector{second.start("case-9")}] {
            return scene.store.append(batch);
        });
        scene.wait_until_blocked();
        rival.transaction.commit();
    }
    auto const answer = verdicts.get().front();
    REQUIRE(is<CaseTaken>(answer));
    CHECK(std::get<CaseTaken>(answer).existing == first.id);
}

TEST_CASE("a takeover waits for the batch that is being committed, and silences the next one",
          "[in-doubt]") {
    Scene scene;
    scene.database.run("update resolute.member set expires_at = '2000-01-01'");
    std::future<std::vector<AppendVerdict>> verdicts;
    std::future<std::vector<int>> shards;
    auto const heir = scene.membership.join("heir", 1, 1min);
    {
        // The old owner's batch holds its writer row and waits for this one on a case.
        Rival rival(scene.database.url());
        rival.connection.run_script("insert into resolute.run select '" +
                                    to_string(fresh_id<RunId>()) +
                                    "', tenant, shard, status, workflow, workflow_version, "
                                    "workflow_digest, 'case-9', waits_code, waits_sentence, "
                                    "wake_at, sequence, started_at, updated_at "
                                    "from resolute.run where case_id = 'case-1'");
        verdicts =
            std::async(std::launch::async,
                       [&, batch = std::vector{scene.run.more(), SampleRun().start("case-9")}] {
                           return scene.store.append(batch);
                       });
        scene.wait_until_blocked();
        shards = std::async(std::launch::async, [&] { return scene.membership.claim(heir); });
        while (scene.database.run("select count(*) from pg_stat_activity where application_name = "
                                  "'resolute membership' "
                                  "and wait_event_type = 'Lock'") != "1") {
        }
    }
    CHECK(is<Committed>(verdicts.get().front()));  // before the fence
    CHECK(shards.get().size() == 256);
    CHECK_THROWS_AS(scene.store.append({scene.run.more()}), Fenced);
}

TEST_CASE("a batch with a large value whose answer was lost is found committed, the value too",
          "[in-doubt]") {
    Scene scene;
    auto const plan = GENERATE(Relay::Plan::lose_answer, Relay::Plan::lose_request);
    Payload const payload(std::string(1 << 18, 'x'));
    auto keep = [&](char const* step) {
        return scene.run.more(std::vector<Fact>{StepCompleted{.step = {step}, .output = payload}});
    };
    auto const first = keep("/do/0");
    scene.relay.next(plan);
    CHECK(is<Committed>(scene.store.append({first}).front()));
    CHECK(scene.relay.is_used_up());
    CHECK(scene.count("blob") == "1");
    // Known to be stored now, and sent all the same once the connection is another one.
    auto const second = keep("/do/1");
    CHECK(is<Committed>(scene.store.append({second}).front()));
    scene.database.run("delete from resolute.blob");  // as another server that never had it
    scene.relay.next(Relay::Plan::lose_request);
    auto const third = keep("/do/2");
    CHECK(is<Committed>(scene.store.append({third}).front()));
    auto const stored = scene.store.load(scene.run.id, 1);
    CHECK(stored->events ==
          std::vector{first.events.front(), second.events.front(), third.events.front()});
    CHECK(scene.count("blob") == "1");
}
