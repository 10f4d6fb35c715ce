// The card that a reviewer decides from: one sentence, the exact arguments, evidence, and what is
// missing.
//
// Pure. The sentence comes from the contract's template, never from a model; what a model said is a
// claim.
#pragma once

#include "approvals/ask.h"

namespace resolute::approvals {

// Of everything that the engine shows as read or known: evidence, changes, and what is missing.
Digest evidence_root(policy::ApprovalTerms const& terms);

// Members as in the API's `Approval` that do not change while it is open: see console/openapi.json.
// `arguments_text` are the canonical bytes of the arguments.
Json card_of(Question const& question, std::string const& arguments_text);

}  // namespace resolute::approvals
