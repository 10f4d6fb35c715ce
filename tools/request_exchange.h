// A request of a workflow's own: what its arguments make of it, and what the reply means.
//
// Pure: nothing here sends anything. Every status that the other side chose counts as its word, as
// the language demands; 502 and 504 come from a proxy that lost the answer, and leave a write in
// doubt.
#pragma once

#include "net/http_client.h"
#include "tools/answer.h"

namespace resolute::tools {

// Method, address with its query, headers and body, without authentication. Refused in one
// sentence: an address that is none or climbs with `..`, and headers that belong to the client.
Result<net::ClientRequest> request_of(Contract const& contract, RequestCall const& call,
                                      Json const& arguments, std::string const& key);

// Whether the operator lets workflows talk to this host. Addresses of the machine's own cloud are
// refused unless they are listed.
bool may_reach(Reach const& reach, net::Url const& url);

// `sent` is the request as it was made by request_of. A result is what `output` asks for: the
// content, its bytes in base64, or {request, statusCode, headers, content}.
Answer request_answer(Contract const& contract, Json const& arguments,
                      net::ClientRequest const& sent, net::Reply const& reply);

}  // namespace resolute::tools
