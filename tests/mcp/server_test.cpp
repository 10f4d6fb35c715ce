// The server's half of the protocol: handshake, listing, calls, and every way to ask wrongly.
#include "mcp/server.h"

#include "base/limits.h"
#include "mcp/session.h"
#include "tests/catch.h"

using namespace resolute;
using namespace resolute::mcp;
using Server = ServerSession;

namespace {

Tool get_order() {
    Tool tool;
    tool.name = "get_order";
    tool.description = "An order by its number";
    tool.input_schema = {{"type", "object"},
                         {"properties", {{"order_id", {{"type", "string"}}}}},
                         {"required", {"order_id"}}};
    return tool;
}

Tool no_arguments() {
    Tool tool;
    tool.name = "now";
    return tool;
}

std::string request(Json id, std::string method, Json params = Json::object()) {
    return to_text({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}});
}

Json answer_of(Server& server) {
    auto const lines = server.take_output();
    REQUIRE(lines.size() == 1);
    return Json::parse(lines.front());
}

Server opened_server(std::string version = "2025-11-25") {
    Server server({"orders", "1"}, {get_order(), no_arguments()}, "Ask politely.");
    server.receive(request(1, "initialize", {{"protocolVersion", version}}));
    answer_of(server);
    CHECK(server.receive(R"({"jsonrpc":"2.0","method":"notifications/initialized"})").empty());
    CHECK(server.take_output().empty());
    return server;
}

}  // namespace

TEST_CASE("a version that we know is taken, another one is answered with our newest") {
    auto const [asked, got] =
        GENERATE(table<std::string, std::string>({{"2025-11-25", "2025-11-25"},
                                                  {"2024-11-05", "2024-11-05"},
                                                  {"2031-01-01", "2025-11-25"}}));
    Server server({"orders", "1"}, {});
    server.receive(request(1, "initialize", {{"protocolVersion", asked}}));
    auto const result = answer_of(server)["result"];
    CHECK(result["protocolVersion"] == got);
    CHECK(result["serverInfo"]["name"] == "orders");
    CHECK(result["capabilities"].contains("tools"));
}

TEST_CASE("a call reaches the program with its arguments and meta, and is answered") {
    auto server = opened_server();
    auto const events = server.receive(request("c1", "tools/call",
                                               {{"name", "get_order"},
                                                {"arguments", {{"order_id", "A-1"}}},
                                                {"_meta", {{idempotency_meta, "k"}}}}));
    REQUIRE(events.size() == 1);
    auto const call = std::get<Server::Call>(events[0]);
    CHECK(call.tool == "get_order");
    CHECK(call.arguments == Json({{"order_id", "A-1"}}));
    CHECK(call.meta[idempotency_meta] == "k");
    CHECK(server.take_output().empty());
    server.answer(call.id, structured_result({{"found", true}}));
    auto const answer = answer_of(server);
    CHECK(answer["id"] == "c1");
    CHECK(answer["result"]["structuredContent"] == Json({{"found", true}}));
    CHECK(answer["result"]["content"][0]["text"] == R"({"found":true})");
    server.answer(call.id, text_result("twice"));
    CHECK(server.take_output().empty());
}

TEST_CASE("absent arguments are none") {
    auto server = opened_server();
    auto const events = server.receive(request(2, "tools/call", {{"name", "now"}}));
    REQUIRE(events.size() == 1);
    CHECK(std::get<Server::Call>(events[0]).arguments == Json::object());
}

TEST_CASE("arguments that break the schema are a result, so that a model can mend them") {
    auto server = opened_server();
    CHECK(server
              .receive(request(2, "tools/call",
                               {{"name", "get_order"}, {"arguments", {{"order_id", 7}}}}))
              .empty());
    auto const result = answer_of(server)["result"];
    CHECK(result["isError"] == true);
    CHECK_THAT(result["content"][0]["text"].get<std::string>(), ContainsSubstring("/order_id"));
}

