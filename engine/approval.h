// The life of one approval: asked, answered by enough people, used once, or over.
//
//   pending -> approved -> consumed        pending | approved -> revoked
//   pending -> rejected | answered | expired
#pragma once

#include <vector>

#include "engine/fact.h"

namespace resolute {

enum class ApprovalStatus { pending, approved, rejected, answered, expired, revoked, consumed };

struct Approval {
    ApprovalRequested asked;
    ApprovalStatus status = ApprovalStatus::pending;
    std::vector<ApprovalDecided> decisions;
    Timestamp requested_at;
};

// Why an answer cannot be taken; nothing when it can. `at` is the moment of the answer.
std::optional<Failure> refusal_of(Approval const& approval, ApprovalDecided const& answer,
                                  Timestamp at);

// What a reviewer sees, as one document: what is asked, and how it may be answered.
Payload shown_card(ApprovalRequested const& asked);

// Throws CorruptHistory for a transition that is not in the table.
void apply(Approval& approval, Fact const& fact);

}  // namespace resolute
