// Evaluates what a rule wants a reviewer to see. What cannot be evaluated is named as missing.
#pragma once

#include "policy/decision.h"

namespace resolute::policy {

void show(ApprovalRule const& rule, Values& values, ApprovalTerms& terms);

}  // namespace resolute::policy
