// Learns what became of an attempt whose answer is missing: what to ask, and what the answer means.
//
// Pure. Only an answer that is clear becomes a verdict; whatever is odd stays undecided, and in the
// end a person is asked.
#pragma once

#include "tools/answer.h"

namespace resolute::tools {

// `$call` of a contract's verification: {idempotencyKey, arguments, attempt}.
Json call_of(Attempt const& attempt);

// The arguments for the tool that is asked.
Result<Json> question(Verify const& verify, Json const& call);

// `answer`: what the tool that was asked came to.
Verification judge(Contract const& contract, Json const& call, Outcome const& answer);

Verification undecided(std::string why, Json evidence = Json::object());

}  // namespace resolute::tools
