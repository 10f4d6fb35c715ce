// Reads one policy file: strict keys, every problem at once, each with its line and column.
#pragma once

#include <string>
#include <vector>

#include "policy/rule.h"

namespace resolute::policy {

struct File {
    std::string name;  // for diagnostics
    std::string text;
};

struct Document {
    std::string name;
    std::string version;
    std::string title;
    std::vector<Rule> rules;
    Diagnostics warnings;
};

// `tools` are all tools that rules may speak of, with their input schemas.
Result<Document> read_policy(File const& file, Tools const& tools);

}  // namespace resolute::policy
