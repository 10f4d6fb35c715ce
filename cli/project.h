// A project: the workflows, tools, servers and policies of a team, from a folder or as they were
// deployed.
//
// `compile` checks everything against everything and reports all problems at once.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "policy/set.h"
#include "tools/registry.h"
#include "workflow/tree.h"

namespace resolute::cli {

struct Source {
    std::string kind;      // workflow, tool, server, policy
    std::string file;      // for messages
    std::string text;
    std::string name;      // filled in by compile, with the version
    std::string version;
};

struct Compiled {
    std::vector<Source> sources;
    std::vector<std::shared_ptr<workflow::Definition const>> workflows;
    std::shared_ptr<tools::Registry const> registry;
    policy::Set policies;
    Diagnostics warnings;
};

// workflows/*.yaml, tools/*.yaml, servers/*.yaml and policies/*.yaml (not *.test.yaml) below the
// folder.
Result<std::vector<Source>> read_project(std::string const& folder);
// The workflow files of a folder that is no project, such as one of examples; none of a project.
std::vector<std::string> loose_files(std::string const& folder);
// The tables of policy tests below the folder: policies/*.test.yaml.
std::vector<std::string> policy_tables(std::string const& folder);
Result<std::string> read_text_file(std::string const& path);

struct CompileOptions {
    tools::Environment environment;              // for ${NAME}
    std::set<std::string> models;                // logical names; "*" = any
    std::vector<tools::Contract> retired;        // contracts that open runs may still use
    std::vector<tools::Function> functions;
    std::set<std::string> workflows = {};        // that are deployed besides these sources
    std::set<std::string> programs = {};  // that workflows may bring along
    tools::Reach reach = {};  // of the requests that workflows write themselves
};
Result<Compiled> compile(std::vector<Source> sources, CompileOptions const& options);

}  // namespace resolute::cli
