// A tool behind HTTP: the request that a contract and its arguments make, and what the reply means.
//
// Pure: nothing here sends anything. Where RFC 9110 leaves open whether a request had an effect, so
// does this.
#pragma once

#include "net/http_client.h"
#include "tools/answer.h"

namespace resolute::tools {

// The headers, body and address of one attempt. Refused: arguments that cannot stand in the
// address, and a `body` expression that fails. The timeout is the caller's.
Result<net::ClientRequest> http_request(HttpCall const& call, Json const& arguments,
                                        std::string const& key);

//   no byte sent, 4xx but 408, 409, 425, 429, `refuses`   refused
//   409 or 422 about a key used with other arguments      refused, code idempotency_key_reused
//   a status that the contract retries on                 refused, to be tried again after
//   Retry-After 2xx and accepted statuses with a JSON body            answered everything else, and
//   no answer at all                 doubtful
Answer http_answer(Contract const& contract, HttpCall const& call, net::Reply const& reply,
                   Timestamp now);

// Parts of the same for other roads over HTTP. What the system said, as the error of its status.
Failure failure_of(Contract const& contract, net::Response const& response, char const* code);
Answer not_sent(Contract const& contract, net::NotSent const& reply);
Answer no_answer(Contract const& contract, net::SentNoAnswer const& reply);

}  // namespace resolute::tools
