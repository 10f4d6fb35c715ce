#include "mcp/tool_pin.h"

#include <set>

#include "base/canonical_json.h"

namespace resolute::mcp {
namespace {

Json describe(ProgramIdentity const& program) {
    Json value = {{"command", program.command}};
    if (!program.integrity.empty()) value["integrity"] = program.integrity;
    return value;
}

Json describe(RemoteIdentity const& remote) {
    Json value = {{"origin", remote.origin}};
    if (!remote.issuer.empty()) value["issuer"] = remote.issuer;
    return value;
}

}  // namespace

Json to_json(ServerIdentity const& identity) {
    return std::visit([](auto const& kind) { return describe(kind); }, identity);
}

Json pinned_definition(Tool const& tool, ServerIdentity const& server) {
    return {{"tool", to_json(tool)}, {"server", to_json(server)}};
}

Digest tool_pin(Tool const& tool, ServerIdentity const& server) {
    return canonical_digest(pinned_definition(tool, server));
}

std::vector<std::string> drift(Json const& pinned, Json const& current) {
    std::vector<std::string> places;
    for (auto const* part : {"server", "tool"}) {
        auto const before = pinned.value(part, Json::object());
        auto const after = current.value(part, Json::object());
        std::set<std::string> names;
        for (auto const& [name, value] : before.items()) names.insert(name);
        for (auto const& [name, value] : after.items()) names.insert(name);
        for (auto const& name : names)
            if (before.value(name, Json()) != after.value(name, Json()))
                places.push_back("/" + std::string(part) + "/" + name);
    }
    return places;
}

}  // namespace resolute::mcp
