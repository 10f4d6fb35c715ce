// Diagnostics as SARIF 2.1.0 (OASIS), the form in which code hosts and editors take findings.
#pragma once

#include "base/json.h"
#include "base/result.h"

namespace resolute::cli {

// One run of the tool `resolute lint`; a finding without a place has no region.
Json to_sarif(Diagnostics const& diagnostics);

}  // namespace resolute::cli
