// A client against servers that die, hang and lie, over a transport that the test plays.
#include "mcp/client.h"

#include <atomic>
#include <stdexcept>

#include "mcp/server.h"
#include "tests/catch.h"
#include "tests/mcp/replies.h"
#include "tests/net/awaited.h"

using namespace resolute;
using namespace resolute::mcp;
using net::Awaited;
using std::chrono::milliseconds;

namespace {

// A server in this process whose tools do what their names say; `answers` echoes its arguments.
class FakeServer final : public Transport {
  public:
    explicit FakeServer(Listener listener)
        : listener_(std::move(listener)), session_({"fake", "1"}, tools()) {}

    bool send(std::string const& line) override {
        for (auto const& event : session_.receive(line))
            if (auto const* call = std::get_if<ServerSession::Call>(&event)) perform(*call);
        for (auto const& answer : session_.take_output()) listener_.on_line(answer);
        return true;
    }

    static std::vector<Tool> tools() {
        std::vector<Tool> all(5);
        char const* names[] = {"answers", "dies", "is_silent", "lies", "is_garbled"};
        for (std::size_t i = 0; i < all.size(); ++i) all[i].name = names[i];
        return all;
    }

  private:
    void perform(ServerSession::Call const& call) {
        if (call.tool == "answers") session_.answer(call.id, structured_result(call.arguments));
        if (call.tool == "dies") listener_.on_closed("it crashed");
        if (call.tool == "lies") listener_.on_line(R"({"jsonrpc":"2.0","id":777,"result":{}})");
        if (call.tool == "is_garbled") listener_.on_line(R"({"jsonrpc":"2.0","id":2,"res)");
    }

    Listener listener_;
    ServerSession session_;
};

struct World {
    net::Runtime runtime{2};
    std::atomic<int> starts = 0;
    std::unique_ptr<Client> client;

    explicit World(std::function<void(ClientOptions&)> adapt = [](ClientOptions&) {}) {
        runtime.start();
        ClientOptions options;
        options.name = "fake";
        options.restart_pause = milliseconds(1);
        options.open = [this](Transport::Listener listener) {
            ++starts;
            return std::make_unique<FakeServer>(std::move(listener));
        };
        adapt(options);
        client = std::make_unique<Client>(runtime, std::move(options));
    }

