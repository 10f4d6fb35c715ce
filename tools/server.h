// An MCP server that tools are reached through: which program to start, and with what.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "tools/environment.h"

namespace resolute::tools {

struct Server {
    std::string name;
    std::vector<std::string> command;                // program and arguments
    std::map<std::string, std::string> environment;  // added to ours
    std::vector<std::string> secrets;                // values of the environment; never shown
    std::string file;

    // Which program it is: what a person approves includes it, and a pin is about it.
    std::string identity() const;
};

// `{server: orders, command: [refund_orders, --stdio], env: {LEDGER: "${LEDGER}"}}`; all problems
// at once.
Result<Server> read_server(std::string_view yaml, std::string const& file,
                           Environment const& environment);

}  // namespace resolute::tools
