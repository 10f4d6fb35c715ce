// How many events per second one connection appends, next to a bare insert of the same bytes; and
// the CPU time that an event costs in PostgreSQL and here, which a busy machine does not change.
//
//   store_benchmark [URL] [SECONDS]   without a URL: on a private server with fsync and
//   synchronous_commit on
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/random.h"
#include "cli/private_postgres.h"
#include "engine/shard_of.h"
#include "engine/store/connection.h"
#include "engine/store/postgres_membership.h"
#include "engine/store/postgres_store.h"
#include "engine/store/schema.h"

using namespace resolute;
using namespace resolute::store;

namespace {

constexpr std::size_t run_events = 20;

Query const backends{"backends",
                     "select pid from pg_stat_activity where application_name like 'resolute%'"};
Query const bare_insert{
    "bare_insert",
    "insert into bare (run_id, sequence, at, kind, body, chain) select * from "
    "unnest($1::uuid[], $2::int8[], $3::timestamptz[], $4::int2[], $5::bytea[], $6::bytea[])"};

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double cpu_seconds() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

// Of all of this program's sessions on the server, when it runs on this machine.
double server_cpu_seconds(Connection& watch) {
    double total = 0;
    auto const sessions = watch.run(backends);
    for (std::size_t i = 0; i < sessions.size(); ++i) {
        std::ifstream file("/proc/" + sessions.at(i, 0).text() + "/stat");
        std::string word;
        for (int field = 1; file >> word && field < 16; ++field)
            if (field == 14 || field == 15)
                total += std::stod(word) / static_cast<double>(sysconf(_SC_CLK_TCK));
    }
    return total;
}

struct Cost {
    double per_second = 0;
    double server_us = 0;
    double client_us = 0;
};

// Runs batches of `events` events for a while.
template <class Batch>
Cost measure(Connection& watch, double seconds, std::size_t events, Batch batch) {
    auto const server = server_cpu_seconds(watch);
    auto const client = cpu_seconds();
    auto const start = std::chrono::steady_clock::now();
    double count = 0;
    for (; seconds_since(start) < seconds; count += static_cast<double>(events)) batch();
    auto const elapsed = seconds_since(start);
    return {count / elapsed, (server_cpu_seconds(watch) - server) * 1e6 / count,
            (cpu_seconds() - client) * 1e6 / count};
}

void print(char const* name, std::size_t batch, Cost const& cost) {
    std::printf("%-18s %6zu %12.0f %10.2f %10.2f\n", name, batch, cost.per_second, cost.server_us,
                cost.client_us);
    std::fflush(stdout);
}

struct World {
    std::unique_ptr<Random> random = seeded_random(7);
    SystemClock clock;

    RunId run() {
        return with_shard(RunId::make(clock.now(), *random),
                          static_cast<int>(random->below(shard_count)));
    }
    Digest digest() { return sha256(std::to_string(random->next())); }
    // What a call of a tool that only reads comes to; each has a key of its own.
    std::string body() {
        return R"({"step":"/do/0/look","attempt":1,"completesStep":true,)"
               R"("evidence":{"status":200},"intent":{"kind":"tool",)"
               R"("target":"orders.get_order@1.0.0","effect":"read","key":"rk_)" +
               to_string(digest()).substr(0, 40) +
               R"(","timeoutMs":0,"request":{"arguments":{"order_id":"A-20311"},)"
               R"("tool":"orders.get_order","version":"1.0.0"}},)"
               R"("output":{"found":true,"total":3700}})";
    }
    EncodedEvent event(std::uint64_t sequence, Digest const& chain) {
        return {sequence, clock.now(), 15, body(), chain};
    }
    Append start(RunId run) {
        return {.run = run,
                .tenant = "default",
                .shard = shard_of(run),
                .events = {event(1, chain)},
                .after = Head{},
                .row = row(run, RunRow::Status::running, 1)};
    }

    RunRow row(RunId run, RunRow::Status status, std::uint64_t sequence) {
        auto const now = clock.now();
        return {.run = run,
                .tenant = "default",
                .shard = shard_of(run),
                .workflow = {"bench/chain", "1.0.0", chain},
                .status = status,
                .sequence = sequence,
                .started_at = now,
                .updated_at = now};
    }
    Digest chain = sha256("chain");
};

Cost bare(Connection& connection, World& world, std::size_t batch, double seconds) {
    return measure(connection, seconds, batch, [&] {
        Array run(Type::uuid), sequence(Type::int8), at(Type::time), kind(Type::int2),
            body(Type::bytes), chain(Type::bytes);
        auto const id = world.run();
        for (std::size_t i = 0; i < batch; ++i) {
            run.add_uuid(id.value);
            sequence.add_integer(static_cast<std::int64_t>(i) + 1);
            at.add_time(world.clock.now());
            kind.add_integer(7);
            body.add_text(world.body());
            chain.add_text(world.chain.view());
        }
        connection.run(
            bare_insert,
            Parameters().array(run).array(sequence).array(at).array(kind).array(body).array(chain));
    });
}

void must_commit(std::vector<AppendVerdict> const& verdicts) {
    for (auto const& verdict : verdicts)
        if (!std::holds_alternative<Committed>(verdict)) {
            std::fprintf(stderr, "an append was refused\n");
            std::exit(1);
        }
}

