// The road of a request that a workflow wrote itself: secrets put in, host checked, authenticated,
// sent once.
//
// Thread-safe; `done` is called exactly once, on any thread.
#pragma once

#include "tools/dispatcher.h"

namespace resolute::tools {

// Tokens are asked for first; when there is none, the request itself is surely not sent.
void call_request(net::HttpClient& http, Clock const& clock, Sending const& sending,
                  RequestCall const& call, OnAnswer const& done);

}  // namespace resolute::tools
