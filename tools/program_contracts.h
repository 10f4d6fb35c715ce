// The built-in tools behind `run: shell` and `run: script`: `run.shell`, `run.javascript` and
// `run.python`, those that the operator has enabled.
//
// They are writes: denied unless a policy permits them. Nothing can be asked what became of a
// program that was cut off, so a person says.
#pragma once

#include <set>

#include "tools/contract.h"

namespace resolute::tools {

// "shell", "javascript", "python": what an operator can enable.
std::vector<std::string> const& program_languages();

std::vector<Contract> program_contracts(std::set<std::string> const& enabled);

}  // namespace resolute::tools
