// The request that one operation of an OpenAPI document stands for.
//
// Pure. Swagger 2.0 and OpenAPI 3: servers and base paths, parameters in path, query, header,
// cookie, body and form, `$ref` within the document. Whether values fit the operation's schemas is
// the system's to say.
#pragma once

#include "base/json.h"

namespace resolute::tools {

// `arguments` are those of `openapi.operation`, see tools/request_contracts.cpp. The result is
// {tool: "http.get", arguments: {…}}. One sentence per problem: an operation that is not there, a
// parameter that is required or unknown.
Result<Json> operation_request(Json const& document, Json const& arguments);

}  // namespace resolute::tools
