// `call: mcp` and `call: a2a` over real processes and real sockets: what is sent, where it may go,
// and what every end of it means.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "tests/catch.h"
#include "tests/tools/fixtures.h"
#include "tests/tools/outcomes.h"
#include "tests/tools/system.h"
#include "tools/agent_call.h"
#include "tools/peer_contracts.h"
#include "tools/rpc_messages.h"
#include "tools/server_call.h"

using namespace resolute;
using namespace resolute::tools;
using namespace std::chrono_literals;

namespace {

std::string test_server() {
    auto const* folder = std::getenv("RESOLUTE_BIN_DIR");
    if (folder) return (std::filesystem::path(folder) / "tools_test_server").string();
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" /
            "tools_test_server")
        .string();
}

std::shared_ptr<Registry const> peers(Reach reach = {}) {
    Registry::Parts parts;
    parts.contracts = peer_contracts(std::make_shared<Reach const>(std::move(reach)));
    return Registry::make(std::move(parts)).value();
}

std::shared_ptr<Registry const> with_server() {
    return peers({.secrets = {}, .hosts = {}, .servers = {{test_server()}}});
}

Json stdio(std::string const& method, Json parameters) {
    return {{"method", method},
            {"parameters", std::move(parameters)},
            {"transport",
             {{"stdio",
               {{"command", test_server()},
                {"arguments", {"/dev/null"}},
                {"environment", {{"TOKEN", "own-token"}}}}}}}};
}

Json acting(std::string const& how) {
    return stdio("tools/call", {{"name", "act"}, {"arguments", {{"how", how}}}});
}

bool is_in_doubt(Outcome const& outcome) {
    return std::holds_alternative<outcome::Unknown>(outcome);
}

std::string error_type(Failure const& why) { return why.type.substr(sizeof(error_base) - 1); }

net::Headers const as_json{{"Content-Type", "application/json"}};

// A server over HTTP whose answers are events, with a session that it insists on.
void serve(System& system, Json result, Json error = nullptr, std::function<void()> left = [] {}) {
    system.answers([=](net::ServerRequest const& request, net::Responder responder) {
        if (request.method == "DELETE") {
            responder.respond({200, {}, ""});
            return left();
        }
        auto const asked = Json::parse(request.body);
        auto const method = asked.at("method").get<std::string>();
        bool const opens = method == "initialize";
        if (!opens && request.header("Mcp-Session-Id") != "s-1")
            return responder.respond({400, as_json, R"({"detail":"no session"})"});
        if (!asked.contains("id")) return responder.respond({202, {}, ""});
        Json answer{{"jsonrpc", "2.0"}, {"id", asked.at("id")}};
        if (opens)
            answer["result"] = {{"protocolVersion", asked.at("params").at("protocolVersion")},
                                {"capabilities", Json::object()},
                                {"serverInfo", {{"name", "s"}, {"version", "1"}}}};
        else if (!error.is_null())
            answer["error"] = error;
        else
            answer["result"] = result;
        responder.respond(
            {200,
             {{"Content-Type", "text/event-stream"}, {"Mcp-Session-Id", "s-1"}},
             ": hello\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/"
             "progress\"}\n\ndata: " +
                 to_text(answer) + "\n\n"});
    });
}

Json over_http(System const& system, std::string const& method = "tools/call") {
    return {
        {"method", method},
        {"parameters", {{"name", "act"}}},
        {"protocolVersion", "2025-06-18"},
        {"client", {{"name", "desk"}, {"version", "2"}}},
        {"transport", {{"http", {{"uri", system.url() + "/mcp"}, {"headers", {{"X-A", "b"}}}}}}}};
}

}  // namespace

TEST_CASE("a tool of a server that the workflow starts itself is called with its key") {
    Stand stand(with_server());
    auto const result = output_of(stand.call("mcp.call", acting("structured")));
    CHECK(result["structuredContent"]["arguments"] == Json{{"how", "structured"}});
    CHECK(result["structuredContent"]["meta"]["resolute.dev/idempotency-key"] == "rk_1");
    CHECK(output_of(stand.call("mcp.call", acting("prose")))["content"][0]["text"] == "it is done");
    auto const tools = output_of(stand.call("mcp.read", stdio("tools/list", Json::object())));
    CHECK(tools["tools"][0]["name"] == "act");
}