TEST_CASE("wrong requests are refused with the code of their kind") {
    struct Wrong {
        std::string line;
        int code;
        Json id;
    };
    auto const wrong = GENERATE(values<Wrong>({
        {"garbage", -32700, {}},
        {R"({"jsonrpc":"2.0","id":5,)", -32700, {}},
        {R"({"id":5,"method":"ping"})", -32600, 5},
        {R"([])", -32600, {}},
        {R"({"jsonrpc":"2.0","id":null,"method":"ping"})", -32600, {}},
        {R"({"jsonrpc":"2.0","id":5,"method":"ping","params":[]})", -32600, 5},
        {request(5, "resources/list"), -32601, 5},
        {request(5, "tools/call"), -32602, 5},
        {request(5, "tools/call", {{"name", 3}}), -32602, 5},
        {request(5, "tools/call", {{"name", "nothing"}}), -32602, 5},
        {request(5, "tools/call", {{"name", "now"}, {"arguments", Json::array()}}), -32602, 5},
        {request(5, "tools/list", {{"cursor", "nonsense"}}), -32602, 5},
        {request(5, "tools/list", {{"cursor", ""}}), -32602, 5},
        {request(5, "tools/list", {{"cursor", 3}}), -32602, 5},
        {request(5, "initialize"), -32602, 5},
    }));
    CAPTURE(wrong.line);
    auto server = opened_server();
    CHECK(server.receive(wrong.line).empty());
    auto const answer = answer_of(server);
    CHECK(answer["error"]["code"] == wrong.code);
    CHECK(answer["id"] == wrong.id);
}

TEST_CASE("before the handshake there is a ping and nothing else") {
    Server server({"orders", "1"}, {no_arguments()});
    server.receive(request(1, "ping"));
    CHECK(answer_of(server)["result"] == Json::object());
    server.receive(request(2, "tools/call", {{"name", "now"}}));
    CHECK(answer_of(server)["error"]["code"] == -32600);
}

TEST_CASE("a cancelled call is told, and its answer dropped") {
    auto server = opened_server();
    server.receive(request(7, "tools/call", {{"name", "now"}}));
    auto const events = server.receive(R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
                                       R"("params":{"requestId":7,"reason":"timeout"}})");
    REQUIRE(events.size() == 1);
    CHECK(std::get<Server::Cancelled>(events[0]).reason == "timeout");
    server.answer(RequestId(std::int64_t(7)), text_result("late"));
    CHECK(server.take_output().empty());
    CHECK(
        server
            .receive(
                R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}})")
            .empty());
}

TEST_CASE("an id that is in flight cannot be used twice") {
    auto server = opened_server();
    CHECK(server.receive(request(7, "tools/call", {{"name", "now"}})).size() == 1);
    CHECK(server.receive(request(7, "tools/call", {{"name", "now"}})).empty());
    CHECK(answer_of(server)["error"]["code"] == -32600);
}

TEST_CASE("many tools come in pages that our own client puts together") {
    std::vector<Tool> tools;
    for (std::size_t i = 0; i < limits::mcp_page_tools * 2 + 5; ++i) {
        tools.push_back(no_arguments());
        tools.back().name = "tool" + std::to_string(i);
    }
    Server server({"many", "1"}, tools);
    ClientSession client({"resolute", "1"});
    client.open();
    std::vector<ClientSession::Event> events;
    auto exchange = [&] {
        for (auto lines = client.take_output(); !lines.empty(); lines = client.take_output()) {
            for (auto const& line : lines) server.receive(line);
            for (auto const& line : server.take_output())
                for (auto& event : client.receive(line)) events.push_back(std::move(event));
        }
    };
    exchange();
    client.list_tools();
    exchange();
    REQUIRE(events.size() == 2);
    CHECK(std::get<ToolList>(std::get<ClientSession::Listed>(events[1]).reply).tools == tools);
}

TEST_CASE("a server with a broken offer does not start") {
    auto broken = get_order();
    broken.input_schema["properties"]["order_id"]["type"] = "sting";
    CHECK_THROWS_AS(Server({"orders", "1"}, {broken}), InvalidInput);
    CHECK_THROWS_AS(Server({"orders", "1"}, {get_order(), get_order()}), std::invalid_argument);
}
