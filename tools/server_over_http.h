// `call: mcp` over HTTP: the handshake, then the one request, each a POST of its own, and what
// every session says about itself. Where the workflow names no revision, the server is asked first
// whether it speaks the one without a handshake.
#pragma once

#include "mcp/client.h"
#include "tools/dispatcher.h"

namespace resolute::tools {

// Streamable HTTP, revisions 2025-03-26 to 2026-07-28; answers come as JSON or as a stream of
// events.
void call_server_over_http(net::HttpClient& http, Clock const& clock, Sending const& sending,
                           ServerCall const& call, OnAnswer const& done);

// What the session says of us: as the workflow wants it, or as we are.
mcp::Implementation session_client(Json const& arguments);
std::string session_version(Json const& arguments);
// The parameters of the request; a write has its key in `_meta`.
Json session_parameters(Sending const& sending);

}  // namespace resolute::tools