TEST_CASE(
    "a tool that refuses is a runtime error, and a server that dies in a call is a question") {
    Stand stand(with_server());
    auto const refused = failure_of(stand.call("mcp.call", acting("refuse")));
    CHECK(error_type(refused) == "runtime");
    CHECK_THAT(refused.detail, ContainsSubstring("there is no such order"));
    CHECK(is_in_doubt(stand.call("mcp.call", acting("internal"))));
    CHECK(is_in_doubt(stand.call("mcp.call", acting("die"))));
    auto const unknown = failure_of(stand.call("mcp.read", stdio("prompts/list", Json::object())));
    CHECK(error_type(unknown) == "runtime");
}

TEST_CASE("a server gets the environment that the workflow gives it and nothing of the engine's") {
    ::setenv("RESOLUTE_CANARY", "canary", 1);
    Stand stand(peers({.secrets = {}, .hosts = {}, .servers = {{"sh", "-c"}}}));
    auto arguments = stdio("tools/list", Json::object());
    arguments["transport"]["stdio"] = {
        {"command", "sh"},
        {"arguments", {"-c", "echo \"saw ${RESOLUTE_CANARY:-nothing} $COLOR\" >&2; exit 1"}},
        {"environment", {{"COLOR", "red"}}}};
    auto const why = failure_of(stand.call("mcp.read", arguments));
    CHECK(why.code == codes::not_sent);
    CHECK_THAT(why.detail, ContainsSubstring("saw nothing red"));
    ::unsetenv("RESOLUTE_CANARY");
}

TEST_CASE("only the servers that the operator lists are started, by how their commands begin") {
    Reach const reach{.secrets = {}, .hosts = {}, .servers = {{"npx", "files@1"}, {"uvx"}}};
    CHECK(may_start(reach, {"npx", "files@1", "--root", "/tmp"}));
    CHECK(may_start(reach, {"uvx"}));
    CHECK_FALSE(may_start(reach, {"npx"}));
    CHECK_FALSE(may_start(reach, {"npx", "files@2"}));
    CHECK_FALSE(may_start({}, {"npx"}));
    Stand stand(peers());
    auto const why = failure_of(stand.call("mcp.call", acting("structured")));
    CHECK(error_type(why) == "authorization");
    CHECK_THAT(why.detail, ContainsSubstring("`programs` in resolute.yaml"));
}

TEST_CASE("a server over HTTP is opened, asked and left") {
    System system;
    net::Awaited<bool> left;
    serve(system, {{"content", Json::array()}, {"extra", 1}}, nullptr, [left] { left.set(true); });
    Stand stand(peers());
    CHECK(output_of(stand.call("mcp.call", over_http(system))) ==
          Json{{"content", Json::array()}, {"extra", 1}});
    left.get();
    std::unique_lock lock(system.shared->mutex);
    auto const seen = system.shared->seen;
    lock.unlock();
    REQUIRE(seen.size() == 4);
    auto const first = Json::parse(seen[0].body);
    CHECK(first["method"] == "initialize");
    CHECK(first["params"]["clientInfo"] == Json{{"name", "desk"}, {"version", "2"}});
    CHECK(first["params"]["protocolVersion"] == "2025-06-18");
    CHECK_FALSE(seen[0].header("Idempotency-Key"));
    CHECK(Json::parse(seen[1].body)["method"] == "notifications/initialized");
    auto const asked = Json::parse(seen[2].body);
    CHECK(asked["params"]["name"] == "act");
    CHECK(asked["params"]["_meta"]["resolute.dev/idempotency-key"] == "rk_1");
    CHECK(seen[2].header("Idempotency-Key") == "rk_1");
    CHECK(seen[2].header("MCP-Protocol-Version") == "2025-06-18");
    CHECK(seen[2].header("X-A") == "b");
    CHECK(seen[3].method == "DELETE");
    CHECK(seen[3].header("Mcp-Session-Id") == "s-1");
}

