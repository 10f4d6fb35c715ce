// What an operator's approval of a tool covers, as a digest: any later change of it is a different
// tool.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/digest.h"
#include "mcp/tool.h"

namespace resolute::mcp {

// A server that we start ourselves. `integrity` names the package's content (such as npm's
// sha512-…), if known.
struct ProgramIdentity {
    std::vector<std::string> command;
    std::string integrity;
};

// A server somewhere else, and who issues the tokens for it.
struct RemoteIdentity {
    std::string origin;
    std::string issuer;
};

using ServerIdentity = std::variant<ProgramIdentity, RemoteIdentity>;
Json to_json(ServerIdentity const& identity);

// {tool: {name, title, description, inputSchema, outputSchema, annotations}, server}: what is
// pinned, to be kept for showing a difference later.
Json pinned_definition(Tool const& tool, ServerIdentity const& server);

// SHA-256 over the canonical JSON of the pinned definition. Throws InvalidInput when it has none
// (numbers beyond 2^53).
Digest tool_pin(Tool const& tool, ServerIdentity const& server);

// The pinned members that differ, as JSON pointers such as "/tool/description", in order.
std::vector<std::string> drift(Json const& pinned, Json const& current);

}  // namespace resolute::mcp
