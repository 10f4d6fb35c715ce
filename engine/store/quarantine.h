// Runs that were set aside: why, and how they come back.
//
// Each call opens the database for itself and throws StoreUnavailable while it cannot be reached.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "engine/ids.h"

namespace resolute::store {

struct QuarantineRow {
    std::string reason;
    Timestamp at;
    std::string bundle;  // JSON for whoever looks into it; "" = none
};
std::optional<QuarantineRow> quarantined(std::string const& url, RunId run);

// Gives the run back to its owner, who resumes it at its next look. False: it was not set aside.
bool release(std::string const& url, RunId run, Timestamp now);

}  // namespace resolute::store