TEST_CASE("what goes wrong with a server over HTTP is known as exactly as can be") {
    System system;
    Stand stand(peers());
    serve(system, {{"isError", true}, {"content", {{{"type", "text"}, {"text", "no"}}}}});
    CHECK(error_type(failure_of(stand.call("mcp.call", over_http(system)))) == "runtime");
    serve(system, nullptr, {{"code", -32602}, {"message", "no such tool"}});
    CHECK_THAT(failure_of(stand.call("mcp.call", over_http(system))).detail,
               ContainsSubstring("no such tool"));
    serve(system, nullptr, {{"code", -32603}, {"message", "broke"}});
    CHECK(is_in_doubt(stand.call("mcp.call", over_http(system))));
    CHECK(error_type(failure_of(stand.call("mcp.read", over_http(system, "prompts/get")))) ==
          "runtime");
    system.answers(504, "");  // before anything was asked for, so nothing can have happened
    CHECK(error_type(failure_of(stand.call("mcp.call", over_http(system)))) == "communication");
    system.answers(401, R"({"detail":"who?"})", as_json);
    CHECK(error_type(failure_of(stand.call("mcp.call", over_http(system)))) == "authentication");
    Stand closed(peers({.secrets = {}, .hosts = {"elsewhere.test"}, .servers = {}}));
    auto const before = system.calls();
    CHECK(error_type(failure_of(closed.call("mcp.call", over_http(system)))) == "authorization");
    CHECK(system.calls() == before);
}

TEST_CASE("events of a stream are read as they are written") {
    CHECK(event_data("data: a\n\ndata:b\ndata: c\r\n\r\n: x\n\nevent: e\nid: 1\n\ndata: d") ==
          std::vector<std::string>{"a", "b\nc", "d"});
    CHECK(event_data("").empty());
}

TEST_CASE("a message goes to an agent, with an id that is the same for the same attempt") {
    System system;
    Json const task{{"id", "t-1"}, {"kind", "task"}, {"status", {{"state", "completed"}}}};
    system.answers(200, to_text(Json{{"jsonrpc", "2.0"}, {"id", 1}, {"result", task}}), as_json);
    Stand stand(peers());
    Json const parts = Json::array({{{"kind", "text"}, {"text", "Q1"}}});
    Json const send{{"uri", system.url() + "/a2a"},
                    {"method", "message/send"},
                    {"parameters", {{"message", {{"parts", parts}}}}}};
    CHECK(output_of(stand.call("a2a.send", send)) == task);
    auto const asked = Json::parse(system.last().body);
    CHECK(asked["method"] == "message/send");
    auto const& message = asked["params"]["message"];
    CHECK(message["parts"] == parts);
    CHECK(message["role"] == "user");
    CHECK(parse_uuid(message["messageId"].get<std::string>()));
    CHECK(agent_parameters("message/send", Json::object(), "rk_1")["message"]["messageId"] ==
          message["messageId"]);
    CHECK(agent_parameters("message/send", Json::object(), "rk_2")["message"]["messageId"] !=
          message["messageId"]);
    Json const own{{"message", {{"messageId", "m"}, {"role", "agent"}, {"kind", "message"}}}};
    CHECK(agent_parameters("message/send", own, "rk_1") == own);
    CHECK(agent_parameters("tasks/get", {{"id", "t"}}, "rk_1") == Json{{"id", "t"}});
}

