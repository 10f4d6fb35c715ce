// Reads the `approval` block of a rule: who must sign, until when, and what they are to be shown.
#pragma once

#include <vector>

#include "policy/rule.h"
#include "policy/type_check.h"
#include "workflow/fields.h"

namespace resolute::policy {

// Without a block: one person who did not start the run, within limits::approval_expires_s.
ApprovalRule read_approval(workflow::Node const* node, std::vector<ArgumentsOf> const& tools,
                           workflow::Problems& problems);

// Gives diagnostics about an expression the place where it stands.
void report(Diagnostics const& found, workflow::Node const& at, workflow::Problems& problems);

}  // namespace resolute::policy
