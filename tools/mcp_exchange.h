// A tool behind an MCP server: the call that a contract and its arguments make, and what the reply
// means.
#pragma once

#include "tools/dispatcher.h"

namespace resolute::tools {

void call_mcp(McpServers& servers, Sending const& sending, McpCall const& call, Clock const& clock,
              OnAnswer const& done);

//   not sent, drifted, refused as a request      refused
//   isError                                      refused: the tool itself says that it did nothing
//   a result                                     answered: structured content, else JSON in the
//   text, else the text everything else, and no answer at all        doubtful
Answer mcp_answer(Contract const& contract, McpCall const& call, McpReply const& reply);

}  // namespace resolute::tools
