// The API of an engine that has too much to do: what is refused was never taken, and what was taken
// is never refused.
#include <algorithm>
#include <condition_variable>
#include <thread>

#include "base/limits.h"
#include "console/server.h"
#include "engine/store/memory_store.h"
#include "net/http_client.h"
#include "tests/catch.h"
#include "tests/engine/scripted_workflow.h"
#include "tests/net/awaited.h"

using namespace resolute;
using namespace resolute::console;

namespace {

// Lets commits through, or holds them up.
class Gate {
  public:
    void open(bool is_open) {
        std::lock_guard const lock(mutex_);
        is_open_ = is_open;
        changed_.notify_all();
    }
    void pass() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return is_open_; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_open_ = true;
};

// An engine with its runs in memory, whose runs wait for a signal; and no database to read from.
struct CrowdedWorld {
    SystemClock clock;
    Gate gate;
    WorkflowRef const workflow{"test/waits", "1", sha256("waits")};
    std::unique_ptr<Random> random = system_random();
    store::MemoryDatabase database{[this] { return clock.now(); }};
    store::ReadModel reads{"postgresql:///nowhere?host=/nonexistent"};
    net::Runtime runtime{2};
    net::HttpClient http{runtime};
    shell::Engine engine{{.name = "test"}, connections(), {}, definitions(), clock};
    std::unique_ptr<Server> server;

    CrowdedWorld() {
        runtime.start();
        engine.start();
        server = std::make_unique<Server>(runtime, surface(), "127.0.0.1", 0);
    }
    ~CrowdedWorld() {
        gate.open(true);
        server->stop();
        engine.stop();
    }

    shell::Database connections() {
        return {.store =
                    [this](MemberId member, int writer) {
                        return database.open(member, writer, [this](auto const&) {
                            gate.pass();
                            return store::Fault::none;
                        });
                    },
                .membership = std::make_unique<store::MemoryMembership>(database),
                .post = [this](Message const& message) { database.post(message); }};
    }
    shell::DefinitionCache::Source definitions() {
        return [](Digest const& digest) {
            if (digest == sha256("broken")) throw std::runtime_error("It cannot be compiled.");
            return std::make_unique<testing::ScriptedWorkflow>(
                std::vector<testing::ScriptedStep>{{"go", "signal"}});
        };
    }
    Surface surface() {
        using Prepared = std::variant<WorkflowRef, ApiProblem>;
        return {.engine = engine,
                .reads = reads,
                .clock = clock,
                .version = "test",
                .mode = "dev",
                .models = {},
                .assets = {},
                .prepare_start = [this](std::string const&, std::string const&,
                                        Json const&) -> Prepared { return workflow; },
                .kind_of = {}};
    }

    void start(std::function<void(Reply)> done) {
        engine.submit({MessageId::make(clock.now(), *random), engine.mint_run_id(),
                       StartRun{workflow, tenant, "", Json(1), "test"}},
                      std::move(done));
    }
    void start_by_http(std::function<void(net::Response)> done,
                       std::string body = R"({"workflow":"test/waits","input":1})") {
        net::ClientRequest request{.method = "POST",
                                   .url = net::parse_url(server->url() + "/api/v1/runs").value(),
                                   .headers = {{"Content-Type", "application/json"}},
                                   .body = std::move(body)};
        http.send(std::move(request), [done = std::move(done)](net::Reply got) {
            REQUIRE(std::holds_alternative<net::Response>(got));
            done(std::get<net::Response>(std::move(got)));
        });
    }
    net::Response start_case_by_http() {
        net::Awaited<net::Response> response;
        start_by_http([response](net::Response got) { response.set(std::move(got)); },
                      R"({"workflow":"test/waits","input":1,"caseId":"C-1"})");
        return response.get();
    }
};

}  // namespace

