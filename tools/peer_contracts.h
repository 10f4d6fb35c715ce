// The built-in tools behind `call: mcp` and `call: a2a`: `mcp.call` and `mcp.read`, `a2a.send` and
// `a2a.read`, and `a2a.agent`, which finds an agent by its card.
//
// What calls a tool, sends a message or changes a task is a write: denied unless a policy permits
// it, sent once, and when its answer is lost a person says. The others are reads.
#pragma once

#include "tools/contract.h"

namespace resolute::tools {

std::vector<Contract> peer_contracts(std::shared_ptr<Reach const> reach);

}  // namespace resolute::tools
