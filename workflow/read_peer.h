// What stands in the `with` of `call: mcp` and `call: a2a`: requests to servers and agents that the
// workflow names itself.
//
// Internal to the loader. Makes calls of the built-in tools `mcp.call`, `mcp.read`, `a2a.send` and
// `a2a.read`, see tools/peer_contracts.h. What the method does decides about the gate, so it has to
// be known when the document is loaded.
#pragma once

#include "workflow/reading.h"

namespace resolute::workflow {

// `timeout` of the call is the step's; `fields` are those of the step, which may have one itself.
Call read_server_call(Reading& reading, Fields& with, Fields& fields, Step& step);

// One call when the agent's address is written out, two when its card says it.
void read_agent_call(Reading& reading, Fields& with, Step& step);

}  // namespace resolute::workflow
