// Replaces `${NAME}` in the texts of an operator: addresses, headers and command lines of tools.
//
// Pure: the values come from the caller, who decides what the environment is. They may be secrets.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace resolute::tools {

using Environment = std::map<std::string, std::string>;

struct Expansion {
    std::string text;                  // unknown variables stay as they were written
    std::vector<std::string> values;   // that were put in
    std::vector<std::string> unknown;  // names that have no value
};

// A name is capital letters, digits and underscores, beginning with a letter. `$` otherwise is
// itself.
Expansion expand(std::string_view text, Environment const& environment);

std::vector<std::string> names_of(Environment const& environment);

}  // namespace resolute::tools
