// The reviewer's inbox as the API and the command line show it, and the way back: a decision that
// was sent.
//
// Pure. Rows come from the store; shapes are those of console/openapi.json. Reading never decides.
#pragma once

#include <vector>

#include "base/json.h"
#include "engine/append.h"
#include "engine/message.h"

namespace resolute::approvals {

Json summary_json(ApprovalRow const& row);

// `decisions` are all rows of this approval, oldest first; refused ones are left out.
Json detail_json(ApprovalRow const& row, std::vector<ApprovalDecisionRow> const& decisions);

// "pending", "approved", …: an answered question counts as approved.
std::string_view shown_status(ApprovalStatus status);

std::vector<std::string> choices_of(ApprovalRow const& row);

// Reads {decision, digest, decisionId, by, comment?} strictly, with a JSON pointer for every
// problem. What can be known without the run is checked here: that the decision is a choice, that
// the approval can be inspected, that `by` is a plain name. Whether it is still open, and the
// digest, are the engine's to judge.
Result<DecideApproval> read_decision(Json const& body, ApprovalRow const& row);

}  // namespace resolute::approvals
