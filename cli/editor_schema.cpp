#include "cli/editor_schema.h"

namespace resolute::cli {
namespace {

// A value, or an expression in its place. What is inside lists and maps may be expressions too, so
// their own rules are left to lint.
Json or_expression(Json const& property) {
    auto shown = Json::object();
    for (auto const* key : {"title", "description"})
        if (property.is_object() && property.contains(key)) shown[key] = property[key];
    auto const type = property.is_object() ? property.value("type", Json()) : Json();
    if (!type.is_string() || type == "object" || type == "array") return shown;
    auto value = Json{{"type", type}};
    for (auto const* key : {"enum", "minimum", "maximum", "minLength", "maxLength", "pattern"})
        if (property.contains(key)) value[key] = property[key];
    shown["anyOf"] = {std::move(value), {{"type", "string"}, {"pattern", "^\\s*\\$\\{"}}};
    return shown;
}

Json arguments_of(tools::Contract const& contract) {
    auto const& input = contract.input.source();
    auto properties = Json::object();
    if (input.is_object() && input.contains("properties"))
        for (auto const& [name, property] : input["properties"].items())
            properties[name] = or_expression(property);
    Json arguments{{"type", "object"}, {"properties", std::move(properties)}};
    if (input.is_object())
        for (auto const* key : {"required", "additionalProperties"})
            if (input.contains(key)) arguments[key] = input[key];
    Json expression{{"type", "string"}, {"pattern", "^\\s*\\$\\{"}};
    return {{"anyOf", {std::move(arguments), std::move(expression)}}};
}

// `tool` is one of the project's, and `arguments` are that tool's; so is what undoes it.
void add_tools(Json& definitions, tools::Registry const& registry) {
    auto names = Json::array();
    auto rules = Json::array();
    for (auto const* contract : registry.current()) {
        if (contract->is_built_in) continue;
        names.push_back({{"const", contract->name}, {"description", contract->title}});
        Json const is_it{{"properties", {{"tool", {{"const", contract->name}}}}},
                         {"required", {"tool"}}};
        rules.push_back(
            {{"if", is_it}, {"then", {{"properties", {{"arguments", arguments_of(*contract)}}}}}});
    }
    if (names.empty()) return;
    Json const name{{"description", "A tool of the project."}, {"anyOf", names}};
    auto& with = definitions["toolWith"];
    with["properties"]["tool"] = name;
    with["allOf"] = std::move(rules);
    definitions["toolName"] = name;
}

void add_names(Json& definition, std::vector<std::string> const& names) {
    if (!names.empty()) definition["enum"] = names;
}

}  // namespace

Json editor_schema(Compiled const& project, Config const& config) {
    auto schema = parse_json(editor_schema_text, "editor_schema.json").value();
    auto& definitions = schema["definitions"];
    add_tools(definitions, *project.registry);
    add_names(definitions["policyName"], project.policies.policies());
    std::vector<std::string> models;
    for (auto const& [name, setting] : config.models) models.push_back(name);
    if (!config.models.contains("*")) add_names(definitions["modelName"], models);
    return schema;
}

}  // namespace resolute::cli
