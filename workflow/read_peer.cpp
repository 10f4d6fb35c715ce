#include "workflow/read_peer.h"

#include <algorithm>

#include "base/spelling.h"
#include "workflow/read_http.h"

namespace resolute::workflow {
namespace {

using Members = std::map<std::string, Template>;
using Words = std::vector<std::string>;

Words const server_writes{"tools/call"};
Words const server_reads{"tools/list",     "prompts/list",   "prompts/get",
                         "resources/list", "resources/read", "resources/templates/list"};
Words const server_versions{"2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"};
Words const agent_writes{"message/send", "message/stream", "tasks/cancel",
                         "tasks/pushNotificationConfig/set", "tasks/pushNotificationConfig/delete"};
Words const agent_reads{"tasks/get",
                        "tasks/list",
                        "tasks/resubscribe",
                        "tasks/pushNotificationConfig/get",
                        "tasks/pushNotificationConfig/list",
                        "agent/getAuthenticatedExtendedCard"};

struct Methods {
    Words const& writes;
    Words const& reads;
    std::string write_tool, read_tool;
};
Methods const of_servers{server_writes, server_reads, "mcp.call", "mcp.read"};
Methods const of_agents{agent_writes, agent_reads, "a2a.send", "a2a.read"};

std::string listed(Words const& words) {
    std::string list;
    for (auto const& word : words) list += (list.empty() ? "" : ", ") + word;
    return list;
}

// The built-in tool that the method belongs to.
std::string read_method(Reading& reading, Fields& with, Methods const& methods,
                        Members& arguments) {
    auto const written = with.required_text("method");
    if (!written) return methods.read_tool;
    arguments.emplace("method", constant(*written));
    if (std::ranges::find(methods.writes, *written) != methods.writes.end())
        return methods.write_tool;
    if (std::ranges::find(methods.reads, *written) != methods.reads.end()) return methods.read_tool;
    auto all = methods.writes;
    all.insert(all.end(), methods.reads.begin(), methods.reads.end());
    bool const computes = written->find("${") != std::string::npos;
    auto const near = did_you_mean(*written, all);
    reading.problems.error(
        *with.find("method"), codes::invalid_value,
        computes ? "`method` must be written out, because it says whether the call changes "
                   "something."
                 : "`" + *written + "` is no method that can be called here.",
        computes       ? "Write one step for each, and choose with a `switch`."
        : near.empty() ? "Use one of " + listed(all) + "."
                       : near.substr(1));
    return methods.read_tool;
}

void take_map(Reading& reading, Fields& fields, char const* key, Members& members) {
    auto const* node = fields.find(key);
    if (!node) return;
    if (!node->is(Node::Kind::map) && !node->is(Node::Kind::text))
        reading.problems.error(
            *node, codes::wrong_type,
            "`" + std::string(key) + "` must be a map, or an expression in `${ }`.");
    members.emplace(key, read_template(reading, *node));
}

Template read_program_of(Reading& reading, Node const& node) {
    Members members;
    Fields stdio(node, "`stdio`", reading.problems);
    if (auto const* command = stdio.require("command"))
        if (expect(*command, Node::Kind::text, "`command`", reading.problems))
            members.emplace("command", read_template(reading, *command));
    if (auto const* arguments = stdio.find("arguments")) {
        if (!arguments->is(Node::Kind::list) && !arguments->is(Node::Kind::text))
            reading.problems.error(*arguments, codes::wrong_type,
                                   "`arguments` must be a list, or an expression in `${ }`.");
        members.emplace("arguments", read_template(reading, *arguments));
    }
    take_map(reading, stdio, "environment", members);
    stdio.finish();
    return Template::map(std::move(members));
}

Template read_transport(Reading& reading, Node const& node) {
    Members members;
    Fields transport(node, "`transport`", reading.problems);
    auto const* http = transport.find("http");
    auto const* stdio = transport.find("stdio");
    if (auto const* options = transport.member("options"))
        reading.problems.unsupported(place_of(*options), "`options` of a transport", "Remove it.");
    if (node.is(Node::Kind::map) && (http != nullptr) == (stdio != nullptr))
        reading.problems.error(node, codes::invalid_value,
                               "`transport` names exactly one of http and stdio.",
                               "Write `http: { endpoint: … }` or `stdio: { command: … }`.");
    if (http) {
        Members address;
        Fields fields(*http, "`http`", reading.problems);
        if (auto const* endpoint = fields.require("endpoint"))
            read_endpoint(reading, *endpoint, address);
        take_map(reading, fields, "headers", address);
        fields.finish();
        members.emplace("http", Template::map(std::move(address)));
    }
    if (stdio) members.emplace("stdio", read_program_of(reading, *stdio));
    transport.finish();
    return Template::map(std::move(members));
}

void read_version(Reading& reading, Fields& with, Members& arguments) {
    auto const version = with.text("protocolVersion");
    if (!version) return;
    if (std::ranges::find(server_versions, *version) == server_versions.end())
        reading.problems.error(*with.find("protocolVersion"), codes::invalid_value,
                               "`" + *version + "` is no version of MCP that is spoken here.",
                               "Use one of " + listed(server_versions) + ".");
    arguments.emplace("protocolVersion", constant(*version));
}

void read_session_client(Reading& reading, Fields& with, Members& arguments) {
    auto const* node = with.find("client");
    if (!node) return;
    Members client;
    Fields fields(*node, "`client`", reading.problems);
    for (auto const* key : {"name", "version"})
        if (auto const* value = fields.require(key))
            client.emplace(key, read_template(reading, *value));
    fields.finish();
    arguments.emplace("client", Template::map(std::move(client)));
}

// A tool and a prompt have a name, a resource its address.
void check_parameters(Reading& reading, Fields& with, std::string const& method) {
    auto const* parameters = with.find("parameters");
    char const* needed = method == "tools/call" || method == "prompts/get" ? "name"
                         : method == "resources/read"                      ? "uri"
                                                                           : nullptr;
    bool const is_computed = parameters && !parameters->is(Node::Kind::map);
    if (!needed || is_computed || (parameters && parameters->find(needed))) return;
    reading.problems.error(parameters ? *parameters : with.node(), codes::missing_key,
                           "`" + method + "` needs `" + needed + "` in its `parameters`.",
                           "Add it.");
}

Template read_card(Reading& reading, Node const& node) {
    Members members;
    Fields card(node, "`agentCard`", reading.problems);
    card.text("name");
    if (auto const* endpoint = card.require("endpoint")) read_endpoint(reading, *endpoint, members);
    card.finish();
    return Template::map(std::move(members));
}

}  // namespace

Call read_server_call(Reading& reading, Fields& with, Fields& fields, Step& step) {
    Call call{.function = "tool"};
    Members arguments;
    call.target = read_method(reading, with, of_servers, arguments);
    call.target_place = place_of(with.node());
    if (auto const method = with.text("method")) check_parameters(reading, with, *method);
    take_map(reading, with, "parameters", arguments);
    if (auto const* transport = with.require("transport")) {
        call.target_place = place_of(*transport);
        arguments.emplace("transport", read_transport(reading, *transport));
    }
    read_version(reading, with, arguments);
    read_session_client(reading, with, arguments);
    if (auto const* timeout = with.find("timeout")) {
        step.timeout = read_duration(reading, *timeout);
        if (fields.find("timeout"))
            reading.problems.error(*timeout, codes::invalid_value,
                                   "The step has a `timeout` itself.", "Remove one of them.");
    }
    call.request = tool_request(call.target, std::move(arguments));
    return call;
}

void read_agent_call(Reading& reading, Fields& with, Step& step) {
    Members arguments;
    auto const tool = read_method(reading, with, of_agents, arguments);
    take_map(reading, with, "parameters", arguments);
    auto const* card = with.find("agentCard");
    auto const* server = with.find("server");
    if (!card && !server && with.node().is(Node::Kind::map))
        reading.problems.error(with.node(), codes::missing_key,
                               "Nothing says which agent is called.",
                               "Add `agentCard: { endpoint: … }` or `server`.");
    if (!card) {
        if (server) read_endpoint(reading, *server, arguments);
        auto& call = std::get<Call>(step.what);
        call.function = "tool";
        call.target = tool;
        call.target_place = place_of(with.node());
        call.request = tool_request(tool, std::move(arguments));
        return;
    }
    arguments.emplace("card", read_card(reading, *card));
    arguments.emplace("tool", constant(tool));
    auto& block = step.what.emplace<Do>().body;
    block.path = "do";
    auto& find = add_step(block, &step, "agent", step.place).what.emplace<Call>();
    find.function = "tool";
    find.target = "a2a.agent";
    find.target_place = place_of(*card);
    find.request = tool_request(find.target, std::move(arguments));
    auto& make = add_step(block, &step, "request", step.place).what.emplace<Call>();
    make.function = "tool";  // which one, says what was found
    make.request = Template::current();
}

}  // namespace resolute::workflow
