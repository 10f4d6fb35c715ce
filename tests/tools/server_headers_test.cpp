// `call: mcp` with servers that have no handshake: what is in headers, and what every end means.
#include "tools/server_headers.h"

#include "tests/catch.h"
#include "tests/tools/fixtures.h"
#include "tests/tools/outcomes.h"
#include "tests/tools/system.h"
#include "tools/peer_contracts.h"

using namespace resolute;
using namespace resolute::tools;

namespace {

std::shared_ptr<Registry const> servers() {
    Registry::Parts parts;
    parts.contracts = peer_contracts(std::make_shared<Reach const>());
    return Registry::make(std::move(parts)).value();
}

// A server of 2026-07-28: every request stands for itself, and what its body says its headers say.
struct Stateless {
    Json result = {{"resultType", "complete"}, {"content", Json::array()}};
    Json error = nullptr;
    std::string marked;  // a header that a call of a tool must have

    void operator()(net::ServerRequest const& request, net::Responder responder) const {
        auto const asked = Json::parse(request.body);
        auto const respond = [&](int status, char const* what, Json value) {
            responder.respond(
                {status,
                 {{"Content-Type", "application/json"}, {"Mcp-Session-Id", "no"}},
                 to_text(Json{{"jsonrpc", "2.0"}, {"id", asked["id"]}, {what, value}})});
        };
        auto const refuse = [&](int status, int code, char const* message) {
            respond(status, "error", {{"code", code}, {"message", message}});
        };
        auto const method = asked["method"].get<std::string>();
        auto const meta = asked["params"].value("_meta", Json::object());
        if (method == "initialize") return refuse(404, -32601, "no handshake");
        if (meta.value("io.modelcontextprotocol/protocolVersion", "") != "2026-07-28")
            return refuse(400, -32602, "no version");
        if (request.header("MCP-Protocol-Version") != "2026-07-28" ||
            request.header("Mcp-Method") != method || request.header("Mcp-Session-Id") ||
            (method == "tools/call" &&
             request.header("Mcp-Name") != asked["params"]["name"].get<std::string>()))
            return refuse(400, -32020, "headers differ");
        if (method == "server/discover")
            return respond(200, "result", {{"supportedVersions", {"2026-07-28"}}});
        if (method == "tools/list") {
            Json const region{{"type", "string"}, {"x-mcp-header", "Region"}};
            Json const tool{
                {"name", "act"},
                {"inputSchema", {{"type", "object"}, {"properties", {{"region", region}}}}}};
            return respond(200, "result", {{"tools", Json::array({tool})}});
        }
        if (!marked.empty() && request.header("Mcp-Param-Region") != marked)
            return refuse(400, -32020, "Mcp-Param-Region is missing");
        if (!error.is_null()) return respond(400, "error", error);
        respond(200, "result", result);
    }
};

Json asking(System const& system, Json const& version = nullptr) {
    Json arguments{{"method", "tools/call"},
                   {"parameters", {{"name", "act"}, {"arguments", {{"region", "eu-west"}}}}},
                   {"transport", {{"http", {{"uri", system.url() + "/mcp"}}}}}};
    if (!version.is_null()) arguments["protocolVersion"] = version;
    return arguments;
}

std::vector<std::string> methods_seen(System const& system) {
    std::lock_guard const lock(system.shared->mutex);
    std::vector<std::string> methods;
    for (auto const& request : system.shared->seen)
        methods.push_back(Json::parse(request.body)["method"]);
    return methods;
}

}  // namespace

TEST_CASE("a server without a handshake is found out and asked") {
    System system;
    Stand stand(servers());
    system.answers(Stateless{});
    auto const result = output_of(stand.call("mcp.call", asking(system)));
    CHECK(result["content"] == Json::array());
    CHECK(methods_seen(system) == std::vector<std::string>{"server/discover", "tools/call"});
    auto const last = system.last();
    CHECK(last.header("Idempotency-Key") == "rk_1");
    CHECK(Json::parse(last.body)["params"]["_meta"]["resolute.dev/idempotency-key"] == "rk_1");
    auto read = asking(system);
    read["method"] = "resources/read";
    read["parameters"] = {{"uri", "file:///grüße"}};
    CHECK(output_of(stand.call("mcp.read", read))["resultType"] == "complete");
    CHECK(system.last().header("Mcp-Name") == "=?base64?ZmlsZTovLy9ncsO8w59l?=");
}

TEST_CASE("a server that the workflow knows to have no handshake is asked at once") {
    System system;
    Stand stand(servers());
    system.answers(Stateless{});
    output_of(stand.call("mcp.call", asking(system, "2026-07-28")));
    CHECK(methods_seen(system) == std::vector<std::string>{"tools/call"});
}

TEST_CASE("a server that wants arguments in headers is asked which, and called again") {
    System system;
    Stand stand(servers());
    system.answers(Stateless{.marked = "eu-west"});
    output_of(stand.call("mcp.call", asking(system, "2026-07-28")));
    CHECK(methods_seen(system) ==
          std::vector<std::string>{"tools/call", "tools/list", "tools/call"});
    system.answers(Stateless{.marked = "elsewhere"});
    CHECK_THAT(failure_of(stand.call("mcp.call", asking(system, "2026-07-28"))).detail,
               ContainsSubstring("Mcp-Param-Region is missing"));
}