    CallReply call(std::string tool, milliseconds timeout = milliseconds(10'000)) {
        Awaited<CallReply> reply;
        client->call(
            {std::move(tool), {{"n", 1}}, "key"},
            [reply](CallReply got) { reply.set(std::move(got)); }, timeout);
        return reply.get();
    }
    ToolsReply list() {
        Awaited<ToolsReply> reply;
        client->list_tools([reply](ToolsReply got) { reply.set(std::move(got)); });
        return reply.get();
    }
};

}  // namespace

TEST_CASE("the server starts with the first request and serves the next ones") {
    World world;
    CHECK(world.starts == 0);
    CHECK(as<CallResult>(world.call("answers")).structured_content == Json({{"n", 1}}));
    CHECK(as<ToolList>(world.list()).tools.size() == 5);
    CHECK(as<ProtocolError>(world.call("unknown tool")).code == -32602);
    CHECK(world.starts == 1);
}

TEST_CASE("a server that dies in a call leaves that call unknown and is started again") {
    World world;
    auto const reply = as<SentNoAnswer>(world.call("dies"));
    CHECK_THAT(reply.why, ContainsSubstring("it crashed"));
    as<CallResult>(world.call("answers"));
    CHECK(world.starts == 2);
}

TEST_CASE("a garbled message ends the connection: the call is unknown at once") {
    World world;
    as<SentNoAnswer>(world.call("is_garbled"));
    as<CallResult>(world.call("answers"));
    CHECK(world.starts == 2);
}

TEST_CASE("a server that never answers leaves the call unknown when its time is over") {
    World world;
    as<CallResult>(world.call("answers"));
    as<SentNoAnswer>(world.call("is_silent", milliseconds(30)));
    auto const reply = as<SentNoAnswer>(world.call("lies", milliseconds(30)));
    CHECK_THAT(reply.why, ContainsSubstring("30 ms") && ContainsSubstring("777"));
    as<CallResult>(world.call("answers"));
    CHECK(world.starts == 1);
}

TEST_CASE("one death answers every call in flight once and none that waits") {
    World world;
    as<CallResult>(world.call("answers"));
    std::vector<Awaited<CallReply>> silent(20);
    for (auto const& reply : silent)
        world.client->call({"is_silent"}, [reply](CallReply got) { reply.set(std::move(got)); });
    as<SentNoAnswer>(world.call("dies"));
    for (auto const& reply : silent) {
        as<SentNoAnswer>(reply.get());
        CHECK(reply.deliveries() == 1);
    }
}

TEST_CASE(
    "a server that cannot be started is surely not sent, and tried again for the next request") {
    std::atomic<bool> is_there = false;
    World world([&](ClientOptions& options) {
        options.open = [&, open = options.open](Transport::Listener listener) {
            if (!is_there) throw std::runtime_error("no such program");
            return open(std::move(listener));
        };
    });
    CHECK_THAT(as<NotSent>(world.call("answers")).why, ContainsSubstring("no such program"));
    CHECK_THAT(as<NotSent>(world.list()).why, ContainsSubstring("no such program"));
    is_there = true;
    as<CallResult>(world.call("answers"));
}

TEST_CASE("a server that dies or stays silent in the handshake is surely not sent") {
    bool const dies = GENERATE(true, false);
    struct Mute final : Transport {
        bool send(std::string const&) override { return true; }
    };
    World world([&](ClientOptions& options) {
        options.handshake_timeout = milliseconds(30);
        options.open = [dies](Transport::Listener listener) {
            if (dies) listener.on_closed("exited with code 1");
            return std::make_unique<Mute>();
        };
    });
    auto const reply = as<NotSent>(world.call("dies"));
    CHECK_THAT(reply.why, ContainsSubstring(dies ? "code 1" : "handshake"));
}

TEST_CASE("a request whose time is over before the server is ready is surely not sent") {
    struct Mute final : Transport {
        bool send(std::string const&) override { return true; }
    };
    World world([](ClientOptions& options) {
        options.open = [](Transport::Listener) { return std::make_unique<Mute>(); };
    });
    CHECK_THAT(as<NotSent>(world.call("answers", milliseconds(20))).why,
               ContainsSubstring("not ready"));
}

TEST_CASE("the pause between starts grows while they fail") {
    std::atomic<int> starts = 0;
    World world([&](ClientOptions& options) {
        options.restart_pause = milliseconds(20);
        options.longest_restart_pause = milliseconds(40);
        options.open = [&](Transport::Listener) -> std::unique_ptr<Transport> {
            ++starts;
            throw std::runtime_error("broken");
        };
    });
    auto const before = SystemClock().monotonic();
    for (int i = 0; i < 4; ++i)
        as<NotSent>(world.call("answers"));  // at once, then after 20, 40 and 40 ms
    CHECK(SystemClock().monotonic() - before >= milliseconds(100));
    CHECK(starts == 4);
}

TEST_CASE("closing the client answers everything once") {
    World world;
    as<CallResult>(world.call("answers"));
    Awaited<CallReply> in_flight;
    world.client->call({"is_silent"},
                       [in_flight](CallReply got) { in_flight.set(std::move(got)); });
    world.client.reset();
    as<SentNoAnswer>(in_flight.get());
    CHECK(in_flight.deliveries() == 1);
}

TEST_CASE("the handshake is told each time") {
    Awaited<std::string> name;
    World world([&](ClientOptions& options) {
        options.on_open = [name](ClientSession::Opened const& opened) {
            name.set(opened.server.name);
        };
    });
    as<SentNoAnswer>(world.call("dies"));
    as<CallResult>(world.call("answers"));
    CHECK(name.get() == "fake");
    CHECK(name.deliveries() == 2);
}
