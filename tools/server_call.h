// The road of `call: mcp`: one request to an MCP server that the workflow names itself, in a
// session of its own that begins with it and ends with it.
//
// A server over standard input and output runs only when the operator lists its command, with the
// environment that the workflow gives it and nothing of the engine's; one over HTTP is reached only
// where `egress` allows it. Thread-safe; `done` is called exactly once, on any thread.
#pragma once

#include "tools/dispatcher.h"

namespace resolute::tools {

void call_server(net::Runtime& runtime, net::HttpClient& http, Clock const& clock,
                 Sending const& sending, ServerCall const& call, OnAnswer const& done);

// Whether the operator lets workflows start it: one of the listed commands is how this one begins.
bool may_start(Reach const& reach, std::vector<std::string> const& command);

// What the end of the request means. A tool that says `isError` did nothing; an error that comes
// before a tool runs surely did nothing either.
Answer server_answer(Contract const& contract, mcp::RequestReply const& reply);

}  // namespace resolute::tools
