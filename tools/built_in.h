// What the contracts of all built-in tools have in common: version, schemas, digest.
#pragma once

#include "tools/contract.h"

namespace resolute::tools {

// Completes a contract that has a name, an effect and a call. Its digest knows nothing of this
// machine; its output is whatever comes.
Contract built_in(Contract contract, Json const& input);
// For one that sends what the operator keeps secret: those values are never shown.
Contract built_in(Contract contract, Json const& input, Reach const& reach);

}  // namespace resolute::tools
