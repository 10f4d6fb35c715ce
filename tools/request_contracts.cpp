#include "tools/request_contracts.h"

#include "base/limits.h"
#include "tools/built_in.h"

namespace resolute::tools {
namespace {

constexpr auto longest_exchange = std::chrono::seconds(60);

struct Method {
    char const* name;
    char const* title;
    Effect effect;
};
constexpr Method methods[] = {{"get", "GET a resource", Effect::read},
                              {"head", "Look at the headers of a resource", Effect::read},
                              {"options", "Ask what a resource offers", Effect::read},
                              {"post", "POST to a resource", Effect::write},
                              {"put", "PUT a resource", Effect::write},
                              {"patch", "PATCH a resource", Effect::write},
                              {"delete", "DELETE a resource", Effect::write}};

Json input_schema() {
    Json const plain{{"type", {"string", "number", "boolean"}}};
    return {{"type", "object"},
            {"additionalProperties", false},
            {"required", {"uri"}},
            {"properties",
             {{"uri", {{"type", "string"}, {"maxLength", limits::http_url_bytes}}},
              {"headers", {{"type", "object"}, {"additionalProperties", plain}}},
              {"query", {{"type", "object"}}},
              {"body", Json::object()},
              {"output", {{"enum", {"content", "raw", "response"}}}},
              {"redirect", {{"type", "boolean"}}},
              {"authentication", {{"type", "object"}}}}}};
}

std::string upper(std::string_view text) {
    std::string result;
    for (char const c : text) result += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return result;
}

Contract request_contract(Contract contract, Json const& input, Reach const& reach) {
    contract.terms.timeout = longest_exchange;
    return built_in(std::move(contract), input, reach);
}

Contract contract_of(Method const& method, std::shared_ptr<Reach const> const& reach) {
    Contract contract;
    contract.name = std::string("http.") + method.name;
    contract.title = method.title;
    contract.effect = method.effect;
    contract.call = RequestCall{upper(method.name), reach};
    contract.resolves_by_person = method.effect != Effect::read;
    contract.sentence = upper(method.name) + " {uri}";
    return request_contract(std::move(contract), input_schema(), *reach);
}

Contract operation_contract(std::shared_ptr<Reach const> const& reach) {
    Contract contract;
    contract.name = "openapi.operation";
    contract.title = "Find an operation in an OpenAPI document";
    contract.effect = Effect::read;
    contract.call = OperationCall{reach};
    Json const document{
        {"type", "object"},
        {"additionalProperties", false},
        {"required", {"uri"}},
        {"properties", {{"uri", {{"type", "string"}}}, {"authentication", {{"type", "object"}}}}}};
    return request_contract(std::move(contract),
                            {{"type", "object"},
                             {"additionalProperties", false},
                             {"required", {"document", "operationId"}},
                             {"properties",
                              {{"document", document},
                               {"operationId", {{"type", "string"}}},
                               {"parameters", {{"type", "object"}}},
                               {"output", {{"enum", {"content", "raw", "response"}}}},
                               {"redirect", {{"type", "boolean"}}},
                               {"authentication", {{"type", "object"}}}}}},
                            *reach);
}

}  // namespace

std::vector<Contract> request_contracts(std::shared_ptr<Reach const> reach) {
    std::vector<Contract> contracts;
    for (auto const& method : methods) contracts.push_back(contract_of(method, reach));
    contracts.push_back(operation_contract(reach));
    return contracts;
}

}  // namespace resolute::tools
