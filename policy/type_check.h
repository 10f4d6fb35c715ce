// Compares the paths and literals of a rule with the schemas of what they are about, when it is
// loaded.
//
// A field that no schema declares, a text compared with a number, a word outside an enumeration:
// each would make a rule that never matches, which nobody would notice. Pure.
#pragma once

#include <string>
#include <vector>

#include "policy/condition.h"

namespace resolute::policy {

// The input schema of one tool that a rule is about.
struct ArgumentsOf {
    std::string tool;
    Json const* input;
};

// Also tells each path of the condition which values its schema enumerates. The diagnostics carry
// no place.
Diagnostics check_types(Condition& condition, std::vector<ArgumentsOf> const& tools);
Diagnostics check_types(Operand& operand, std::vector<ArgumentsOf> const& tools);

}  // namespace resolute::policy
