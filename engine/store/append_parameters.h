// A batch as the parameters of the statements that write one.
#pragma once

#include <set>
#include <vector>

#include "engine/store/batch.h"
#include "engine/store/parameters.h"

namespace resolute::store {

// Who writes: this connection's writer row.
struct Writing {
    Uuid member{};
    std::int16_t ordinal = 0;
    std::int64_t epoch = 0;
    std::int64_t batch = 0;
};

// The blobs that the store is known to have.
using KnownBlobs = std::set<std::pair<RunId, Digest>>;

// Of queries::append_events, of append_starts and append_runs, and of append_all: parts that need
// no more (Part::needs). Blobs that are known are left out.
Parameters append_events_parameters(Writing const& writing, std::vector<Part const*> const& parts);
Parameters append_runs_parameters(Writing const& writing, std::vector<Part const*> const& parts);
Parameters append_all_parameters(Writing const& writing, std::vector<Part const*> const& parts,
                                 KnownBlobs const& known);

}  // namespace resolute::store
