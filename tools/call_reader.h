// Reads the `call` of a contract: by which road the tool is reached. A part of
// tools/contract_reader.h.
#pragma once

#include "tools/contract.h"
#include "tools/expander.h"

namespace resolute::tools {

// None when there is a problem, which is then reported. `input`: the contract's input schema.
std::optional<Call> read_call(Node const& node, Json const& input, Expander& expander,
                              Problems& problems);

// Whether the system gets the idempotency key of a call.
bool carries_key(Call const& call);

std::vector<std::string> property_names(Json const& schema);

}  // namespace resolute::tools
