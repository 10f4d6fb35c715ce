// What the client claims to know, against servers that break in every way.
#include "net/problem.h"
#include "tests/catch.h"
#include "tests/net/client_world.h"
#include "tests/net/scripted_server.h"

using namespace resolute;
using namespace resolute::net;
using std::chrono::milliseconds;

namespace {

std::string const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

std::uint16_t unused_port() {
    ScriptedServer const server([](Peer&, int) {});
    return server.port();
}

}  // namespace

TEST_CASE("an answer arrives with status, headers and body") {
    ClientWorld world;
    ScriptedServer server([](Peer& peer, int) {
        auto const request = peer.read_until("body");
        CHECK(request.starts_with("POST /path?x=1 HTTP/1.1\r\n"));
        CHECK(request.find("Content-Length: 4\r\n") != std::string::npos);
        CHECK(request.find("\r\nHost: 127.0.0.1:") != std::string::npos);
        peer.send("HTTP/1.1 201 Created\r\nX-Two: b\r\nContent-Length: 5\r\n\r\nhello");
    });
    auto const response = as<Response>(world.send("POST", server.url() + "/path?x=1", "body"));
    CHECK(response.status == 201);
    CHECK(find_header(response.headers, "x-two") == "b");
    CHECK(response.body == "hello");
}

TEST_CASE("redirects are answers") {
    ClientWorld world;
    ScriptedServer server([](Peer& peer, int) {
        peer.read_until("\r\n\r\n");
        peer.send(
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://elsewhere/\r\nContent-Length: "
            "0\r\n\r\n");
    });
    CHECK(as<Response>(world.send("POST", server.url(), "x")).status == 307);
    CHECK(server.connections() == 1);
}

TEST_CASE("interim answers are passed over") {
    ClientWorld world;
    ScriptedServer server([](Peer& peer, int) {
        peer.read_until("\r\n\r\n");
        peer.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + ok);
    });
    CHECK(as<Response>(world.send("GET", server.url())).body == "ok");
}

TEST_CASE("a server without end of interim answers is malformed") {
    ClientWorld world;
    ScriptedServer server([](Peer& peer, int) {
        peer.read_until("\r\n\r\n");
        for (int i = 0; i < 100; ++i) peer.send("HTTP/1.1 102 Processing\r\n\r\n");
        peer.read_all();
    });
    CHECK(as<SentNoAnswer>(world.send("GET", server.url())).cause == Cause::malformed);
}

TEST_CASE("a refused connection is surely not sent") {
    ClientWorld world;
    auto const url = "http://127.0.0.1:" + std::to_string(unused_port()) + "/";
    auto const reply = as<NotSent>(world.send("POST", url, "x"));
    CHECK(reply.cause == Cause::unreachable);
    CHECK_THAT(reply.why, ContainsSubstring("127.0.0.1:"));
}

TEST_CASE("a name without an address is surely not sent") {
    ClientWorld world;
    auto const reply = as<NotSent>(world.send("POST", "http://nowhere.invalid/", "x"));
    CHECK(reply.cause == Cause::unresolved);
}

TEST_CASE("a TLS handshake that fails is surely not sent") {
    ClientWorld world;
    ScriptedServer server([](Peer& peer, int) {
        peer.read_until("\x01");
        peer.send("HTTP/1.1 400 this is not TLS\r\n\r\n");
    });
    auto const url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    CHECK(as<NotSent>(world.send("POST", url, "x")).cause == Cause::tls);
}

TEST_CASE("a TLS handshake that hangs is surely not sent") {
    ClientWorld world;
    ScriptedServer server([](Peer& peer, int) { peer.read_all(); });
    auto const url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    CHECK(as<NotSent>(world.send("POST", url, "x", milliseconds(50))).cause == Cause::timed_out);
}

TEST_CASE("a header that could smuggle a line, or belongs to the client, is surely not sent") {
    ClientWorld world;
    ClientRequest request;
    request.url = parse_url("http://127.0.0.1:1/").value();
    request.headers = {GENERATE(Header{"X", "a\r\nY: b"}, Header{"X\r\nY", "b"}, Header{"", "b"},
                                Header{"X", std::string(limits::http_header_bytes, 'x')},
                                Header{"Content-Length", "3"},
                                Header{"transfer-encoding", "chunked"})};
    CHECK(as<NotSent>(world.send(request)).cause == Cause::invalid_request);
    request.headers.clear();
    request.method = "GET /x";
    CHECK(as<NotSent>(world.send(request)).cause == Cause::invalid_request);
}