TEST_CASE("a start is shown as it was committed, and nothing is read for it") {
    CrowdedWorld world;  // in which nothing can be read
    auto const response = world.start_case_by_http();
    REQUIRE(response.status == 201);
    auto const body = parse_json(response.body).value();
    CHECK(body["created"] == true);
    auto const run = RunId::parse(body["run"]["id"].get<std::string>());
    REQUIRE(run);
    CHECK(body["run"] == summary_json(world.database.row(*run).value()));
}

TEST_CASE("a start that is durable is never answered with a refusal, even if it cannot be shown") {
    CrowdedWorld world;
    auto const first = parse_json(world.start_case_by_http().body).value();
    auto const again = world.start_case_by_http();  // the run of its case would have to be read
    CHECK(again.status == 202);
    CHECK(parse_json(again.body).value()["run"] == first["run"]["id"]);
}

TEST_CASE(
    "while commits are held up starts are taken up to a bound; each is answered once, truly") {
    CrowdedWorld world;
    world.gate.open(false);
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t accepted = 0, refused = 0, submitted = 0;
    auto answered = [&] { return accepted + refused; };
    auto done = [&](Reply const& reply) {
        std::lock_guard const lock(mutex);
        if (auto const* no = std::get_if<Refused>(&reply)) {
            CHECK(no->why.status == 503);
            ++refused;
        } else {
            ++accepted;
        }
        changed.notify_all();
    };
    auto count_refused = [&] {
        std::lock_guard const lock(mutex);
        return refused;
    };
    while (count_refused() < 100) {
        for (int i = 0; i < 100; ++i, ++submitted) world.start(done);
    }
    CHECK(submitted > limits::loop_backlog);
    CHECK(submitted < 3 * limits::runs_in_memory);
    CHECK(accepted == 0);  // nothing is durable yet
    // One that comes in a moment when the loop has made room is taken, and waits for the gate.
    std::vector<net::Response> by_http;
    std::size_t asked = 0;
    auto const is_refused = [&] { return !by_http.empty(); };
    std::unique_lock lock(mutex);
    for (bool refused_one = false; asked < 20 && !refused_one; ++asked) {
        world.start_by_http([&](net::Response got) {
            std::lock_guard const other(mutex);
            by_http.push_back(std::move(got));
            changed.notify_all();
        });
        refused_one = changed.wait_for(lock, std::chrono::seconds(1), is_refused);
    }
    REQUIRE(is_refused());
    CHECK(by_http[0].status == 503);
    CHECK(net::find_header(by_http[0].headers, "Retry-After") == "1");
    world.gate.open(true);
    REQUIRE(changed.wait_for(lock, std::chrono::seconds(60),
                             [&] { return answered() == submitted && by_http.size() == asked; }));
    std::lock_guard const at_rest(world.database.mutex);
    auto const taken_by_http =
        std::ranges::count_if(by_http, [](auto const& one) { return one.status != 503; });
    CHECK(world.database.tables.runs.size() == accepted + static_cast<std::size_t>(taken_by_http));
}

TEST_CASE("a posted start whose workflow cannot be loaded does not hold up those behind it") {
    CrowdedWorld world;
    auto post = [&](Digest const& digest) {
        Message const start{MessageId::make(world.clock.now(), *world.random),
                            world.engine.mint_run_id(),
                            StartRun{{"test/waits", "1", digest}, tenant, "", Json(1), "test"}};
        world.database.post(start);
        return start.run;
    };
    auto const poison = post(sha256("broken"));
    auto const fine = post(sha256("waits"));
    world.engine.poke();
    auto const patience = world.clock.monotonic() + std::chrono::seconds(20);
    while (!world.database.row(fine) && world.clock.monotonic() < patience)
        std::this_thread::yield();
    REQUIRE(world.database.row(fine));
    CHECK_FALSE(world.database.row(poison));
    std::lock_guard const at_rest(world.database.mutex);
    CHECK_THAT(world.database.tables.inbox.at(0).refused, ContainsSubstring("cannot be compiled"));
}
