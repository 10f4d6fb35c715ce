// How a run that was set aside comes back.
//
// Opens the database for itself and throws StoreUnavailable while it cannot be reached.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "engine/ids.h"

namespace resolute::store {

// Gives the run back to its owner, who resumes it at its next look. False: it was not set aside.
bool release(std::string const& url, RunId run, Timestamp now);
// Those that were set aside because nobody could follow this definition.
std::vector<RunId> release_of_definition(std::string const& url, Digest const& definition,
                                         Timestamp now);

}  // namespace resolute::store
