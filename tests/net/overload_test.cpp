// Too many clients, too slow ones, too large ones: what the server and the client do about them.
#include <thread>

#include "net/http_client.h"
#include "tests/catch.h"
#include "tests/net/awaited.h"
#include "tests/net/world.h"

using namespace resolute;
using namespace resolute::net;
using std::chrono::milliseconds;

namespace {

void answer_fine(ServerRequest const&, Responder responder) {
    responder.respond({200, {}, "fine"});
}

std::string const get_request = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

std::string post_head(std::size_t bytes) {
    return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n";
}

}  // namespace

TEST_CASE("clients that dribble make room for one that asks") {
    auto const dribble =
        GENERATE(Catch::Generators::as<std::string>(), "", "GET / HT", post_head(100) + "x");
    HttpServerOptions options;
    options.max_connections = 20;
    options.evict_after = milliseconds(0);
    World world(answer_fine, options);
    std::vector<std::unique_ptr<Peer>> slow;
    for (int i = 0; i < 20; ++i) {
        slow.push_back(connect_to(world.server.port()));
        slow.back()->send(dribble);
    }
    while (world.server.connections() < 20) std::this_thread::yield();
    for (int i = 0; i < 40; ++i) CHECK(world.talk(get_request).starts_with("HTTP/1.1 200 "));
}

TEST_CASE("a client that waits for its answer is never closed to make room") {
    HttpServerOptions options;
    options.max_connections = 1;
    options.evict_after = milliseconds(0);
    Awaited<Responder> held;
    World world([&](ServerRequest const&, Responder responder) { held.set(responder); }, options);
    auto const asking = connect_to(world.server.port());
    asking->send(get_request);
    held.get();
    auto const refused = world.talk(get_request);
    CHECK(refused.starts_with("HTTP/1.1 503 "));
    CHECK_THAT(refused, ContainsSubstring("Retry-After: 1\r\n"));
    held.get().respond({200, {}, "late"});
    CHECK_THAT(asking->read_all(), ContainsSubstring("late"));
}

TEST_CASE("the bodies that a server holds have a bound together") {
    HttpServerOptions options;
    options.max_held_bytes = 3000;
    Awaited<Responder> held;
    World world(
        [&](ServerRequest const& request, Responder responder) {
            if (request.method == "GET") return answer_fine(request, responder);
            held.set(responder);
        },
        options);
    auto const first = connect_to(world.server.port());
    first->send(post_head(2000) + std::string(2000, 'x'));
    held.get();
    auto const refused = world.talk(post_head(2000) + std::string(2000, 'x'));
    CHECK(refused.starts_with("HTTP/1.1 503 "));
    CHECK_THAT(refused, ContainsSubstring("Retry-After: 1\r\n"));
    CHECK(world.talk(get_request).starts_with("HTTP/1.1 200 "));  // it has no body
    held.get().respond({200, {}, "taken"});
    CHECK_THAT(first->read_until("taken"), ContainsSubstring("200 OK"));
    auto const next = connect_to(world.server.port());
    next->send(post_head(2000) + std::string(2000, 'x'));
    while (held.deliveries() < 2) std::this_thread::yield();
    held.get().respond({200, {}, "taken too"});
    CHECK_THAT(next->read_until("too"), ContainsSubstring("200 OK"));
}

TEST_CASE("what a client only announces is not held against the others") {
    HttpServerOptions options;
    options.max_held_bytes = 3000;
    World world(answer_fine, options);
    std::vector<std::unique_ptr<Peer>> announcing;
    for (int i = 0; i < 10; ++i) {
        announcing.push_back(connect_to(world.server.port()));
        announcing.back()->send(post_head(2000) + "x");
    }
    CHECK(world
              .talk("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2000\r\n"
                    "\r\n" +
                    std::string(2000, 'x'))
              .starts_with("HTTP/1.1 200 "));
}

TEST_CASE("a hundred megabytes are refused as soon as they are announced") {
    World world([](ServerRequest const&, Responder) { FAIL("must not reach the handler"); });
    CHECK(world.talk(post_head(100u << 20)).starts_with("HTTP/1.1 413 "));
}

TEST_CASE("a request that finds too many waiting is surely not sent, and says so at once") {
    World world([](ServerRequest const&, Responder responder) { responder.hang_up(); });
    std::mutex mutex;
    std::vector<Responder> held;
    HttpServer slow(world.runtime, {}, [&](ServerRequest const&, Responder responder) {
        std::lock_guard const lock(mutex);
        held.push_back(std::move(responder));
    });
    HttpClient client(world.runtime);
    auto const url = parse_url(slow.url()).value();
    Awaited<int> answered;  // counts
    auto const all = limits::http_connections_per_origin + limits::http_waiting_per_origin;
    for (std::size_t i = 0; i < all; ++i)
        client.send({.url = url, .timeout = milliseconds(60'000)},
                    [answered](Reply const&) { answered.set(1); });
    Awaited<Reply> last;
    client.send({.url = url}, [last](Reply reply) { last.set(std::move(reply)); });
    auto const refused = std::get<NotSent>(last.get());
    CHECK(refused.cause == Cause::crowded);
    CHECK_THAT(refused.why, ContainsSubstring(std::to_string(limits::http_waiting_per_origin)));
    CHECK(answered.deliveries() == 0);
}

TEST_CASE("a request whose time is over does not leave, however late the client gets to it") {
    std::atomic<int> calls = 0;
    World world([&](ServerRequest const&, Responder responder) {
        ++calls;
        responder.respond({200, {}, "fine"});
    });
    Runtime busy{1};
    HttpClient client(busy);
    busy.start();
    auto const send = [&](milliseconds timeout) {
        Awaited<Reply> reply;
        client.send(
            {.method = "POST", .url = parse_url(world.server.url()).value(), .timeout = timeout},
            [reply](Reply what) { reply.set(std::move(what)); });
        return reply;
    };
    CHECK(std::holds_alternative<Response>(send(milliseconds(10'000)).get()));
    Awaited<bool> freed;
    busy.post([freed] { freed.get(); });
    auto const late = send(milliseconds(1));
    auto const over = SystemClock().monotonic() + milliseconds(1);
    while (SystemClock().monotonic() < over) std::this_thread::yield();
    freed.set(true);
    CHECK(std::get<NotSent>(late.get()).cause == Cause::timed_out);
    CHECK(calls == 1);
}
