// Reads the tools of a project from its folders: contracts and MCP servers, every problem of every
// file at once.
#pragma once

#include <filesystem>
#include <vector>

#include "tools/contract.h"
#include "tools/environment.h"
#include "tools/server.h"

namespace resolute::tools {

struct ProjectTools {
    std::vector<Contract> contracts;
    std::vector<Server> servers;
};

// `tools/*.yaml` and `servers/*.yaml` below the folder, by name; a folder that is absent holds
// nothing.
Result<ProjectTools> load_tools(std::filesystem::path const& project,
                                Environment const& environment);

}  // namespace resolute::tools
