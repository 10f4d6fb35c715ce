// Migrations, the queries against what they make, and what is said when the database is not as it
// should be.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/random.h"
#include "engine/store/migrations.h"
#include "engine/store/queries.h"
#include "engine/store/run_rows.h"
#include "engine/store/schema.h"
#include "engine/store/upkeep.h"
#include "tests/catch.h"
#include "tests/store/sample.h"
#include "tests/store/twins.h"

using namespace resolute;
using namespace resolute::testing;
using store::Connection;

namespace {

std::string refusal(std::string const& url) {
    try {
        Connection connection({.url = url});
        store::check_schema(connection);
    } catch (StoreUnavailable const& error) {
        return error.what();
    }
    return "";
}

std::string with(std::string url, std::string const& from, std::string const& to) {
    return url.replace(url.find(from), from.size(), to);
}

// The migrations from one on, and before another.
void apply_migrations(TestDatabase const& database, std::string_view from,
                      std::string_view before) {
    for (auto const& migration : store::migrations::all())
        if (migration.name >= from && migration.name < before)
            database.run("set search_path = resolute; " + std::string(migration.sql));
}

}  // namespace

TEST_CASE("a fresh database is migrated once, and again without effect", "[schema]") {
    TestDatabase database;
    auto const first = store::migrate(database.connection_string());
    CHECK(first.applied == static_cast<int>(store::migrations::all().size()));
    CHECK(first.version == store::schema_version());
    CHECK(store::migrate(database.connection_string()).applied == 0);
    CHECK(refusal(database.connection_string()).empty());
    CHECK(database.run("select count(*) from resolute.shard") == "256");
}

