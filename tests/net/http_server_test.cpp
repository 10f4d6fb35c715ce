// The server against clients that are impolite, and handlers that are late or wrong.
#include "net/http_server.h"

#include <mutex>
#include <thread>

#include "net/problem.h"
#include "tests/catch.h"
#include "tests/net/awaited.h"
#include "tests/net/world.h"

using namespace resolute;
using namespace resolute::net;
using std::chrono::milliseconds;

namespace {

std::string get(std::string const& target, std::string const& headers = {}) {
    return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n";
}
std::string const close_after = "Connection: close\r\n";

void echo(ServerRequest const& request, Responder responder) {
    Json body = {{"method", request.method},
                 {"path", request.path},
                 {"segments", request.segments},
                 {"body", request.body}};
    for (auto const& [name, value] : request.query.all()) body["query"][name] = value;
    responder.respond(json_response(200, body));
}

std::string body_of(std::string const& answer) {
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

}  // namespace

TEST_CASE("a request arrives decoded and taken apart") {
    World world(echo);
    auto const answer = world.talk(get("/a%2Fb/c%20d?x=1%2B1&y=a+b", close_after));
    CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK_THAT(answer, ContainsSubstring("Connection: close\r\n") && ContainsSubstring("GMT\r\n"));
    auto const seen = parse_json(body_of(answer)).value();
    CHECK(seen["path"] == "/a/b/c d");
    CHECK(seen["segments"] == Json({"a/b", "c d"}));
    CHECK(seen["query"] == Json({{"x", "1+1"}, {"y", "a b"}}));
}

TEST_CASE("several requests share a connection, also when they come at once") {
    World world(echo);
    auto const answer = world.talk(get("/1") + get("/2") + get("/3", close_after));
    CHECK_THAT(answer, ContainsSubstring("\"/1\"") && ContainsSubstring("\"/2\"") &&
                           ContainsSubstring("\"/3\""));
}

TEST_CASE("a HEAD reaches the handler as GET and is answered without a body") {
    World world(echo);
    auto const answer = world.talk("HEAD /x HTTP/1.1\r\nHost: h\r\n" + close_after + "\r\n");
    CHECK_THAT(answer, ContainsSubstring("Content-Length: "));
    CHECK(body_of(answer).empty());
}

TEST_CASE("a body that waits for 100 Continue gets it") {
    World world(echo);
    auto const peer = connect_to(world.server.port());
    peer->send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n" +
               close_after + "\r\n");
    CHECK(peer->read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    peer->send("hi");
    CHECK_THAT(peer->read_all(), ContainsSubstring("\"body\":\"hi\""));
}

TEST_CASE("a chunked body is put together") {
    World world(echo);
    CHECK_THAT(world.talk("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n" +
                          close_after + "\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
               ContainsSubstring("\"body\":\"abcde\""));
}

TEST_CASE("malformed requests are refused and the connection closes") {
    struct Bad {
        std::string bytes;
        int status;
    };
    auto const bad = GENERATE(values<Bad>({
        {"nonsense\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n\r\n", 400},  // no Host
        {"GET x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"GET /?a=% HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: "
         "chunked\r\n\r\n0\r\n\r\n",
         400},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\n", 413},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n" +
             std::string(2048, 'x') + "\r\n0\r\n\r\n",
         413},
        {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(5000, 'x') + "\r\n\r\n", 431},
    }));
    CAPTURE(bad.bytes.substr(0, 100));
    HttpServerOptions options;
    options.max_body_bytes = 1000;
    options.max_header_bytes = 4000;
    World world([](ServerRequest const&, Responder) { FAIL("must not reach the handler"); },
                options);
    auto const answer = world.talk(bad.bytes);
    CHECK(answer.starts_with("HTTP/1.1 " + std::to_string(bad.status) + " "));
    CHECK_THAT(answer, ContainsSubstring("application/problem+json"));
}

TEST_CASE("an answer may come later, from another thread") {
    std::vector<std::thread> threads;
    World world([&](ServerRequest const& request, Responder responder) {
        threads.emplace_back(
            [responder, path = request.path] { responder.respond({200, {}, path}); });
    });
    CHECK(body_of(world.talk(get("/later", close_after))) == "/later");
    for (auto& thread : threads) thread.join();
}

TEST_CASE("a handler that throws, or forgets to answer, is a 500") {
    bool const throws = GENERATE(true, false);
    World world([&](ServerRequest const&, Responder) {
        if (throws) throw std::runtime_error("a secret detail");
    });
    auto const answer = world.talk(get("/", close_after));
    CHECK(answer.starts_with("HTTP/1.1 500 "));
    CHECK(answer.find("secret") == std::string::npos);
}

TEST_CASE("a second answer to one request is a mistake of the program") {
    Awaited<bool> threw;
    World world([&](ServerRequest const&, Responder responder) {
        responder.respond({});
        try {
            responder.respond({});
            threw.set(false);
        } catch (std::logic_error const&) {
            threw.set(true);
        }
    });
    CHECK(world.talk(get("/", close_after)).starts_with("HTTP/1.1 200 "));
    CHECK(threw.get());
}

TEST_CASE("hanging up closes the connection without a byte") {
    World world([](ServerRequest const&, Responder responder) { responder.hang_up(); });
    CHECK(world.talk(get("/")).empty());
}

TEST_CASE("a header with a line break in it never reaches the wire") {
    World world([](ServerRequest const&, Responder responder) {
        responder.respond({200, {{"X", "a\r\nSet-Cookie: b"}}, "body"});
    });
    auto const answer = world.talk(get("/", close_after));
    CHECK(answer.starts_with("HTTP/1.1 500 "));
    CHECK(answer.find("Set-Cookie") == std::string::npos);
}

TEST_CASE("a stream arrives piece by piece and ends properly") {
    Awaited<Stream> opened;
    World world([&](ServerRequest const&, Responder responder) {
        opened.set(responder.start_stream({{"Content-Type", "text/event-stream"}}));
    });
    auto const peer = connect_to(world.server.port());
    peer->send(get("/events"));
    auto const head = peer->read_until("\r\n\r\n");
    CHECK_THAT(head, ContainsSubstring("Transfer-Encoding: chunked") &&
                         ContainsSubstring("text/event-stream"));
    auto const stream = opened.get();
    CHECK(stream.write("data: 1\n\n"));
    CHECK(peer->read_until("data: 1\n\n\r\n") == "9\r\ndata: 1\n\n\r\n");
    CHECK(stream.write("data: 2\n\n"));
    stream.close();
    CHECK_FALSE(stream.write("data: 3\n\n"));
    CHECK(peer->read_all() == "9\r\ndata: 2\n\n\r\n0\r\n\r\n");
}

TEST_CASE("dropping the last handle of a stream ends it, after what was written") {
    World world([&](ServerRequest const&, Responder responder) {
        responder.start_stream({}).write("all");
    });
    CHECK(body_of(world.talk(get("/"))) == "3\r\nall\r\n0\r\n\r\n");
}

TEST_CASE("an old client gets a stream without chunks") {
    World world([&](ServerRequest const&, Responder responder) {
        responder.start_stream({}).write("all");
    });
    CHECK(body_of(world.talk("GET / HTTP/1.0\r\n\r\n")) == "all");
}

TEST_CASE("a stream whose peer has left turns false") {
    Awaited<Stream> opened;
    World world(
        [&](ServerRequest const&, Responder responder) { opened.set(responder.start_stream({})); });
    auto peer = connect_to(world.server.port());
    peer->send(get("/"));
    auto const stream = opened.get();
    peer.reset();
    while (stream.write("x")) std::this_thread::yield();
    CHECK_FALSE(stream.is_open());
}

TEST_CASE("a stream whose peer does not read is cut at the bound, not buffered without end") {
    HttpServerOptions options;
    options.max_stream_bytes = 100'000;
    Awaited<Stream> opened;
    World world(
        [&](ServerRequest const&, Responder responder) { opened.set(responder.start_stream({})); },
        options);
    auto const peer = connect_to(world.server.port());
    peer->send(get("/"));
    auto const stream = opened.get();
    std::size_t written = 0;
    while (stream.write(std::string(10'000, 'x'))) written += 10'000;
    CHECK(written < (64u << 20));  // what the kernel buffers, and our bound
    CHECK_FALSE(stream.is_open());
}

TEST_CASE("a HEAD of a stream has its head only") {
    World world([&](ServerRequest const&, Responder responder) {
        responder.start_stream({}).write("all");
    });
    CHECK(body_of(world.talk("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n")).empty());
}

TEST_CASE("slow senders are closed") {
    HttpServerOptions options;
    options.header_timeout = milliseconds(30);
    options.body_timeout = milliseconds(30);
    options.idle_timeout = milliseconds(30);
    World world(echo, options);
    CHECK(world.talk("").empty());
    CHECK(world.talk("GET / HT").empty());
    CHECK(world.talk("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab").empty());
    CHECK(world.talk(get("/")).starts_with("HTTP/1.1 200 "));  // then idle, then closed
}

TEST_CASE("beyond the most connections a client is told to come back") {
    HttpServerOptions options;
    options.max_connections = 2;
    World world(echo, options);
    auto one = connect_to(world.server.port());
    auto const two = connect_to(world.server.port());
    one->send(get("/"));
    two->send(get("/"));
    CHECK_FALSE(one->read_until("\r\n\r\n").empty());
    CHECK_FALSE(two->read_until("\r\n\r\n").empty());
    auto const refused = world.talk(get("/"));
    CHECK(refused.starts_with("HTTP/1.1 503 "));
    CHECK_THAT(refused, ContainsSubstring("Retry-After: 1\r\n"));
    one.reset();
    while (!world.talk(get("/", close_after)).starts_with("HTTP/1.1 200 "))
        std::this_thread::yield();
}

TEST_CASE("a port in use is an exception that names it") {
    World world(echo);
    HttpServerOptions options;
    options.port = world.server.port();
    try {
        HttpServer const second(world.runtime, options, echo);
        FAIL("two servers on one port");
    } catch (PortInUse const& error) {
        CHECK(error.port == world.server.port());
        CHECK_THAT(error.what(), ContainsSubstring(std::to_string(world.server.port())));
    }
    options.address = "not an address";
    CHECK_THROWS_AS(HttpServer(world.runtime, options, echo), CannotListen);
}

TEST_CASE("stopping lets requests in flight finish, closes idle connections and ends streams") {
    Awaited<Responder> waiting;
    Awaited<Stream> streaming;
    World world([&](ServerRequest const& request, Responder responder) {
        if (request.path == "/slow")
            waiting.set(responder);
        else if (request.path == "/stream")
            streaming.set(responder.start_stream({}));
        else
            responder.respond({});
    });
    auto const idle = connect_to(world.server.port());
    idle->send(get("/"));
    idle->read_until("\r\n\r\n");
    auto const slow = connect_to(world.server.port());
    slow->send(get("/slow"));
    auto const stream = connect_to(world.server.port());
    stream->send(get("/stream"));
    streaming.get();
    waiting.get();
    std::thread stopper([&] { world.server.stop(); });
    CHECK(idle->read_all().empty());
    CHECK(stream->read_all().ends_with("0\r\n\r\n"));
    waiting.get().respond({200, {}, "done"});
    auto const answer = slow->read_all();
    CHECK(body_of(answer) == "done");
    CHECK_THAT(answer, ContainsSubstring("Connection: close"));
    stopper.join();
    CHECK(world.server.connections() == 0);
    CHECK(connect_to(world.server.port()) == nullptr);
}

TEST_CASE("stopping cuts what does not finish within the grace") {
    HttpServerOptions options;
    options.stop_grace = milliseconds(30);
    Awaited<Responder> waiting;
    World world([&](ServerRequest const&, Responder responder) { waiting.set(responder); },
                options);
    auto const slow = connect_to(world.server.port());
    slow->send(get("/"));
    waiting.get();
    world.server.stop();
    CHECK(slow->read_all().empty());
    waiting.get().respond({});  // too late, harmless
}
