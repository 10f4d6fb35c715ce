#include "tools/peer_contracts.h"

#include "base/limits.h"
#include "tools/agent_dialect.h"
#include "tools/built_in.h"

namespace resolute::tools {
namespace {

constexpr auto longest_call = std::chrono::minutes(5);

Json strict(std::vector<std::string> const& required, Json properties) {
    return {{"type", "object"},
            {"additionalProperties", false},
            {"required", required},
            {"properties", std::move(properties)}};
}

Json address() { return {{"type", "string"}, {"maxLength", limits::http_url_bytes}}; }

Json const plain_value{{"type", {"string", "number", "boolean"}}};
Json const map_of_texts{{"type", "object"}, {"additionalProperties", plain_value}};
Json const some_text{{"type", "string"}, {"minLength", 1}};

Json server_schema() {
    auto const http = strict(
        {"uri"},
        {{"uri", address()}, {"headers", map_of_texts}, {"authentication", {{"type", "object"}}}});
    auto const stdio =
        strict({"command"}, {{"command", some_text},
                             {"arguments", {{"type", "array"}, {"items", plain_value}}},
                             {"environment", map_of_texts}});
    auto transport = strict({}, {{"http", http}, {"stdio", stdio}});
    transport["minProperties"] = 1;
    transport["maxProperties"] = 1;
    return strict(
        {"method", "transport"},
        {{"method", some_text},
         {"parameters", {{"type", "object"}}},
         {"protocolVersion", some_text},
         {"transport", transport},
         {"client", strict({"name", "version"}, {{"name", some_text}, {"version", some_text}})}});
}

Json agent_schema() {
    return strict({"uri", "method"}, {{"uri", address()},
                                      {"method", some_text},
                                      {"parameters", {{"type", "object"}}},
                                      {"version", {{"enum", {agent_version_1}}}},
                                      {"tenant", some_text},
                                      {"authentication", {{"type", "object"}}}});
}

Json card_schema() {
    auto const card =
        strict({"uri"}, {{"uri", address()}, {"authentication", {{"type", "object"}}}});
    return strict({"card", "tool", "method"}, {{"card", card},
                                               {"tool", {{"enum", {"a2a.send", "a2a.read"}}}},
                                               {"method", some_text},
                                               {"parameters", {{"type", "object"}}}});
}

struct Peer {
    char const* name;
    char const* title;
    Effect effect;
    char const* sentence;
};

Contract contract_of(Peer const& peer, Call call, Json const& input, Reach const& reach) {
    Contract contract;
    contract.name = peer.name;
    contract.title = peer.title;
    contract.effect = peer.effect;
    contract.call = std::move(call);
    contract.resolves_by_person = peer.effect != Effect::read;
    contract.sentence = peer.sentence;
    contract.terms.timeout = longest_call;
    return built_in(std::move(contract), input, reach);
}

}  // namespace

std::vector<Contract> peer_contracts(std::shared_ptr<Reach const> reach) {
    using enum Effect;
    return {contract_of({"mcp.call", "Call a tool of an MCP server", write, "{method} of a server"},
                        ServerCall{reach}, server_schema(), *reach),
            contract_of({"mcp.read", "Ask an MCP server for what it has", read, "{method}"},
                        ServerCall{reach}, server_schema(), *reach),
            contract_of({"a2a.send", "Send to an agent", write, "{method} to {uri}"},
                        AgentCall{reach}, agent_schema(), *reach),
            contract_of({"a2a.read", "Ask an agent about a task", read, "{method} at {uri}"},
                        AgentCall{reach}, agent_schema(), *reach),
            contract_of({"a2a.agent", "Find an agent by its card", read, "{method}"},
                        CardCall{reach}, card_schema(), *reach)};
}

}  // namespace resolute::tools
