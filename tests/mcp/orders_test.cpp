// The client and the orders service of the refund example, through real pipes.
#include <atomic>

#include "base/json_schema.h"
#include "mcp/client.h"
#include "mcp/stdio_transport.h"
#include "mcp/tool_pin.h"
#include "tests/catch.h"
#include "tests/mcp/replies.h"
#include "tests/net/awaited.h"
#include "tests/net/programs.h"

using namespace resolute;
using namespace resolute::mcp;
using net::Awaited;

namespace {

std::string const data = RESOLUTE_SOURCE_DIR "/examples/refund/services/orders.json";

struct OrdersWorld {
    net::Runtime runtime{2};
    std::unique_ptr<Client> client;

    explicit OrdersWorld(std::vector<std::string> more = {}) {
        runtime.start();
        StdioOptions stdio;
        stdio.command = {net::program("refund_orders"), "--data", data};
        stdio.command.insert(stdio.command.end(), more.begin(), more.end());
        start(std::move(stdio));
    }
    explicit OrdersWorld(StdioOptions stdio) {
        runtime.start();
        start(std::move(stdio));
    }
    void start(StdioOptions stdio) {
        ClientOptions options;
        options.name = "orders";
        options.restart_pause = std::chrono::milliseconds(1);
        options.open = over_stdio(runtime, std::move(stdio));
        client = std::make_unique<Client>(runtime, std::move(options));
    }

    CallReply call(std::string tool, Json arguments) {
        Awaited<CallReply> reply;
        client->call({std::move(tool), std::move(arguments)},
                     [reply](CallReply got) { reply.set(std::move(got)); });
        return reply.get();
    }
    CallReply get_order(std::string id) { return call("get_order", {{"order_id", std::move(id)}}); }
};

}  // namespace

TEST_CASE("the orders service lists its tools, and they can be pinned") {
    OrdersWorld world;
    Awaited<ToolsReply> reply;
    world.client->list_tools([reply](ToolsReply got) { reply.set(std::move(got)); });
    auto const tools = as<ToolList>(reply.get()).tools;
    REQUIRE(tools.size() == 2);
    for (auto const& tool : tools) {
        CHECK(tool.annotations->at("readOnlyHint") == true);
        CHECK_FALSE(tool_pin(tool, ProgramIdentity{{"refund_orders"}, ""}).is_zero());
    }
}

TEST_CASE(
    "orders and customers are found, and each answer fits the schema that the tool promises") {
    OrdersWorld world;
    Awaited<ToolsReply> listed;
    world.client->list_tools([listed](ToolsReply got) { listed.set(std::move(got)); });
    auto const tools = as<ToolList>(listed.get()).tools;
    auto const order_schema = JsonSchema::compile(*tools[0].output_schema).value();
    auto const customer_schema = JsonSchema::compile(*tools[1].output_schema).value();
    for (auto const* id : {"A-20311", "A-20318", "A-20325", "A-20330", "A-20341", "A-20346",
                           "A-20352", "A-20359", "A-20364", "A-20371"}) {
        auto const order = *as<CallResult>(world.get_order(id)).structured_content;
        CHECK(order["found"] == true);
        CHECK(order["order_id"] == id);
        CHECK(order_schema.validate(order).empty());
        auto const history =
            as<CallResult>(world.call("customer_history", {{"customer_id", order["customer_id"]}}));
        CHECK(customer_schema.validate(*history.structured_content).empty());
        CHECK(history.structured_content->at("fraud_flag") == (order["customer_id"] == "C-1301"));
    }
}

TEST_CASE("an order that does not exist is an answer, not a failure") {
    OrdersWorld world;
    auto const result = as<CallResult>(world.get_order("A-99999"));
    CHECK_FALSE(result.is_error);
    CHECK(result.structured_content == Json({{"found", false}, {"order_id", "A-99999"}}));
}

TEST_CASE("wrong arguments are told by the tool, an unknown tool by the protocol") {
    OrdersWorld world;
    CHECK(as<CallResult>(world.call("get_order", {{"order", "A-1"}})).is_error);
    CHECK(as<CallResult>(world.call("get_order", Json::object())).is_error);
    CHECK(surely_did_not_run(as<ProtocolError>(world.call("delete_order", {}))));
}

TEST_CASE("a service that dies in a call leaves it unknown and serves the next one") {
    OrdersWorld world({"--die-on-call", "2"});
    as<CallResult>(world.get_order("A-20311"));
    CHECK_THAT(as<SentNoAnswer>(world.get_order("A-20311")).why,
               ContainsSubstring("exited with code 70"));
    as<CallResult>(world.get_order("A-20311"));
}

TEST_CASE("a service that sends half a message leaves the call unknown and serves the next one") {
    OrdersWorld world({"--garbage-on-call", "2"});
    as<CallResult>(world.get_order("A-20311"));
    CHECK_THAT(as<SentNoAnswer>(world.get_order("A-20311")).why, ContainsSubstring("not JSON"));
    as<CallResult>(world.get_order("A-20311"));
}

TEST_CASE("a service that cannot start says why in its own words") {
    OrdersWorld world(
        StdioOptions{{net::program("refund_orders"), "--data", "/no/such/file"}, {}, ""});
    auto const reply = as<NotSent>(world.get_order("A-20311"));
    CHECK_THAT(reply.why,
               ContainsSubstring("exited with code 1") && ContainsSubstring("/no/such/file"));
}

TEST_CASE("a program that does not exist, or speaks something else, is surely not sent") {
    OrdersWorld missing(StdioOptions{{"no-such-mcp-server"}, {}, ""});
    CHECK_THAT(as<NotSent>(missing.get_order("A-1")).why, ContainsSubstring("no-such-mcp-server"));
    OrdersWorld garbage(StdioOptions{{"/bin/sh", "-c", "echo '{ \"jsonrpc\": '; cat"}, {}, ""});
    CHECK_THAT(as<NotSent>(garbage.get_order("A-1")).why, ContainsSubstring("not JSON"));
}

TEST_CASE("many calls at once are each answered once") {
    OrdersWorld world;
    constexpr int count = 300;
    std::atomic<int> right = 0;
    std::atomic<int> answered = 0;
    Awaited<bool> done;
    for (int i = 0; i < count; ++i) {
        auto const id = "X-" + std::to_string(i);
        world.client->call({"get_order", {{"order_id", id}}}, [&, id](CallReply reply) {
            auto const* result = std::get_if<CallResult>(&reply);
            if (result && result->structured_content->at("order_id") == id) ++right;
            if (++answered == count) done.set(true);
        });
    }
    done.get();
    CHECK(right == count);
}