TEST_CASE(
    "after the first byte nothing is claimed: every broken answer is sent without an answer") {
    struct Break {
        std::string name;
        Cause cause;
        std::function<void(Peer&)> script;
    };
    auto const broken = GENERATE(values<Break>({
        {"closes at once", Cause::closed, [](Peer& peer) { peer.read_until("\r\n\r\n"); }},
        {"resets", Cause::closed, [](Peer& peer) { peer.read_until("\r\n\r\n"), peer.reset(); }},
        {"cuts the head", Cause::closed,
         [](Peer& peer) {
             peer.read_until("\r\n\r\n"), peer.send("HTTP/1.1 200 OK\r\nContent-Le");
         }},
        {"cuts the body", Cause::closed,
         [](Peer& peer) {
             peer.read_until("\r\n\r\n"),
                 peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal");
         }},
        {"cuts a chunk", Cause::closed,
         [](Peer& peer) {
             peer.read_until("\r\n\r\n");
             peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal");
         }},
        {"leaves the last chunk out", Cause::closed,
         [](Peer& peer) {
             peer.read_until("\r\n\r\n");
             peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
         }},
        {"does not speak HTTP", Cause::malformed,
         [](Peer& peer) { peer.read_until("\r\n\r\n"), peer.send("SSH-2.0-OpenSSH\r\n\r\n"); }},
        {"has two lengths", Cause::malformed,
         [](Peer& peer) {
             peer.read_until("\r\n\r\n");
             peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nokk");
         }},
        {"sends too much", Cause::too_large,
         [](Peer& peer) {
             peer.read_until("\r\n\r\n");
             peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" +
                       std::string(100000, 'x'));
         }},
        {"sends too much in chunks", Cause::too_large,
         [](Peer& peer) {
             peer.read_until("\r\n\r\n");
             peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
             for (int i = 0; i < 100; ++i) peer.send("400\r\n" + std::string(1024, 'x') + "\r\n");
         }},
        {"sends endless headers", Cause::too_large,
         [](Peer& peer) {
             peer.read_until("\r\n\r\n");
             peer.send("HTTP/1.1 200 OK\r\nX: " + std::string(200'000, 'x'));
             peer.read_all();
         }},
    }));
    CAPTURE(broken.name);
    ClientWorld world;
    ScriptedServer server([&](Peer& peer, int) { broken.script(peer); });
    ClientRequest request;
    request.method = "POST";
    request.url = parse_url(server.url()).value();
    request.body = "x";
    request.max_response_bytes = 50'000;
    auto const reply = as<SentNoAnswer>(world.send(request));
    CAPTURE(reply.why);
    CHECK(reply.cause == broken.cause);
    CHECK(server.connections() == 1);  // not retried
}

TEST_CASE("a server that does not answer in time is sent without an answer") {
    ClientWorld world;
    ScriptedServer server([](Peer& peer, int) { peer.read_all(); });
    auto const reply = as<SentNoAnswer>(world.send("POST", server.url(), "x", milliseconds(50)));
    CHECK(reply.cause == Cause::timed_out);
}

TEST_CASE("a connection is used again") {
    ClientWorld world;
    ScriptedServer server([](Peer& peer, int) {
        while (!peer.read_until("\r\n\r\n").empty()) peer.send(ok);
    });
    for (int i = 0; i < 5; ++i)
        CHECK(as<Response>(world.send("POST", server.url(), "")).body == "ok");
    CHECK(server.connections() == 1);
}

TEST_CASE("a connection that the server wants closed is not used again") {
    ClientWorld world;
    ScriptedServer server([](Peer& peer, int) {
        peer.read_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    });
    for (int i = 0; i < 3; ++i)
        CHECK(as<Response>(world.send("POST", server.url(), "")).body == "ok");
    CHECK(server.connections() == 3);
}

TEST_CASE("a pooled connection that dies under a request") {
    ClientWorld world;
    ScriptedServer server([](Peer& peer, int connection) {
        peer.read_until("\r\n\r\n");
        peer.send(ok);
        peer.read_until("\r\n\r\n");
        if (connection > 1) peer.send(ok);
        // The first connection closes after it has taken a second request.
    });
    REQUIRE(as<Response>(world.send("GET", server.url())).body == "ok");

    SECTION("a GET is sent once more on a fresh connection") {
        CHECK(as<Response>(world.send("GET", server.url())).body == "ok");
        CHECK(server.connections() == 2);
    }
    SECTION("a POST is not: nobody knows what became of it") {
        CHECK(as<SentNoAnswer>(world.send("POST", server.url(), "")).cause == Cause::closed);
        CHECK(server.connections() == 1);
    }
}

TEST_CASE(
    "a pooled connection that was closed in the meantime is noticed before anything is sent") {
    ClientWorld world;
    Awaited<bool> closed;
    ScriptedServer server([&](Peer& peer, int) {
        peer.read_until("\r\n\r\n");
        peer.send(ok);
        peer.close();
        closed.set(true);
    });
    REQUIRE(as<Response>(world.send("GET", server.url())).body == "ok");
    closed.get();
    CHECK(as<Response>(world.send("POST", server.url(), "x")).body == "ok");
}

TEST_CASE("a HEAD has no body however long it claims to be") {
    ClientWorld world;
    ScriptedServer server([](Peer& peer, int) {
        while (!peer.read_until("\r\n\r\n").empty())
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n");
    });
    for (int i = 0; i < 2; ++i) CHECK(as<Response>(world.send("HEAD", server.url())).body.empty());
    CHECK(server.connections() == 1);
}

TEST_CASE("a refusal that comes before the whole body was sent is still an answer") {
    ClientWorld world;
    ScriptedServer server([](Peer& peer, int) {
        peer.read_until("\r\n\r\n");
        peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
        peer.read_all();
    });
    auto const response =
        as<Response>(world.send("POST", server.url(), std::string(8u << 20, 'x')));
    CHECK(response.status == 413);
}
