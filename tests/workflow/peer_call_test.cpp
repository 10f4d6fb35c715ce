// `call: mcp` and `call: a2a` as calls of built-in tools.
#include "tests/catch.h"
#include "tests/workflow/driver.h"
#include "workflow/lint.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

Diagnostic problem_of_call(std::string const& call) {
    auto const definition = workflow::load(steps("  - a: { " + call + " }\n"));
    return definition ? Diagnostic{.message = "loads"} : definition.diagnostics().front();
}

std::string told_of_call(std::string const& call) {
    auto const first = problem_of_call(call);
    return first.message + " " + first.remedy;
}

// What lint says about a server that is started, where these are listed.
std::size_t server_findings(std::string const& stdio,
                            std::vector<std::vector<std::string>> servers) {
    auto const loaded = workflow::load(
        steps("  - a: { call: mcp, with: { method: tools/list, transport: { stdio: " + stdio +
              " } } }\n"));
    workflow::Catalog catalog;
    catalog.tools.emplace(
        "mcp.read", workflow::Catalog::Tool{.input = JsonSchema::compile(Json::object()).value(),
                                            .effect = Effect::read});
    catalog.servers = std::move(servers);
    return workflow::lint(**loaded, catalog).size();
}

}  // namespace

TEST_CASE("a request to an MCP server is asked for as it is written") {
    Driver driver(steps(R"(
  - publish:
      call: mcp
      with:
        method: tools/call
        protocolVersion: '2025-06-18'
        parameters:
          name: add_message
          arguments: { channel: '${ .channel }' }
        transport:
          stdio: { command: npx, arguments: [ slack, '${ .mode }' ], environment: { A: b } }
        client: { name: desk, version: '1' }
  - read:
      call: mcp
      with:
        method: resources/read
        parameters: { uri: 'file:///a' }
        transport: { http: { endpoint: { uri: 'https://h/mcp' }, headers: { X-A: '${ .n }' } } }
)"));
    driver.outside.answers["mcp.call"] = {good({{"n", "7"}})};
    driver.outside.answers["mcp.read"] = {good({{"contents", Json::array()}})};
    driver.start({{"channel", "C1"}, {"mode", "--stdio"}});
    CHECK(driver.output() == Json{{"contents", Json::array()}});
    CHECK(driver.request_of("/do/0/publish") == Json::parse(R"({"tool":"mcp.call","arguments":{
        "method":"tools/call","protocolVersion":"2025-06-18",
        "parameters":{"name":"add_message","arguments":{"channel":"C1"}},
        "transport":{"stdio":{"command":"npx","arguments":["slack","--stdio"],
                              "environment":{"A":"b"}}},
        "client":{"name":"desk","version":"1"}}})"));
    CHECK(driver.request_of("/do/1/read") == Json::parse(R"({"tool":"mcp.read","arguments":{
        "method":"resources/read","parameters":{"uri":"file:///a"},
        "transport":{"http":{"uri":"https://h/mcp","headers":{"X-A":"7"}}}}})"));
}

TEST_CASE("a request to an agent goes to its address, or to what its card says") {
    Driver driver(steps(R"(
  - ask:
      call: a2a
      with:
        method: tasks/get
        server: https://agent/a2a
        parameters: { id: '${ .id }' }
  - report:
      call: a2a
      with:
        method: message/send
        agentCard: { endpoint: 'https://agent/card.json' }
        parameters: { message: { parts: [ { kind: text, text: Q1 } ] } }
)"));
    Json const found{{"tool", "a2a.send"},
                     {"arguments", {{"uri", "https://agent/x"}, {"method", "message/send"}}}};
    driver.outside.answers["a2a.read"] = {good({{"id", "t"}})};
    driver.outside.answers["a2a.agent"] = {good(found)};
    driver.outside.answers["a2a.send"] = {good({{"kind", "task"}})};
    driver.start({{"id", "t"}});
    CHECK(driver.output() == Json{{"kind", "task"}});
    CHECK(driver.request_of("/do/0/ask") == Json::parse(R"({"tool":"a2a.read","arguments":{
        "method":"tasks/get","uri":"https://agent/a2a","parameters":{"id":"t"}}})"));
    CHECK(driver.request_of("/do/1/report/do/0/agent") ==
          Json::parse(R"({"tool":"a2a.agent","arguments":{"tool":"a2a.send",
        "method":"message/send","card":{"uri":"https://agent/card.json"},
        "parameters":{"message":{"parts":[{"kind":"text","text":"Q1"}]}}}})"));
    CHECK(driver.request_of("/do/1/report/do/1/request") == found);
}

TEST_CASE("the timeout of an MCP call is its step's") {
    auto const call = [](std::string const& more) {
        return "call: mcp, with: { method: tools/list, timeout: PT5S, transport: { http: { "
               "endpoint: 'http://h/' } } }" +
               more;
    };
    auto const definition = workflow::load(steps("  - a: { " + call("") + " }\n")).value();
    CHECK(definition->steps.steps.front()->timeout.has_value());
    CHECK(told_of_call(call(", timeout: { after: PT1S }")) ==
          "The step has a `timeout` itself. Remove one of them.");
}

TEST_CASE("mistakes of requests to servers and agents have their place") {
    std::string const http = "transport: { http: { endpoint: 'http://h/' } }";
    CHECK(told_of_call("call: mcp, with: { method: tools/cal, " + http + " }") ==
          "`tools/cal` is no method that can be called here. Did you mean `tools/call`?");
    CHECK(told_of_call("call: mcp, with: { method: '${ .m }', " + http + " }")
              .starts_with("`method` must be written out"));
    CHECK(told_of_call("call: mcp, with: { method: tools/call, " + http + " }") ==
          "`tools/call` needs `name` in its `parameters`. Add it.");
    CHECK(told_of_call("call: mcp, with: { method: tools/list, transport: {} }")
              .starts_with("`transport` names exactly one of http and stdio."));
    CHECK(told_of_call("call: mcp, with: { method: tools/list, protocolVersion: '2027-07-28', " +
                       http + " }")
              .starts_with("`2027-07-28` is no version of MCP that is spoken here."));
    CHECK(told_of_call("call: a2a, with: { method: message/send }")
              .starts_with("Nothing says which agent is called."));
    CHECK(told_of_call("call: a2a, with: { method: SendMessage, server: 'http://a/' }")
              .starts_with("`SendMessage` is no method that can be called here."));
    CHECK(told_of_call("call: tool, with: { tool: mcp.call }") ==
          "`mcp.call` is built in and has a call of its own. Use `call: mcp`.");
}

TEST_CASE("lint knows which servers the operator lets workflows start") {
    std::string const files = "{ command: npx, arguments: [ 'files@1', /tmp ] }";
    CHECK(server_findings(files, {}) == 1);
    CHECK(server_findings(files, {{"uvx"}, {"npx", "files@1"}}) == 0);
    CHECK(server_findings(files, {{"npx", "files@2"}}) == 1);
    CHECK(server_findings("{ command: npx, arguments: '${ .all }' }", {{"npx", "files@1"}}) == 0);
    CHECK(server_findings("{ command: npx }", {{"npx", "files@1"}}) == 1);
    CHECK(server_findings("{ command: '${ .c }' }", {}) == 0);
}
