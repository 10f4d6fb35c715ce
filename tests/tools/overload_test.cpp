// A tool that hangs, has no place, or answers a hundred megabytes: the engine stays whole and says
// so.
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "net/http_server.h"
#include "tests/catch.h"
#include "tests/net/scripted_server.h"
#include "tests/tools/fixtures.h"
#include "tests/tools/outcomes.h"

using namespace resolute;
using namespace resolute::tools;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t hundred_megabytes = 100u << 20;
std::string const bound = std::to_string(limits::tool_answer_bytes);

// A system that keeps every caller waiting until the test says otherwise.
struct Hanging {
    net::Runtime runtime{1};
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<net::Responder> held;
    std::unique_ptr<net::HttpServer> server;

    Hanging() {
        runtime.start();
        server = std::make_unique<net::HttpServer>(
            runtime, net::HttpServerOptions{},
            [this](net::ServerRequest const&, net::Responder responder) {
                std::lock_guard const lock(mutex);
                held.push_back(std::move(responder));
                changed.notify_all();
            });
    }
    net::Responder wait_for(std::size_t nth) {
        std::unique_lock lock(mutex);
        REQUIRE(changed.wait_for(lock, 20s, [&] { return held.size() > nth; }));
        return held[nth];
    }
};

outcome::Failed failed(Outcome const& outcome) {
    REQUIRE(std::holds_alternative<outcome::Failed>(outcome));
    return std::get<outcome::Failed>(outcome);
}

std::string shell_tool(std::string const& line) {
    return "tool: t\nversion: 1.0.0\neffect: write\nunsafe: human_resolves\n"
           "input: { type: object }\noutput: { type: object }\n"
           "call: { process: { command: [sh, -c, '" +
           line + "'] } }\n";
}

}  // namespace

TEST_CASE("calls behind one that hangs wait for their turn, and then in the store") {
    Hanging system;
    Stand stand(registry({std::string(get_payment_yaml) + "limits: { concurrency: 1 }\n"},
                         environment(system.server->url())));
    auto const attempt = stand.permitted("payments.get_payment", {{"payment_id", "x"}});
    std::vector<net::Awaited<Outcome>> outcomes(3);
    for (auto& outcome : outcomes)
        stand.handler.perform(attempt, [outcome](Outcome what) { outcome.set(std::move(what)); });
    auto const first = system.wait_for(0);
    stand.clock.advance(4s);  // of the five that each of them has
    first.respond({200, {}, R"({"id":"x"})"});
    CHECK(std::holds_alternative<outcome::Succeeded>(outcomes[0].get()));
    for (int i : {1, 2}) {
        auto const waits = failed(outcomes[static_cast<std::size_t>(i)].get());
        CHECK(waits.postponed);
        CHECK(waits.error.code == codes::tool_busy);
        CHECK_THAT(waits.error.detail, ContainsSubstring("1 calls of it may be under way"));
        CHECK(waits.evidence.json()["sent"] == false);
    }
    std::lock_guard const lock(system.mutex);
    CHECK(system.held.size() == 1);  // the others were never sent
}

TEST_CASE("a tool's rate makes calls wait, a moment here and longer in the store") {
    Hanging system;
    Stand stand(registry({std::string(get_payment_yaml) + "limits: { rate: 50/min }\n"},
                         environment(system.server->url())));
    auto const attempt = stand.permitted("payments.get_payment", {{"payment_id", "x"}});
    for (int i = 0; i < 50; ++i) stand.handler.perform(attempt, [](Outcome const&) {});
    net::Awaited<Outcome> next;
    stand.handler.perform(attempt, [next](Outcome what) { next.set(std::move(what)); });
    system.wait_for(49);  // so many at once; the next one waits for 1.2 s of its 2.5
    CHECK(next.deliveries() == 0);
    stand.clock.advance(1200ms);
    system.wait_for(50).respond({200, {}, R"({"id":"x"})"});
    CHECK(std::holds_alternative<outcome::Succeeded>(next.get()));
}

