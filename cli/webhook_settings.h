// Reads `webhooks` of resolute.yaml: who outside is sent which events, and how they are signed.
#pragma once

#include "cli/config.h"
#include "workflow/fields.h"

namespace resolute::cli {

// After secrets, variables and egress, which it refers to.
void read_webhooks(Config& config, workflow::Node const& node, workflow::Problems& problems);

}  // namespace resolute::cli