TEST_CASE("an agent's errors are its word, unless they may come from after the effect") {
    System system;
    Stand stand(peers());
    auto const call = [&](char const* tool, char const* method, int code) {
        Json const error{{"code", code}, {"message", "because"}};
        system.answers(200, to_text(Json{{"jsonrpc", "2.0"}, {"id", 1}, {"error", error}}),
                       as_json);
        return stand.call(tool, {{"uri", system.url() + "/"}, {"method", method}});
    };
    for (int const code : {-32601, -32602, -32001, -32004}) {
        auto const why = failure_of(call("a2a.send", "tasks/cancel", code));
        CHECK(error_type(why) == "runtime");
        CHECK_THAT(why.detail, ContainsSubstring("because"));
    }
    for (int const code : {-32603, -32006})
        CHECK(is_in_doubt(call("a2a.send", "message/send", code)));
    CHECK(error_type(failure_of(call("a2a.read", "tasks/get", -32603))) == "runtime");
    system.answers(200, "{}", as_json);
    CHECK(is_in_doubt(
        stand.call("a2a.send", {{"uri", system.url() + "/"}, {"method", "message/send"}})));
}

TEST_CASE("a method that streams puts out the list of its results") {
    System system;
    Stand stand(peers());
    Json const stream{{"uri", system.url() + "/"}, {"method", "message/stream"}};
    system.answers(200,
                   "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"n\":1}}\n\n"
                   "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"n\":2}}\n\n",
                   {{"Content-Type", "text/event-stream"}});
    CHECK(output_of(stand.call("a2a.send", stream)) == Json::parse(R"([{"n":1},{"n":2}])"));
    CHECK(system.last().header("Accept") == "text/event-stream");
    system.answers(200,
                   "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"n\":1}}\n\n"
                   "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32001}}\n\n",
                   {{"Content-Type", "text/event-stream"}});
    CHECK(is_in_doubt(stand.call("a2a.send", stream)));
}

TEST_CASE("an agent's card says where it is, and credentials stay at their place") {
    CHECK(agent_place({{"url", "http://a/x"}}).value().address == "http://a/x");
    CHECK(agent_place(Json::parse(R"({"url":"http://a/g","preferredTransport":"GRPC",
                   "additionalInterfaces":[{"transport":"JSONRPC","url":"http://a/j"}]})"))
              .value()
              .address == "http://a/j");
    CHECK_FALSE(agent_place(Json("card")));
    System system;
    Stand stand(peers());
    Json const token{{"bearer", {{"token", {{"text", "card-token"}}}}}};
    Json const find{{"card", {{"uri", system.url() + "/card"}, {"authentication", token}}},
                    {"tool", "a2a.send"},
                    {"method", "message/send"},
                    {"parameters", {{"message", {{"parts", Json::array()}}}}}};
    system.answers(200, to_text(Json{{"url", system.url() + "/a2a"}}), as_json);
    auto const here = output_of(stand.call("a2a.agent", find));
    CHECK(system.last().header("Authorization") == "Bearer card-token");
    CHECK(here["tool"] == "a2a.send");
    CHECK(here["arguments"] == Json{{"uri", system.url() + "/a2a"},
                                    {"method", "message/send"},
                                    {"parameters", find["parameters"]},
                                    {"authentication", token}});
    system.answers(200, R"({"url":"http://elsewhere.test/a2a"})", as_json);
    auto const there = output_of(stand.call("a2a.agent", find));
    CHECK_FALSE(there["arguments"].contains("authentication"));
    system.answers(200, R"({"name":"no address"})", as_json);
    CHECK(error_type(failure_of(stand.call("a2a.agent", find))) == "configuration");
}

TEST_CASE("what changes something at a server or an agent needs a policy, and reads need none") {
    auto const registry = peers();
    Stand stand(registry, policies(*registry,
                                   "policy: none\nversion: 1.0.0\nrules:\n  - name: n\n"
                                   "    title: Nothing\n    tools: [mcp.*, a2a.*]\n"
                                   "    when: $arguments.method == \"never\"\n"
                                   "    decide: permit\n"));
    auto const is_denied = [&](char const* tool, Json arguments) {
        return std::holds_alternative<Denied>(
            stand.handler.admit(proposal(tool, std::move(arguments))));
    };
    Json const agent{{"uri", "http://a/"}, {"method", "tasks/get"}};
    CHECK(is_denied("mcp.call", acting("structured")));
    CHECK_FALSE(is_denied("mcp.read", stdio("tools/list", Json::object())));
    CHECK(is_denied("a2a.send", agent));
    CHECK_FALSE(is_denied("a2a.read", agent));
}