TEST_CASE("events of before a commit was a row are read as they were", "[schema]") {
    TestDatabase database;
    database.run("create schema resolute");
    apply_migrations(database, "0001", "0024");
    SampleRun run;
    auto const first = run.start();
    auto const more = run.more(2);
    std::vector events(first.events);
    events.insert(events.end(), more.events.begin(), more.events.end());
    {
        store::Connection connection({.url = database.connection_string(), .application = "old"});
        store::Query const insert{"insert_event",
                                  "insert into resolute.event (run_id, sequence, at, kind, tenant, "
                                  "chain, body) values ($1, $2, $3, $4, 'default', $5, $6)"};
        for (auto const& event : events)
            connection.run(insert, store::Parameters()
                                       .uuid(run.id.value)
                                       .int8(static_cast<std::int64_t>(event.sequence))
                                       .time(event.at)
                                       .int2(event.kind)
                                       .bytes(event.chain.view())
                                       .bytes(event.body));
    }
    apply_migrations(database, "0024", "9999");
    store::Connection connection({.url = database.connection_string(), .application = "new"});
    auto const rows =
        connection.run(store::queries::load_events,
                       store::Parameters().uuid(run.id.value).int8(1).int8(9).int8(9'999));
    std::vector<EncodedEvent> found;
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (auto& event : store::unpacked(run.id, store::history_row_at(rows, i)))
            found.push_back(std::move(event));
    CHECK(found == events);
}

TEST_CASE("approvals of before the cards left their rows know the event that asks", "[schema]") {
    TestDatabase database;
    database.run("create schema resolute");
    apply_migrations(database, "0001", "0020");
    SampleRun run;
    auto const id = to_string(fresh_id<ApprovalId>());
    auto const digest = std::string("decode(repeat('00', 32), 'hex')");
    auto insert_event = [&](std::string const& sequence, std::string const& body) {
        database.run("insert into resolute.event values ('" + to_string(run.id) + "', " + sequence +
                     ", now(), 21, 'default', " + digest + ", convert_to('" + body + "', 'UTF8'))");
    };
    insert_event("4", R"({"approval":")" + to_string(fresh_id<ApprovalId>()) + R"(","card":{}})");
    insert_event("7", R"({"approval":")" + id + R"(","card":{"sentence":"\\u0000"}})");
    database.run("insert into resolute.approval values ('" + id + "', 'default', '" +
                 to_string(run.id) + "', null, 'w', '/do', 'tool', 'pending', " + digest +
                 ", '{}', now(), null, now(), null)");
    apply_migrations(database, "0020", "9999");
    CHECK(database.run("select asked_in from resolute.approval") == "7");
}

TEST_CASE("listeners that nobody had looked at before the mark left their rows are looked at",
          "[schema]") {
    TestDatabase database;
    database.run("create schema resolute");
    apply_migrations(database, "0001", "0025");
    auto const fresh = to_string(fresh_id<RunId>());
    auto const old = to_string(fresh_id<RunId>());
    for (auto const& [run, is_fresh] : {std::pair(fresh, "true"), std::pair(old, "false")})
        database.run(
            "insert into resolute.listener (run_id, step, slot, tenant, shard, type, equals, "
            "declined, is_fresh, since) values ('" +
            run + R"(', '/do/0/hear', 0, 'default', 1, 'paid', '[[["data"],7]]', '{8}', )" +
            is_fresh + ", '2026-01-02')");
    apply_migrations(database, "0025", "9999");
    CHECK(database.run("select runs from resolute.listener_look") == "{" + fresh + "}");
    CHECK(database.run("select count(distinct run_id) from resolute.listener where step = "
                       "'/do/0/hear' and slot = 0 and tenant = 'default' and shard = 1 and type = "
                       "'paid' and declined = '{8}' and since = '2026-01-02' and key = "
                       "resolute.meeting_key('default', 'paid', '[[[\"data\"],7]]')") == "2");
}

TEST_CASE("every query is accepted by a fresh schema", "[schema]") {
    MigratedDatabase database;
    for (auto const& query : store::queries::all()) {
        INFO(query.name);
        CHECK_NOTHROW(database.run("set search_path = resolute; prepare checked as " +
                                   std::string(query.sql)));
    }
}

TEST_CASE("every .sql file of the folders is embedded", "[schema]") {
    auto const* const root = std::getenv("RESOLUTE_SOURCE_DIR");
    if (!root) return;
    auto names = [](std::vector<store::Query> const& all) {
        std::set<std::string> found;
        for (auto const& query : all) found.emplace(query.name);
        return found;
    };
    auto files = [&](std::string const& folder) {
        std::set<std::string> found;
        for (auto const& file :
             std::filesystem::directory_iterator(std::string(root) + "/" + folder))
            if (file.path().extension() == ".sql") found.insert(file.path().stem().string());
        return found;
    };
    CHECK(names(store::queries::all()) == files("engine/store/queries"));
    CHECK(names(store::migrations::all()) == files("migrations"));
}

TEST_CASE("a database without the schema says how to get it", "[schema]") {
    TestDatabase database;
    CHECK(refusal(database.connection_string()) ==
          "The database has no Resolute schema. Run `resolute migrate`.");
}

TEST_CASE("an older schema says how to bring it up to date", "[schema]") {
    MigratedDatabase database;
    database.run(
        "delete from resolute.schema_migration where version = (select max(version) from "
        "resolute.schema_migration)");
    CHECK_THAT(refusal(database.url()), ContainsSubstring("Run `resolute migrate`"));
}

TEST_CASE("a newer schema is left alone", "[schema]") {
    MigratedDatabase database;
    database.run(
        "insert into resolute.schema_migration (version, name, checksum) "
        "select 9999, '9999_future', checksum from resolute.schema_migration limit 1");
    CHECK_THAT(refusal(database.url()), ContainsSubstring("newer than this program"));
    CHECK_THROWS_WITH(store::migrate(database.url()), ContainsSubstring("newer than this program"));
}

TEST_CASE("a migration that was changed after it was applied is named", "[schema]") {
    MigratedDatabase database;
    database.run(
        "update resolute.schema_migration set checksum = sha256('other') where version = 2");
    CHECK_THROWS_WITH(store::migrate(database.url()),
                      ContainsSubstring("0002_membership was changed after it was applied"));
}

TEST_CASE("a database in another encoding is refused with the command that makes a right one",
          "[schema]") {
    TestDatabase database;
    database.run("create database latin encoding 'LATIN1' template template0");
    auto const url =
        with(database.connection_string(), database.run("select current_database()"), "latin");
    CHECK_THROWS_WITH(store::migrate(url),
                      ContainsSubstring("LATIN1") && ContainsSubstring("createdb -E UTF8"));
    database.run("drop database latin");
}

TEST_CASE("a connection that cannot be made says why and what to do", "[schema]") {
    MigratedDatabase database;
    auto const& url = database.url();
    auto const name = database.run("select current_database()");
    CHECK_THAT(refusal(with(url, name, "nowhere")), ContainsSubstring("There is no such database"));
    CHECK_THAT(refusal(with(url, "postgres@", "nobody_known@")),
               ContainsSubstring("There is no such user"));
    CHECK_THAT(refusal(with(url, "port=5432", "port=5433")),
               ContainsSubstring("No server listens on that socket"));
    CHECK_THAT(refusal("postgresql://someone:secret-word@127.0.0.1:1/app"),
               ContainsSubstring("`app` at 127.0.0.1:1 as `someone`") &&
                   ContainsSubstring("No server answers there"));
}

TEST_CASE("no message holds the password", "[schema]") {
    for (std::string const url : {"postgresql://someone:secret-word@127.0.0.1:1/app",
                                  "host=/nowhere user=x password=secret-word", "host=x secret-word",
                                  "postgresql://a:secret-word@[broken/app"}) {
        INFO(url);
        auto const sentence = refusal(url);
        CHECK_FALSE(sentence.empty());
        CHECK_THAT(sentence, !ContainsSubstring("secret-word"));
    }
}

TEST_CASE("a wrong password is called one", "[schema]") {
    MigratedDatabase database;
    database.run("create role guarded login password 'right'");
    auto const hba = database.run("select setting from pg_settings where name = 'hba_file'");
    std::ifstream file(hba);
    std::stringstream before;
    before << file.rdbuf();
    std::ofstream(hba) << "local all guarded scram-sha-256\n" << before.str();
    database.run("select pg_reload_conf()");
    auto const wrong = with(database.url(), "postgres@", "guarded:wrong@");
    while (refusal(wrong).find("The user name or the password is wrong") == std::string::npos) {
    }  // until reloaded
    CHECK_THAT(refusal(wrong), !ContainsSubstring("guarded:wrong"));
    CHECK_THAT(refusal(with(database.url(), "postgres@", "guarded@")),
               ContainsSubstring("The server wants a password"));
    std::ofstream(hba) << before.str();
    database.run("select pg_reload_conf()");
    database.run("drop role guarded");
}

TEST_CASE("events go to the month of their run, and a run of another time is kept too",
          "[schema]") {
    PostgresTwin twin;
    auto const store = open_writer(twin);
    SampleRun old(3), now(4);
    auto const random = seeded_random(3);
    old.id = RunId::make({1'000'000'000'000'000}, *random);  // 2001
    now.id = RunId::make(SystemClock().now(), *random);
    store->append({old.start(), now.start()});
    CHECK(store->load(old.id)->events.size() == 1);
    CHECK(store->load(now.id)->events.size() == 1);
}

TEST_CASE("partitions are made ahead of time, once", "[schema]") {
    MigratedDatabase database;
    CHECK(store::upkeep(database.url()) >= 0);
    CHECK(store::upkeep(database.url()) == 0);
    CHECK(database.run("set search_path = resolute; select history_partitions('2031-01-15Z', "
                       "'2031-03-01Z')") == "3");
    CHECK(database.run("set search_path = resolute; select history_partitions('2031-01-15Z', "
                       "'2031-03-01Z')") == "0");
    CHECK(database.run("select resolute.event_bound('2026-03-01T12:00:00Z')") ==
          "019ca945-0a00-0000-0000-000000000000");
}

TEST_CASE("keys of events that are swept go with them, and those of events that are gone",
          "[schema]") {
    MigratedDatabase database;
    database.run(
        "set search_path = resolute; "
        "insert into event_in (tenant, source, event_id, type, content, posted_at) "
        "select 'default', 'test', nth::text, 'paid', '{}', now() - (30 - nth) * interval '1 day' "
        "from generate_series(-1, 1) as nth; "
        "insert into event_key (position, tenant, type, equals) "
        "select position, tenant, type, '[]' from event_in; "
        "delete from event_in where event_id = '-1'");  // and its key was made meanwhile
    store::upkeep(database.url());
    CHECK(database.run("select string_agg(event_id, ' ') from resolute.event_in "
                       "join resolute.event_key using (position)") == "1");
    CHECK(database.run("select count(*) from resolute.event_key") == "1");
}

TEST_CASE("SQL sees which events there are", "[schema]") {
    MigratedDatabase database;
    store::PostgresMembership membership(database.url());
    store::PostgresStore store({.url = database.url(),
                                .member = membership.join("t", 1, std::chrono::minutes(1)),
                                .writer = 0});
    SampleRun run;
    store.append({run.start(), run.more(2)});
    CHECK(database.run("select string_agg(sequence || ' ' || kind, ', ' order by sequence) "
                       "from resolute.history_event where tenant = 'default'") == "1 7, 2 7, 3 7");
}

TEST_CASE("the tables refuse what would break an invariant", "[schema]") {
    MigratedDatabase database;
    auto refuses = [&](std::string const& sql) { CHECK_THROWS(database.run(sql)); };
    std::string const digest = "decode(repeat('00', 32), 'hex')";
    auto run = [&](std::string const& status, std::string const& code, std::string const& wake) {
        return "insert into resolute.run values (gen_random_uuid(), 'default', 1, '" + status +
               "', 'w', '1', " + digest + ", null, " + code + ", null, " + wake +
               ", 1, now(), now())";
    };
    CHECK_NOTHROW(database.run(run("waiting", "'timer'", "now()")));
    refuses(run("waiting", "null", "null"));           // I18
    refuses(run("completed", "null", "now()"));
    refuses(run("resting", "null", "null"));
    auto history = [&](std::string const& sequence, std::string const& kinds,
                       std::string const& chain) {
        return "insert into resolute.history values (gen_random_uuid(), " + sequence + ", now(), " +
               kinds + ", " + chain + ", 'default', '{}')";
    };
    CHECK_NOTHROW(database.run(history("1", "decode(repeat('01', 100), 'hex')", digest)));
    refuses(history("0", "'\\x01'", digest));
    refuses(history("1", "'\\x01'", "'short'"));
    refuses(history("1", "''", digest));
    refuses(history("1", "decode(repeat('01', 101), 'hex')", digest));
    auto approval = [&](std::string const& status, std::string const& consumed_at) {
        return "insert into resolute.approval values (gen_random_uuid(), 'default', "
               "gen_random_uuid(), null, 'w', '/do', 'tool', '" +
               status + "', " + digest + ", now(), null, now(), " + consumed_at + ", 1)";
    };
    CHECK_NOTHROW(database.run(approval("consumed", "now()")));
    refuses(approval("consumed", "null"));
    refuses(approval("approved", "now()"));
}
