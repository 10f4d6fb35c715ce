// Reads a contract from YAML, strictly: every problem of the file at once, each with line, column
// and how to mend it.
//
// Pure; the environment is the caller's. What is wrong with a contract alone is found here, what is
// wrong between contracts in tools/registry.h.
#pragma once

#include "tools/contract.h"
#include "tools/environment.h"
#include "workflow/yaml.h"

namespace resolute::tools {

Result<Contract> read_contract(std::string_view yaml, std::string const& file,
                               Environment const& environment);

// A contract as it was stored: the `document` of an earlier reading. Problems have pointers and no
// lines.
Result<Contract> contract_from_json(Json const& document, Environment const& environment);

}  // namespace resolute::tools
