// The road of `openapi.operation`: fetches the document and puts out the request of the operation.
//
// Thread-safe; `done` is called exactly once, on any thread.
#pragma once

#include "tools/dispatcher.h"

namespace resolute::tools {

void call_operation(net::HttpClient& http, Clock const& clock, Sending const& sending,
                    OperationCall const& call, OnAnswer const& done);

}  // namespace resolute::tools
