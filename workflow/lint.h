// What is legal in a workflow and still wrong, or hardly meant, given the tools and models that are
// there.
#pragma once

#include <map>
#include <set>

#include "workflow/tree.h"

namespace resolute::workflow {

// What workflows may call. Names are without versions.
struct Catalog {
    struct Tool {
        JsonSchema input;
        Effect effect = Effect::irreversible;
        bool takes_key = false;  // a repeated key is answered as the first time
        bool can_verify = false;  // the system of record can be asked
        bool person_resolves = false;  // the contract says that a person settles a lost answer
    };
    std::map<std::string, Tool> tools;
    std::set<std::string> models;  // "*" stands for every name
    std::set<std::string> policies;
    std::optional<std::set<std::string>> workflows = {};  // "namespace/name"; none: not known
    // The words that commands of MCP servers may begin with, where workflows start them.
    std::vector<std::vector<std::string>> servers = {};
};

// The definition's own warnings and more, in the order of the text: unknown tools, models and
// policies; arguments that break the tool's schema as far as they are known; writes whose outcome
// nobody could learn; steps that nobody reaches; `$tasks` of steps that do not exist. Those of
// severity error should keep it from being published.
Diagnostics lint(Definition const& definition, Catalog const& catalog);

}  // namespace resolute::workflow
