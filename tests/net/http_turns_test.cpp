// Many requests of one client: who waits for whose connection, and what goes when it goes.
#include "net/http_server.h"
#include "net/problem.h"
#include "tests/net/client_world.h"
#include "tests/net/scripted_server.h"

using namespace resolute;
using namespace resolute::net;
using std::chrono::milliseconds;

TEST_CASE("more requests than connections wait for their turn, and each is answered once") {
    Runtime runtime{2};
    runtime.start();
    HttpServerOptions options;
    HttpServer server(runtime, options, [](ServerRequest const& request, Responder responder) {
        responder.respond(json_response(200, std::string(*request.query.find("n"))));
    });
    HttpClient client(runtime);
    constexpr int count = 500;
    std::atomic<int> right = 0;
    std::atomic<int> answered = 0;
    Awaited<bool> done;
    for (int i = 0; i < count; ++i) {
        ClientRequest request;
        request.url = parse_url(server.url() + "/?n=" + std::to_string(i)).value();
        client.send(request, [&, i](Reply reply) {
            auto const* response = std::get_if<Response>(&reply);
            if (response && response->body == "\"" + std::to_string(i) + "\"") ++right;
            if (++answered == count) done.set(true);
        });
    }
    done.get();
    CHECK(right == count);
    CHECK(server.connections() <= limits::http_connections_per_origin);
}

TEST_CASE("a request that waited too long for its turn is surely not sent") {
    ClientWorld world;
    Runtime server_runtime;
    server_runtime.start();
    std::mutex mutex;
    std::vector<Responder> held;
    bool is_released = false;
    HttpServer server(server_runtime, {}, [&](ServerRequest const&, Responder responder) {
        std::lock_guard const lock(mutex);
        if (is_released)
            responder.respond({});
        else
            held.push_back(responder);
    });
    ClientRequest request;
    request.url = parse_url(server.url()).value();
    std::atomic<int> answered = 0;
    Awaited<bool> all;
    constexpr int most = limits::http_connections_per_origin;
    for (int i = 0; i < most; ++i)
        world.client.send(request, [&](Reply) {
            if (++answered == most) all.set(true);
        });
    CHECK(as<NotSent>(world.send("POST", server.url(), "x", milliseconds(50))).cause ==
          Cause::crowded);
    {
        std::lock_guard const lock(mutex);
        is_released = true;
        for (auto const& responder : held) responder.respond({});
    }
    all.get();
}

TEST_CASE("the client may go before its answers come") {
    Runtime runtime;
    runtime.start();
    ScriptedServer server([](Peer& peer, int) {
        peer.read_until("\r\n\r\n"), peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    Awaited<Reply> reply;
    {
        HttpClient client(runtime);
        ClientRequest request;
        request.url = parse_url(server.url()).value();
        client.send(request, [reply](Reply got) { reply.set(std::move(got)); });
    }
    CHECK(as<Response>(reply.get()).body == "ok");
    CHECK(reply.deliveries() == 1);
}

TEST_CASE("what is under way when the runtime goes leaves nothing behind") {
    Awaited<std::string> arrived;
    ScriptedServer server([&](Peer& peer, int) {
        arrived.set(peer.read_until("\r\n\r\n"));
        peer.read_all();
    });
    auto const kept = std::make_shared<int>();
    {
        ClientWorld world;
        ClientRequest request;
        request.url = parse_url(server.url()).value();
        for (std::size_t i = 0; i <= limits::http_connections_per_origin; ++i)  // one has to wait
            world.client.send(request, [kept](Reply const&) { FAIL("nobody is left to hear it"); });
        CHECK_THAT(arrived.get(), Catch::Matchers::StartsWith("GET / "));
    }
    CHECK(kept.use_count() == 1);
}

TEST_CASE("a request whose time is over when its turn comes is surely not sent") {
    ClientWorld world;
    Runtime server_runtime;
    server_runtime.start();
    std::atomic<int> calls = 0;
    HttpServer server(server_runtime, {}, [&](ServerRequest const&, Responder responder) {
        ++calls;
        responder.respond({});
    });
    ClientRequest request;
    request.method = "POST";
    request.url = parse_url(server.url()).value();
    std::atomic<bool> is_over = false;
    request.may_send = [&] { return !is_over; };
    as<Response>(world.send(request));
    is_over = true;
    // Once on the connection that was kept, once on a fresh one.
    CHECK(as<NotSent>(world.send(request)).cause == Cause::withheld);
    CHECK(as<NotSent>(world.send(request)).cause == Cause::withheld);
    CHECK(calls == 1);
}