TEST_CASE("a server with a handshake is given one, when it does not know the question") {
    System system;
    Stand stand(servers());
    int const refused = GENERATE(200, 400, 404, 405, 500);
    system.answers([refused](net::ServerRequest const& request, net::Responder responder) {
        auto const asked = Json::parse(request.body);
        auto const method = asked["method"].get<std::string>();
        net::Headers const headers{{"Content-Type", "application/json"}};
        if (!asked.contains("id")) return responder.respond({202, {}, ""});
        Json answer{{"jsonrpc", "2.0"}, {"id", asked["id"]}};
        if (method == "server/discover") {
            answer["error"] = {{"code", -32601}, {"message", "what?"}};
            return responder.respond({refused, headers, refused == 405 ? "" : to_text(answer)});
        }
        answer["result"] = {{"content", {{{"type", "text"}, {"text", "old"}}}}};
        if (method == "initialize")
            answer["result"] = {{"protocolVersion", "2025-11-25"},
                                {"capabilities", Json::object()},
                                {"serverInfo", {{"name", "s"}, {"version", "1"}}}};
        responder.respond({200, headers, to_text(answer)});
    });
    auto const result = output_of(stand.call("mcp.call", asking(system)));
    CHECK(result["content"][0]["text"] == "old");
    CHECK(methods_seen(system) == std::vector<std::string>{"server/discover", "initialize",
                                                           "notifications/initialized",
                                                           "tools/call"});
    CHECK_FALSE(system.last().header("Mcp-Method"));
}

TEST_CASE("what goes wrong without a handshake is known as exactly as can be") {
    System system;
    Stand stand(servers());
    auto const call = [&](Json error, Json result = Json::object()) {
        system.answers(Stateless{.result = std::move(result), .error = std::move(error)});
        return stand.call("mcp.call", asking(system, "2026-07-28"));
    };
    for (int const code : {-32602, -32021, -32022})
        CHECK_THAT(failure_of(call({{"code", code}, {"message", "no such tool"}})).detail,
                   ContainsSubstring("no such tool"));
    CHECK(std::holds_alternative<outcome::Unknown>(call({{"code", -32603}, {"message", "broke"}})));
    CHECK(std::holds_alternative<outcome::Unknown>(
        call(nullptr, {{"resultType", "input_required"}, {"inputRequests", Json::array()}})));
    system.answers(401, R"({"detail":"who?"})", {{"Content-Type", "application/json"}});
    auto const why = failure_of(stand.call("mcp.call", asking(system, "2026-07-28")));
    CHECK_THAT(why.type, ContainsSubstring("authentication"));
}

TEST_CASE("a value that a header cannot carry is encoded, and others are not") {
    CHECK(header_text("eu west") == "eu west");
    CHECK(header_text("") == "");
    CHECK(header_text(" x") == "=?base64?IHg=?=");
    CHECK(header_text("a\nb") == "=?base64?YQpi?=");
    CHECK(header_text("=?base64?eA==?=") == "=?base64?PT9iYXNlNjQ/ZUE9PT89?=");
}

TEST_CASE("arguments that a schema marks are headers, and a schema that marks wrongly is refused") {
    auto const tool = [](char const* properties) {
        return mcp::Tool{
            .name = "act",
            .input_schema = {{"type", "object"}, {"properties", Json::parse(properties)}}};
    };
    auto const marked = headers_of_arguments(
        tool(R"({"region": {"type": "string", "x-mcp-header": "Region"},
                 "many": {"type": "integer", "x-mcp-header": "Many"},
                 "absent": {"type": "boolean", "x-mcp-header": "Absent"},
                 "plain": {"type": "string"},
                 "deep": {"type": "object", "properties":
                     {"yes": {"type": "boolean", "x-mcp-header": "Yes"}}}})"),
        {{"region", "eu"}, {"many", 3}, {"plain", "p"}, {"deep", {{"yes", true}}}});
    REQUIRE(marked);
    CHECK(net::find_header(*marked, "Mcp-Param-Region") == "eu");
    CHECK(net::find_header(*marked, "Mcp-Param-Many") == "3");
    CHECK(net::find_header(*marked, "Mcp-Param-Yes") == "true");
    CHECK(marked->size() == 3);
    for (auto const* wrong : {R"({"a": {"type": "number", "x-mcp-header": "A"}})",
                              R"({"a": {"type": "string", "x-mcp-header": "A b"}})",
                              R"({"a": {"type": "string", "x-mcp-header": ""}})",
                              R"({"a": {"type": "string", "x-mcp-header": "A"},
                                  "b": {"type": "string", "x-mcp-header": "a"}})"})
        CHECK_FALSE(headers_of_arguments(tool(wrong), {{"a", "x"}, {"b", "y"}}));
}
