// Reads `call`: one of our functions, or a name in `use.functions` that stands for one of them.
#include <algorithm>
#include <array>

#include "base/spelling.h"
#include "workflow/functions.h"
#include "workflow/read_function.h"
#include "workflow/read_http.h"
#include "workflow/read_openapi.h"
#include "workflow/read_peer.h"
#include "workflow/reading.h"

namespace resolute::workflow {
namespace {

constexpr std::array functions_here{"tool",   "model", "approval", "policy",
                                    "memory", "case",  "timer",    "map"};
// Of the standard; a function of `use.functions` that calls one of these is a step.
constexpr std::array functions_of_standard{"http", "openapi", "mcp", "a2a"};
constexpr std::array functions_later{"grpc", "asyncapi", "agent"};

struct Callee {
    std::string function;  // one of functions_here or functions_of_standard
    Node with;             // a map: the function's own values, then those of the step
};

bool is_one_of(auto const& all, std::string const& name) {
    return std::find(all.begin(), all.end(), name) != all.end();
}

void report_unknown(Reading& reading, Node const& call, std::string const& name) {
    if (is_one_of(functions_later, name) || name.find('@') != std::string::npos ||
        name.find("://") != std::string::npos)
        return reading.problems.unsupported(place_of(call), "`call: " + name + "`",
                                            "Declare a tool and use `call: tool`.");
    std::vector<std::string> names(functions_here.begin(), functions_here.end());
    names.insert(names.end(), functions_of_standard.begin(), functions_of_standard.end());
    for (auto const& [known, node] : reading.offers.functions) names.push_back(known);
    auto const near = did_you_mean(name, names);
    reading.problems.error(call, codes::unknown_function, "`" + name + "` is not a function.",
                           near.empty() ? "Call tool, model, approval, policy, memory, case, "
                                          "timer or map, or define it in `use.functions`."
                                        : near.substr(1));
}

void merge(Node& into, Node const* from) {
    if (!from) return;
    for (auto const& member : from->members) {
        auto const same = std::find_if(into.members.begin(), into.members.end(),
                                       [&](auto const& m) { return m.key == member.key; });
        if (same == into.members.end())
            into.members.push_back(member);
        else
            *same = member;
    }
}

std::optional<Callee> find_callee(Reading& reading, Node const& call, Node const* with) {
    auto name = read_text(call, "`call`", reading.problems);
    if (!name || (with && !expect(*with, Node::Kind::map, "`with`", reading.problems)))
        return std::nullopt;
    Node merged = with ? *with : call;
    merged.kind = Node::Kind::map;
    merged.members.clear();
    auto const alias = reading.offers.functions.find(*name);
    if (alias != reading.offers.functions.end()) {
        auto const* inner = alias->second->find("call");
        if (!inner || !inner->is(Node::Kind::text) || !is_one_of(functions_here, inner->text()))
            return std::nullopt;  // reported in `use`
        merge(merged, alias->second->find("with"));
        name = inner->text();
    } else if (!is_one_of(functions_here, *name) && !is_one_of(functions_of_standard, *name)) {
        report_unknown(reading, call, *name);
        return std::nullopt;
    }
    merge(merged, with);
    return Callee{*name, std::move(merged)};
}

// A function of `use.functions` that is a step rather than one of ours with some of its values.
bool is_step(Node const& function) {
    auto const* call = function.find("call");
    return function.is(Node::Kind::map) &&
           (!call || !call->is(Node::Kind::text) || is_one_of(functions_of_standard, call->text()));
}

}  // namespace

void check_function(Reading& reading, std::string const& name, Node const& node) {
    if (is_step(node)) return check_step_function(reading, name, node);
    Fields fields(node, "Function `" + name + "`", reading.problems);
    auto const call = fields.required_text("call");
    if (auto const* with = fields.find("with"))
        expect(*with, Node::Kind::map, "`with`", reading.problems);
    fields.finish();
    if (call && !is_one_of(functions_here, *call))
        report_unknown(reading, *node.find("call"), *call);
}

void read_call(Reading& reading, Fields& fields, Step& step) {
    auto const& named = *fields.find("call");
    auto const known = named.is(Node::Kind::text) ? reading.offers.functions.find(named.text())
                                                  : reading.offers.functions.end();
    if (known != reading.offers.functions.end() && is_step(*known->second))
        return read_function_call(reading, fields, step, known->first, *known->second);
    auto& call = step.what.emplace<Call>();
    auto const callee = find_callee(reading, named, fields.find("with"));
    if (!callee) return;
    Fields with(callee->with, "`" + callee->function + "`", reading.problems);
    if (callee->function == "openapi") {
        read_openapi(reading, with, step);
    } else if (callee->function == "mcp") {
        call = read_server_call(reading, with, fields, step);
    } else if (callee->function == "a2a") {
        read_agent_call(reading, with, step);
    } else if (callee->function == "approval") {
        step.what = read_approval(reading, with);
    } else if (callee->function == "map") {
        step.what = read_map(reading, with);
    } else if (callee->function == "timer") {
        step.what = read_timer(reading, with);
    } else {
        call = callee->function == "http"     ? read_http(reading, with)
               : callee->function == "tool"   ? read_tool(reading, with)
               : callee->function == "model"  ? read_model(reading, with)
               : callee->function == "policy" ? read_policy(reading, with)
               : callee->function == "case"   ? read_case(reading, with)
                                              : read_memory(reading, with);
        call.function =
            is_one_of(functions_of_standard, callee->function) ? "tool" : callee->function;
    }
    with.finish();
}

}  // namespace resolute::workflow
