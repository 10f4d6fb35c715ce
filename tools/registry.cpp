#include "tools/registry.h"

#include <set>

#include "base/canonical_json.h"
#include "base/spelling.h"

namespace resolute::tools {
namespace {

Diagnostic problem_at(Contract const& contract, std::string const& key, char const* code,
                      std::string message, std::string remedy = {}) {
    auto const found = contract.places.find(key);
    auto const place = found == contract.places.end() ? workflow::Place{} : found->second;
    return {.code = code,
            .message = std::move(message),
            .remedy = std::move(remedy),
            .file = contract.file,
            .line = place.line,
            .column = place.column,
            .pointer = place.pointer};
}

template <class Map>
std::vector<std::string> keys_of(Map const& map) {
    std::vector<std::string> keys;
    for (auto const& [key, value] : map) keys.push_back(key);
    return keys;
}

std::set<std::string> called_functions(std::vector<Contract> const& contracts) {
    std::set<std::string> called;
    for (auto const& contract : contracts)
        if (auto const* call = std::get_if<FunctionCall>(&contract.call)) called.insert(call->name);
    return called;
}

policy::Effect effect_of(Effect effect) {
    switch (effect) {
        case Effect::read: return policy::Effect::read;
        case Effect::write: return policy::Effect::write;
        case Effect::irreversible: return policy::Effect::irreversible;
    }
    return policy::Effect::unknown;
}

}  // namespace

Result<std::shared_ptr<Registry const>> Registry::make(Parts parts) {
    Diagnostics problems;
    std::shared_ptr<Registry> registry(new Registry);
    auto const called = called_functions(parts.contracts);
    for (auto const& function : parts.functions) {
        if (called.contains(function.name)) continue;
        auto contract = contract_of(function);
        if (contract)
            parts.contracts.push_back(std::move(*contract));
        else
            problems.insert(problems.end(), contract.diagnostics().begin(),
                            contract.diagnostics().end());
    }
    for (auto& function : parts.functions)
        registry->functions_.insert_or_assign(function.name, std::move(function));
    for (auto& server : parts.servers) {
        auto const [at, is_new] = registry->servers_.try_emplace(server.name, server);
        if (!is_new)
            problems.push_back({.code = codes::duplicate_name,
                                .message = "The server `" + server.name +
                                           "` is declared twice, also in " + at->second.file + ".",
                                .remedy = "Remove one of them.",
                                .file = server.file});
    }
    for (auto& contract : parts.retired) {
        auto const kept = std::make_shared<Contract const>(std::move(contract));
        registry->by_digest_.insert_or_assign(kept->digest, kept);
    }
    for (auto& contract : parts.contracts) {
        auto const kept = std::make_shared<Contract const>(std::move(contract));
        auto const [at, is_new] = registry->by_name_.try_emplace(kept->name, kept);
        if (!is_new)
            problems.push_back(problem_at(*kept, "tool", codes::duplicate_name,
                                          "The tool `" + kept->name +
                                              "` is declared twice, also in " + at->second->file +
                                              ".",
                                          "Remove one of them, or rename it."));
        registry->by_digest_.insert_or_assign(kept->digest, kept);
    }
    for (auto const& [name, contract] : registry->by_name_) registry->check(*contract, problems);
    if (!problems.empty()) return problems;
    return std::shared_ptr<Registry const>(std::move(registry));
}

void Registry::check(Contract const& contract, Diagnostics& problems) const {
    auto add = [&](std::string const& key, std::string message, std::string remedy) {
        problems.push_back(problem_at(contract, key, codes::unknown_reference, std::move(message),
                                      std::move(remedy)));
    };
    if (auto const* mcp = std::get_if<McpCall>(&contract.call);
        mcp && !servers_.contains(mcp->server))
        add("call", "There is no server `" + mcp->server + "`.",
            "Declare it." + did_you_mean(mcp->server, keys_of(servers_)));
    if (auto const* call = std::get_if<FunctionCall>(&contract.call);
        call && !functions_.contains(call->name))
        add("call", "This program has no function `" + call->name + "`.",
            "Register it." + did_you_mean(call->name, keys_of(functions_)));
    if (!contract.verify) return;
    auto const* asked = find(contract.verify->tool);
    if (!asked)
        add("verify", "There is no tool `" + contract.verify->tool + "`.",
            "Declare it." + did_you_mean(contract.verify->tool, names()));
    else if (!asked->is_read())
        add("verify", "`" + asked->name + "` changes something, so asking it could do harm.",
            "Verify with a tool whose `effect` is `read`.");
}

Contract const* Registry::find(std::string_view name) const {
    auto const found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second.get();
}

Contract const* Registry::find(Digest const& digest) const {
    auto const found = by_digest_.find(digest);
    return found == by_digest_.end() ? nullptr : found->second.get();
}

Function const* Registry::function(std::string const& name) const {
    auto const found = functions_.find(name);
    return found == functions_.end() ? nullptr : &found->second;
}

Server const* Registry::server(std::string const& name) const {
    auto const found = servers_.find(name);
    return found == servers_.end() ? nullptr : &found->second;
}

std::vector<Contract const*> Registry::current() const {
    std::vector<Contract const*> all;
    for (auto const& [name, contract] : by_name_) all.push_back(contract.get());
    return all;
}

std::vector<std::string> Registry::names() const {
    std::vector<std::string> names;
    for (auto const& [name, contract] : by_name_)
        if (!contract->is_built_in) names.push_back(name);
    return names;
}

std::vector<Server> Registry::servers() const {
    std::vector<Server> all;
    for (auto const& [name, server] : servers_) all.push_back(server);
    return all;
}

std::vector<Contract> Registry::all_contracts() const {
    std::vector<Contract> all;
    for (auto const& [digest, contract] : by_digest_) all.push_back(*contract);
    return all;
}

policy::Tools Registry::for_policies() const {
    policy::Tools tools;
    for (auto const& [name, contract] : by_name_)
        tools[name] = {effect_of(contract->effect), contract->version, contract->input.source()};
    return tools;
}

std::string Registry::identity_of(Contract const& contract) const {
    struct Identify {
        Registry const& registry;
        std::string operator()(HttpCall const& call) const { return call.url.origin(); }
        std::string operator()(McpCall const& call) const {
            auto const* server = registry.server(call.server);
            return server ? server->identity() : "";
        }
        std::string operator()(ProcessCall const& call) const {
            return "process:" + to_string(canonical_digest(Json(call.command)));
        }
        std::string operator()(FunctionCall const&) const { return ""; }
        std::string operator()(RequestCall const&) const { return ""; }  // it is in the arguments
        std::string operator()(OperationCall const&) const { return ""; }
        std::string operator()(ProgramCall const&) const { return ""; }
        std::string operator()(ServerCall const&) const { return ""; }
        std::string operator()(AgentCall const&) const { return ""; }
        std::string operator()(CardCall const&) const { return ""; }
    };
    return std::visit(Identify{*this}, contract.call);
}

}  // namespace resolute::tools
