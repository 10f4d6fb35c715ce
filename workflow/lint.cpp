#include "workflow/lint.h"

#include <algorithm>
#include <functional>
#include <regex>

#include "base/spelling.h"

namespace resolute::workflow {
namespace {

std::string suggestion(std::string const& name, std::vector<std::string> const& known,
                       std::string otherwise) {
    auto const near = did_you_mean(name, known);
    return near.empty() ? std::move(otherwise) : near.substr(1);
}

template <class Names>
std::vector<std::string> list_of(Names const& names) {
    std::vector<std::string> list;
    for (auto const& name : names) {
        if constexpr (requires { name.first; })
            list.push_back(name.first);
        else
            list.push_back(name);
    }
    return list;
}

// ---- calls
// -----------------------------------------------------------------------------------------

// What to do about a member that its schema does not know; "" for every other violation.
std::string remedy_for(Violation const& violation, Json const& schema) {
    std::string_view const keyword = "/additionalProperties";
    auto const& rule = violation.rule;
    if (!rule.starts_with('/') || !rule.ends_with(keyword) || violation.pointer.empty()) return {};
    Json::json_pointer const owner(rule.substr(0, rule.size() - keyword.size()) + "/properties");
    std::vector<std::string> known;
    if (schema.contains(owner))
        for (auto const& [name, property] : schema.at(owner).items()) known.push_back(name);
    return suggestion(Json::json_pointer(violation.pointer).back(), known, "Remove it.");
}

// The arguments as far as they are known: all of them, or at least their names.
void check_arguments(Problems& problems, Call const& call, Catalog::Tool const& tool) {
    Template const* arguments = nullptr;
    Template whole;
    if (auto const* members = call.request.members()) {
        arguments = &members->at("arguments");
    } else {
        whole = Template(Payload(call.request.literal()->json().at("arguments")));
        arguments = &whole;
    }
    if (auto const* literal = arguments->literal()) {
        for (auto const& violation : tool.input.validate(literal->json())) {
            auto const where = violation.pointer.empty() ? "" : " at `" + violation.pointer + "`";
            problems.error(call.target_place, codes::schema_violation,
                           "The arguments of `" + call.target + "` break its schema" + where +
                               ": " + violation.message,
                           remedy_for(violation, tool.input.source()));
        }
        return;
    }
    auto const* members = arguments->members();
    auto const& schema = tool.input.source();
    if (!members || !schema.is_object()) return;
    for (auto const& name : schema.value("required", Json::array()))
        if (name.is_string() && !members->contains(name.get<std::string>()))
            problems.error(
                call.target_place, codes::schema_violation,
                "`" + call.target + "` needs the argument `" + name.get<std::string>() + "`.",
                "Add it.");
    auto const properties = schema.value("properties", Json::object());
    if (schema.value("additionalProperties", Json(true)) != false) return;
    std::vector<std::string> known;
    for (auto const& [name, property] : properties.items()) known.push_back(name);
    for (auto const& [name, value] : *members)
        if (!properties.contains(name))
            problems.error(call.target_place, codes::schema_violation,
                           "`" + call.target + "` has no argument `" + name + "`.",
                           suggestion(name, known, "Remove it."));
}

Catalog::Tool const* find_tool(Problems& problems, std::string const& target, Place const& place,
                               Catalog const& catalog) {
    auto const name = target.substr(0, target.find('@'));
    auto const found = catalog.tools.find(name);
    if (found == catalog.tools.end() && name.starts_with("run.")) {
        problems.error(place, codes::unknown_tool,
                       "Programs in `" + name.substr(4) + "` are not enabled here.",
                       "The operator enables them with `programs: [" + name.substr(4) +
                           "]` in resolute.yaml; or declare a tool.");
        return nullptr;
    }
    if (found == catalog.tools.end()) {
        problems.error(place, codes::unknown_tool, "`" + name + "` is not a tool.",
                       suggestion(name, list_of(catalog.tools), "Declare it in `tools/`."));
        return nullptr;
    }
    auto const& tool = found->second;
    bool const can_be_settled =
        tool.effect == Effect::read || tool.takes_key || tool.can_verify || tool.person_resolves;
    if (!can_be_settled)
        problems.error(place, codes::unsafe_write,
                       "`" + name +
                           "` changes something, and when its answer is lost nobody could learn "
                           "what happened.",
                       "Give its contract a key or `verify`, or say `unsafe: human_resolves`.");
    return &tool;
}

// What stands there in a template of maps.
std::optional<Template> part_of(Template from, std::vector<std::string> const& path) {
    for (auto const& name : path) {
        if (auto const* literal = from.literal()) {
            auto const& value = literal->json();
            if (!value.is_object() || !value.contains(name)) return std::nullopt;
            from = Template(Payload(value.at(name)));
        } else {
            auto const* members = from.members();
            if (!members || !members->contains(name)) return std::nullopt;
            from = Template(members->at(name));
        }
    }
    return from;
}

// A server that the workflow starts itself has to be one that the operator lists.
void check_server(Problems& problems, Call const& call, Catalog const& catalog) {
    auto const stdio = part_of(call.request, {"arguments", "transport", "stdio"});
    auto const program = stdio ? part_of(*stdio, {"command"}) : std::nullopt;
    auto const* named = program ? program->literal() : nullptr;
    if (!named || !named->json().is_string()) return;
    std::vector<std::string> command{named->json().get<std::string>()};
    auto const more = part_of(*stdio, {"arguments"});
    bool const is_computed = more && !more->literal();
    if (more && !is_computed)
        for (auto const& word : more->literal()->json())
            command.push_back(word.is_string() ? word.get<std::string>() : to_text(word));
    auto const fits = [&](std::vector<std::string> const& listed) {
        auto const compared = std::min(listed.size(), command.size());
        return std::equal(listed.begin(), listed.begin() + static_cast<std::ptrdiff_t>(compared),
                          command.begin()) &&
               (compared == listed.size() || is_computed);
    };
    if (std::ranges::any_of(catalog.servers, fits)) return;
    problems.error(call.target_place, codes::unknown_tool,
                   "The MCP server `" + command.front() + "` is not enabled here.",
                   "The operator enables it with `programs: [ { mcp: " + command.front() +
                       " … } ]` in resolute.yaml; or declare a tool.");
}

void check_tool(Problems& problems, Call const& call, Catalog const& catalog) {
    auto const* tool = find_tool(problems, call.target, call.target_place, catalog);
    if (call.target.starts_with("mcp.")) check_server(problems, call, catalog);
    if (tool) check_arguments(problems, call, *tool);
    if (!call.compensate) return;
    find_tool(problems, call.compensate->tool, call.compensate->place, catalog);
    if (tool && tool->effect == Effect::read)
        problems.warn(call.compensate->place, codes::suspicious_flow,
                      "`" + call.target + "` only reads, so there is nothing to undo.",
                      "Remove `compensate`.");
}

void check_model(Problems& problems, Call const& call, Catalog const& catalog) {
    if (catalog.models.contains("*")) return;
    auto names = call.fallbacks;
    names.insert(names.begin(), call.target);
    for (auto const& name : names)
        if (!catalog.models.contains(name))
            problems.error(call.target_place, codes::unknown_model,
                           "`" + name + "` is not a model.",
                           suggestion(name, list_of(catalog.models), "Configure it."));
}

void check_call(Problems& problems, Call const& call, Catalog const& catalog) {
    bool const is_found_later = call.target.empty();  // the request of an operation
    if (call.function == "tool" && !is_found_later) check_tool(problems, call, catalog);
    if (call.function == "model") check_model(problems, call, catalog);
    if (call.function == "policy" && !catalog.policies.contains(call.target))
        problems.error(
            call.target_place, codes::unknown_policy, "`" + call.target + "` is not a policy.",
            suggestion(call.target, list_of(catalog.policies), "Write it in `policies/`."));
}

void check_run(Problems& problems, RunWorkflow const& run, Catalog const& catalog) {
    if (!catalog.workflows || catalog.workflows->contains(run.name)) return;
    problems.error(run.place, codes::unknown_workflow, "`" + run.name + "` is not a workflow.",
                   suggestion(run.name, list_of(*catalog.workflows), "Write it in `workflows/`."));
}

// ---- flow
// ------------------------------------------------------------------------------------------

// Where the flow can go from this step within its block.
std::vector<Directive> ways_out(Step const& step) {
    std::vector<Directive> ways;
    bool takes_own = true;
    if (auto const* choice = std::get_if<Switch>(&step.what)) {
        for (auto const& one : choice->cases) {
            ways.push_back(one.then);
            if (!one.when) takes_own = false;
        }
    }
    if (auto const* guarded = std::get_if<Try>(&step.what); guarded && guarded->then)
        ways.push_back(*guarded->then);
    if (std::holds_alternative<Raise>(step.what)) takes_own = false;
    if (takes_own || step.condition) ways.push_back(step.then);
    return ways;
}

void check_reach(Problems& problems, Block const& block) {
    std::vector<bool> reached(block.steps.size(), false);
    std::vector<std::size_t> open;
    auto reach = [&](std::size_t index) {
        if (index >= reached.size() || reached[index]) return;
        reached[index] = true;
        open.push_back(index);
    };
    reach(0);
    while (!open.empty()) {
        auto const& step = *block.steps[open.back()];
        open.pop_back();
        for (auto const& way : ways_out(step)) {
            if (way == "exit" || way == "end") continue;
            reach(way.empty() ? step.index + 1 : block.find(way).value());
        }
    }
    for (auto const& step : block.steps)
        if (!reached[step->index])
            problems.warn(step->place, codes::unreachable_step,
                          "Nothing leads to step `" + step->name + "`.",
                          "Remove it, or let a `then` go there.");
}

void check_blocks(Problems& problems, Block const& block, bool is_sequence) {
    if (is_sequence && !block.steps.empty()) check_reach(problems, block);
    for (auto const& step : block.steps)
        for (auto const* inner : blocks_of(*step))
            check_blocks(problems, *inner, !std::holds_alternative<Fork>(step->what));
}

// ---- expressions
// -----------------------------------------------------------------------------------

void check_expression(Problems& problems, Place const& place, std::string const& text,
                      std::vector<std::string> const& names) {
    static std::regex const task(R"(\$tasks\s*\.\s*([A-Za-z_][A-Za-z0-9_]*))");
    for (auto it = std::sregex_iterator(text.begin(), text.end(), task);
         it != std::sregex_iterator(); ++it) {
        auto const name = (*it)[1].str();
        if (std::find(names.begin(), names.end(), name) == names.end())
            problems.warn(place, codes::unknown_reference,
                          "`$tasks." + name + "` is always null: no step is named `" + name + "`.",
                          suggestion(name, names, ""));
    }
    static std::regex const hidden(R"(//\s*true\b)");
    if (std::regex_search(text, hidden))
        problems.warn(place, codes::suspicious_text, "`// true` also replaces false.",
                      "Write `if . == null then true else . end`.");
}

}  // namespace

Diagnostics lint(Definition const& definition, Catalog const& catalog) {
    Problems problems(definition.file);
    for (auto const& warning : definition.warnings)
        problems.warn({warning.line, warning.column, warning.pointer}, warning.code.c_str(),
                      warning.message, warning.remedy);
    std::vector<std::string> names;
    visit_steps(definition.steps, [&](Step const& step) {
        names.push_back(step.name);
        if (auto const* call = std::get_if<Call>(&step.what)) check_call(problems, *call, catalog);
        if (auto const* run = std::get_if<RunWorkflow>(&step.what))
            check_run(problems, *run, catalog);
        if (auto const* map = std::get_if<Map>(&step.what)) check_run(problems, map->each, catalog);
    });
    check_blocks(problems, definition.steps, true);
    for (auto const& [place, text] : definition.expressions)
        check_expression(problems, place, text, names);
    return problems.in_order();
}

}  // namespace resolute::workflow
