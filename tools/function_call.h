// Calls a C++ function as a tool and says what its return or exception means.
#pragma once

#include "tools/dispatcher.h"

namespace resolute::tools {

Answer call_function(Sending const& sending, FunctionCall const& call);

}  // namespace resolute::tools
