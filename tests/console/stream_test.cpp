// The live stream: many changes, slow readers, and readers that come back.
#include "console/stream.h"

#include "base/limits.h"
#include "tests/catch.h"
#include "tests/net/scripted_server.h"

using namespace resolute;
using namespace resolute::console;

namespace {

RunId run_of(std::size_t number) {
    RunId run;
    for (std::size_t i = 0; i < 8; ++i)
        run.value[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return run;
}

// Appends of these runs, each up to a sequence.
std::vector<Append> appends(std::size_t runs, std::uint64_t sequence = 1) {
    std::vector<Append> made(runs);
    for (std::size_t i = 0; i < runs; ++i) {
        made[i].run = run_of(i + 1);
        made[i].events.push_back({.sequence = sequence});
    }
    return made;
}

// Reads up to a mark and keeps what came behind it.
struct Reader {
    explicit Reader(std::unique_ptr<net::Peer> of) : peer(std::move(of)) {}

    std::string until(std::string const& mark) {
        auto at = rest.find(mark);
        while (at == std::string::npos) {
            char bytes[4096];
            auto const got = ::recv(peer->socket(), bytes, sizeof bytes, 0);
            if (got <= 0) return std::exchange(rest, {});
            rest.append(bytes, static_cast<std::size_t>(got));
            at = rest.find(mark);
        }
        auto const text = rest.substr(0, at + mark.size());
        rest.erase(0, at + mark.size());
        return text;
    }

    std::unique_ptr<net::Peer> peer;
    std::string rest;
};

struct StreamWorld {
    net::Runtime runtime{2};
    std::shared_ptr<ChangeStream> changes = std::make_shared<ChangeStream>(runtime);
    net::HttpServer server;

    StreamWorld()
        : server((runtime.start(), runtime), {},
                 [this](net::ServerRequest const& request, net::Responder responder) {
                     changes->attach(request, responder);
                 }) {}
    ~StreamWorld() { changes->close(); }

    Reader watch(std::string const& last_seen = {}) const {
        Reader reader(net::connect_to(server.port()));
        reader.peer->send("GET / HTTP/1.1\r\nHost: h\r\n" +
                          (last_seen.empty() ? "" : "Last-Event-ID: " + last_seen + "\r\n") +
                          "\r\n");
        REQUIRE_THAT(reader.until("retry: 1000\n\n"), ContainsSubstring("text/event-stream"));
        return reader;
    }
};

std::string mark_of(std::size_t run, std::uint64_t sequence) {
    return "{\"run\":\"" + to_string(run_of(run)) + "\",\"sequence\":" + std::to_string(sequence) +
           "}\n\n";
}

std::size_t count(std::string const& text, std::string const& what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
}

}  // namespace

TEST_CASE("what changes between two deliveries is told once") {
    StreamWorld world;
    auto peer = world.watch();
    for (std::uint64_t sequence = 1; sequence <= 500; ++sequence)
        world.changes->committed(appends(1, sequence));
    auto const seen = peer.until(mark_of(1, 500));
    CHECK(count(seen, "event: run") < 100);
}

TEST_CASE("a reader that comes back gets what it missed") {
    StreamWorld world;
    auto first = world.watch();
    world.changes->committed(appends(1, 1));
    CHECK_THAT(first.until(mark_of(1, 1)), ContainsSubstring("id: 1\n"));
    world.changes->committed(appends(2, 2));
    first.until(mark_of(2, 2));
    auto again = world.watch("1");
    auto const missed = again.until(mark_of(2, 2));
    CHECK_THAT(missed, ContainsSubstring(mark_of(1, 2)));
    CHECK(count(missed, "resync") == 0);
    CHECK_THAT(world.watch("77").until("resync"), ContainsSubstring("resync"));
}

TEST_CASE("more changes than a reader can catch up on are one word: read everything again") {
    StreamWorld world;
    auto peer = world.watch();
    world.changes->committed(appends(limits::stream_backlog + 1));
    auto const seen = peer.until("resync\ndata: {}\n\n");
    CHECK(count(seen, "event: run") == 0);
    CHECK_THAT(world.watch("0").until("resync"), ContainsSubstring("resync"));
}

TEST_CASE("a reader that does not read is closed, holds up no commit, and may come back") {
    StreamWorld world;
    auto const slow = world.watch();
    int const small = 4096;
    ::setsockopt(slow.peer->socket(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    auto quick = world.watch();
    std::uint64_t sequence = 0;
    // Every delivery is a hundred kilobytes; the slow one's bound and the system's buffers fill up.
    auto deliver = [&] {
        world.changes->committed(appends(limits::stream_backlog, ++sequence));
        quick.until(mark_of(limits::stream_backlog, sequence));
    };
    while (world.server.connections() > 1 && sequence < 200) deliver();
    REQUIRE(world.server.connections() == 1);
    world.changes->committed(appends(1, sequence + 1));
    CHECK_FALSE(quick.until(mark_of(1, sequence + 1)).empty());
    CHECK_THAT(world.watch("3").until("resync"), ContainsSubstring("resync"));
}
