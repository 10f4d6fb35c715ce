// A stored run against a definition that it does not follow: would it have asked for what happened?
//
// Reads the history page by page and keeps none of it. Blocks; throws StoreUnavailable while the
// database cannot be reached.
#pragma once

#include "engine/comparison.h"
#include "engine/store/read_model.h"

namespace resolute::cli {

struct Checked {
    std::optional<Difference> first;  // none: it fits
    std::uint64_t sequence = 0;  // of the last event that was looked at
    std::uint64_t compared = 0;  // facts that the workflow asked for as they were recorded
};

Checked check(store::ReadModel& reads, RunRow const& run, Orchestrator const& workflow);
Json to_json(std::optional<Difference> const& difference);  // {sequence, step, sentence} or null

}  // namespace resolute::cli
