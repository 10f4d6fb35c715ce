#include "policy/values.h"

#include <algorithm>

namespace resolute::policy {
namespace {

constexpr std::array<std::string_view, variable_count> names = {
    "arguments", "facts",     "input",  "tool",   "workflow", "run",
    "case",      "principal", "labels", "tenant", "time"};

Json build(Variable variable, Request const& request) {
    switch (variable) {
        case Variable::arguments: return request.arguments.json();
        case Variable::facts: {
            Json all = Json::object();
            for (auto const& [step, output] : request.facts) all[step] = output.json();
            return all;
        }
        case Variable::input: return request.input.json();
        case Variable::tool:
            return {{"name", request.tool},
                    {"version", request.tool_version},
                    {"effect", to_string(request.effect)}};
        case Variable::workflow:
            return {{"name", request.workflow},
                    {"version", request.workflow_version},
                    {"digest", to_string(request.workflow_digest)}};
        case Variable::run: return {{"id", request.run}, {"step", request.step}};
        case Variable::kase: return {{"id", request.case_id}};
        case Variable::principal:
            return {{"kind", request.principal.kind},
                    {"id", request.principal.id},
                    {"groups", request.principal.groups},
                    {"onBehalfOf", request.on_behalf_of}};
        case Variable::labels: return request.labels;
        case Variable::tenant: return request.tenant;
        case Variable::time: return to_string(request.at);
    }
    return nullptr;
}

Json make_shapes() {
    Json const text = {{"type", "string"}};
    auto object = [](Json properties) {
        return Json{{"type", "object"},
                    {"properties", std::move(properties)},
                    {"additionalProperties", false}};
    };
    Json const label = object(
        {{"integrity",
          {{"type", "string"}, {"enum", {"system", "user", "verified_tool", "untrusted"}}}},
         {"confidentiality",
          {{"type", "string"}, {"enum", {"public", "internal", "confidential", "secret"}}}}});
    Json const effect = {{"type", "string"}, {"enum", {"read", "write", "irreversible"}}};
    return {{"arguments", nullptr},
            {"facts", nullptr},
            {"input", nullptr},
            {"tool", object({{"name", text}, {"version", text}, {"effect", effect}})},
            {"workflow", object({{"name", text}, {"version", text}, {"digest", text}})},
            {"run", object({{"id", text}, {"step", text}})},
            {"case", object({{"id", text}})},
            {"principal", object({{"kind", text},
                                  {"id", text},
                                  {"groups", {{"type", "array"}, {"items", text}}},
                                  {"onBehalfOf", text}})},
            {"labels", {{"type", "object"}, {"additionalProperties", label}}},
            {"tenant", text},
            {"time", text}};
}

}  // namespace

std::string_view to_string(Effect effect) {
    switch (effect) {
        case Effect::read: return "read";
        case Effect::write: return "write";
        case Effect::irreversible: return "irreversible";
        case Effect::unknown: break;
    }
    return "unknown";
}

Effect effect_from(std::string_view text) {
    for (auto effect : {Effect::read, Effect::write, Effect::irreversible})
        if (to_string(effect) == text) return effect;
    return Effect::unknown;
}

std::string_view name_of(Variable variable) { return names[static_cast<std::size_t>(variable)]; }

std::optional<Variable> variable_named(std::string_view name) {
    auto const found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Variable>(found - names.begin());
}

std::vector<std::string> const& variable_names() {
    static std::vector<std::string> const all(names.begin(), names.end());
    return all;
}

Json const& shape_of(Variable variable) {
    static Json const shapes = make_shapes();
    return shapes.at(std::string(name_of(variable)));
}

Json const& Values::get(Variable variable) {
    if (variable == Variable::arguments) return request_.arguments.json();
    if (variable == Variable::input) return request_.input.json();
    if (variable == Variable::labels) return request_.labels;
    auto& value = built_[static_cast<std::size_t>(variable)];
    if (!value) value = build(variable, request_);
    return *value;
}

Json const* Values::fact(std::string const& step) const {
    auto const found = request_.facts.find(step);
    return found == request_.facts.end() ? nullptr : &found->second.json();
}

}  // namespace resolute::policy