// `per_append` events of each of `batch / per_append` long runs per batch.
Cost long_runs(Connection& watch, PostgresStore& store, World& world, std::size_t batch,
               std::size_t per_append, double seconds) {
    std::vector<Append> appends;
    for (std::size_t i = 0; i < batch / per_append; ++i) {
        appends.push_back(world.start(world.run()));
    }
    must_commit(store.append(appends));
    std::uint64_t sequence = 2;
    return measure(watch, seconds, batch, [&] {
        for (auto& append : appends) {
            append.row.reset();
            append.events.clear();
            append.after = Head{sequence - 1, world.chain};
            for (std::size_t i = 0; i < per_append; ++i)
                append.events.push_back(world.event(sequence + i, world.chain));
        }
        sequence += per_append;
        must_commit(store.append(appends));
    });
}

// What short runs under load look like: in every batch a share of the runs starts and a share ends,
// with rows.
Cost short_runs(Connection& watch, PostgresStore& store, World& world, std::size_t batch,
                double seconds) {
    struct Live {
        RunId run;
        std::uint64_t next;
    };
    std::vector<Live> live;
    for (std::size_t i = 0; i < batch; ++i) live.push_back({world.run(), 1});
    std::size_t turn = 0;
    return measure(watch, seconds, batch, [&] {
        std::vector<Append> appends;
        for (std::size_t i = 0; i < batch; ++i) {
            auto& [run, next] = live[i];
            if (turn++ < batch) next = 1;
            Append append{.run = run,
                          .tenant = "default",
                          .shard = shard_of(run),
                          .events = {world.event(next, world.chain)},
                          .after = Head{next - 1, world.chain}};
            if (next == 1) append.row = world.row(run, RunRow::Status::running, 1);
            if (next == run_events) append.row = world.row(run, RunRow::Status::completed, next);
            appends.push_back(std::move(append));
            if (next++ == run_events) live[i] = {world.run(), 1};
        }
        must_commit(store.append(appends));
    });
}

// Runs start. With a message that each takes from the inbox, so that the statement that can write
// everything is needed for the same events and rows.
Cost starts(Connection& watch, PostgresStore& store, World& world, std::size_t batch,
            bool takes_message, double seconds) {
    return measure(watch, seconds, batch, [&] {
        std::vector<Append> appends;
        for (std::size_t i = 0; i < batch; ++i) {
            appends.push_back(world.start(world.run()));
            if (takes_message)
                appends.back().consumed = {MessageId::make(world.clock.now(), *world.random)};
        }
        must_commit(store.append(appends));
    });
}

// How small a row of so many events becomes, and what that takes: one that begins a history, or one
// that goes on with it and has the chain values.
void print_packing(World& world, std::size_t count, std::uint64_t first) {
    constexpr int rounds = 20'000;
    std::vector<EncodedEvent> events;
    for (std::size_t i = 0; i < count; ++i)
        events.push_back(world.event(first + i, world.digest()));
    std::vector<StoredEvent> stored;
    std::size_t bytes = 0;
    for (auto const& event : events) {
        stored.push_back({&event, event.body});
        bytes += event.body.size();
    }
    auto const row = packed(stored).at(0);
    auto const run = world.run();
    auto before = cpu_seconds();
    for (int i = 0; i < rounds; ++i) packed(stored);
    auto const packing = (cpu_seconds() - before) * 1e6 / rounds;
    before = cpu_seconds();
    for (int i = 0; i < rounds; ++i) unpacked(run, row);
    auto const unpacking = (cpu_seconds() - before) * 1e6 / rounds;
    std::printf(
        "a row of %zu %s: bodies of %zu bytes become %zu in %.2f us, and come back in %.2f us\n",
        count, first == 1 ? "that begins a history" : "with chain values", bytes, row.body.size(),
        packing, unpacking);
}

}  // namespace

int main(int argc, char** argv) {
    std::optional<cli::PrivatePostgres> server;
    std::string url = argc > 1 ? argv[1] : "";
    double const seconds = argc > 2 ? std::atof(argv[2]) : 3;
    auto const folder = std::filesystem::temp_directory_path() / "resolute-store-benchmark";
    if (url.empty()) {
        std::filesystem::create_directories(folder);
        std::filesystem::permissions(folder, std::filesystem::perms(0711));
        server.emplace(cli::PrivatePostgresOptions{
            .folder = folder, .settings = {"shared_buffers=512MB", "max_wal_size=4GB"}});
        url = server->connection_string();
    }
    migrate(url);
    World world;
    Connection connection({.url = url, .plans = ConnectionOptions::Plans::fixed});
    connection.run_script(
        "create table if not exists bare (run_id uuid not null, sequence bigint not null, at "
        "timestamptz not null, "
        "kind smallint not null, body bytea not null, chain bytea not null, primary key (run_id, "
        "sequence))");
    PostgresMembership membership(url);
    auto const member = membership.join("benchmark", 1, std::chrono::minutes(10));
    PostgresStore store({.url = url, .member = member, .writer = 0});
    std::printf("%-18s %6s %12s %10s %10s\n", "", "batch", "events/s", "server us", "client us");
    for (std::size_t const batch : {1, 10, 100, 500}) {
        print("bare insert", batch, bare(connection, world, batch, seconds));
        print("one per run", batch, long_runs(connection, store, world, batch, 1, seconds));
        if (batch >= 10)
            print("five per run", batch, long_runs(connection, store, world, batch, 5, seconds));
        print("short runs", batch, short_runs(connection, store, world, batch, seconds));
        print("starts", batch, starts(connection, store, world, batch, false, seconds));
        print("starts by message", batch, starts(connection, store, world, batch, true, seconds));
    }
    for (std::uint64_t const first : {1, 2})
        for (std::size_t const count : {1, 2, 5, 20}) print_packing(world, count, first);
    membership.leave(member);
    if (server) {
        server.reset();
        std::filesystem::remove_all(folder);
    }
}
