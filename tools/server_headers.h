// The headers in which a request to an MCP server of revision 2026-07-28 says what its body says,
// so that whoever stands between can see it.
//
// Pure. Rules: basic/transports, "Streamable HTTP", of that revision.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mcp/tool.h"
#include "net/http_message.h"

namespace resolute::tools {

// `MCP-Protocol-Version`, `Mcp-Method`, and `Mcp-Name` where the method has one.
net::Headers headers_of_request(std::string const& method, Json const& parameters);

// `Mcp-Param-…` for the arguments that a tool's schema marks by `x-mcp-header`. None: the tool
// breaks the rules for these marks, and is not to be called.
std::optional<net::Headers> headers_of_arguments(mcp::Tool const& tool, Json const& arguments);

// As it is, or as `=?base64?…?=` where a header could not carry it.
std::string header_text(std::string const& value);

}  // namespace resolute::tools
