// MCP over the standard input and output of a child process that we own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "mcp/transport.h"
#include "net/process.h"

namespace resolute::mcp {

struct StdioOptions {
    std::vector<std::string> command;
    std::vector<std::pair<std::string, std::string>> environment;  // added to ours
    std::string directory;
    bool inherits_environment = true;
};

// The child's standard error goes to the log at level debug; its last line is part of the reason
// when the child ends. Closing follows the specification: standard input is closed first, SIGTERM
// and SIGKILL come if that is not enough.
OpenTransport over_stdio(net::Runtime& runtime, StdioOptions options);

}  // namespace resolute::mcp