TEST_CASE("a tool whose rate allows no call soon makes its callers wait in the store") {
    Hanging system;
    Stand stand(registry({std::string(get_payment_yaml) + "limits: { rate: 1/h }\n"},
                         environment(system.server->url())));
    auto const attempt = stand.permitted("payments.get_payment", {{"payment_id", "x"}});
    stand.handler.perform(attempt, [](Outcome const&) {});
    auto const waits = failed(stand.perform(attempt));
    CHECK(waits.postponed);
    CHECK(*waits.retry_after >= 1h);
    CHECK_THAT(waits.error.detail,
               ContainsSubstring("its rate allows the next call in 3600000 ms"));
}

TEST_CASE("a paused tool makes its callers wait, for longer each time, and fails none") {
    auto const broken = std::string(get_payment_yaml) + "breaker: { failures: 1, pause: PT7S }\n";
    Stand stand(registry({broken}));
    auto attempt = stand.permitted("payments.get_payment", {{"payment_id", "x"}});
    CHECK_FALSE(failed(stand.perform(attempt)).postponed);  // nobody is there: a real failure
    Duration wait{};
    for (int time = 0; time < 5; ++time) {
        auto const paused = failed(stand.perform(attempt));
        CHECK(paused.postponed);
        CHECK(paused.error.code == codes::tool_paused);
        CHECK(*paused.retry_after >= wait);
        wait = *paused.retry_after;
        attempt.last_evidence = paused.evidence;
    }
    CHECK(wait > 7s);
}

TEST_CASE("an HTTP answer of a hundred megabytes is refused by its size, before it has come") {
    auto const head = GENERATE(as<std::string>(), "Content-Length: 104857600\r\n\r\n",
                               "Transfer-Encoding: chunked\r\n\r\n6400000\r\n");
    std::atomic<std::size_t> sent = 0;
    net::ScriptedServer system([&](net::Peer& peer, int) {
        peer.read_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\n" + head);
        std::string const piece(1u << 20, 'x');
        while (sent < hundred_megabytes &&
               ::send(peer.socket(), piece.data(), piece.size(), MSG_NOSIGNAL) > 0)
            sent += piece.size();
    });
    Stand stand(registry({refund_yaml, find_refund_yaml}, environment(system.url())));
    auto const why = why_of(stand.call("payments.refund", refund_arguments()));
    CHECK(why.code == codes::no_answer);
    CHECK_THAT(why.detail, ContainsSubstring("larger than " + bound + " bytes"));
    CHECK(sent < hundred_megabytes / 2);
}

TEST_CASE("a program that prints a hundred megabytes is told from one that prints nonsense") {
    auto const line = GENERATE(as<std::string>(),
                               R"(yes $(head -c 1000 /dev/zero | tr "\0" x) | head -c 104857600)",
                               "head -c 104857600 /dev/zero");  // many lines, and one without end
    Stand stand(registry({shell_tool(line)}));
    auto const why = why_of(stand.call("t", Json::object()));
    CHECK(why.code == codes::bad_answer);
    CHECK_THAT(why.detail, ContainsSubstring("printed more than " + bound + " bytes"));
}

TEST_CASE("an MCP server that answers a hundred megabytes is cut off, and the next call works") {
    std::filesystem::path const program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" /
        "tools_test_server";
    Server const shop{.name = "shop", .command = {program.string(), "/dev/null"}};
    std::string const act = R"(tool: shop.act
version: 1.0.0
effect: write
unsafe: human_resolves
input: { type: object, required: [how], properties: { how: { type: string } } }
output: { type: object, required: [ok], properties: { ok: { type: boolean } } }
call: { mcp: { server: shop, tool: act } }
)";
    Stand stand(registry({act}, environment(), {shop}));
    auto const outcome = stand.call("shop.act", {{"how", "huge"}});
    REQUIRE(std::holds_alternative<outcome::Unknown>(outcome));
    CHECK_THAT(why_of(outcome).detail, ContainsSubstring("a line that is too long"));
    CHECK(std::holds_alternative<outcome::Succeeded>(stand.call("shop.act", {{"how", "text"}})));
}
