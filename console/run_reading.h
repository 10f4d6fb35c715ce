// What is shown of a run: where it stands now, and a window of its history. It reads as much of a
// run of a million events as of one of a few thousand.
//
// Blocks for a few round trips; throws StoreUnavailable. Thread-safe as the read model is.
#pragma once

#include <optional>
#include <vector>

#include "engine/event_store.h"
#include "engine/run.h"
#include "engine/store/read_model.h"

namespace resolute::console {

struct RunReading {
    RunRow row;
    std::optional<Run> state;  // now; none: its history is not one that can have happened
    std::uint64_t sequence = 0;  // of its last event
    Timestamp updated_at;  // when that happened
    store::RelatedRuns related;
    Payload case_record;  // of the case that it serves; null when no step opened that
    std::vector<EncodedEvent> window;  // in order, at most limits::steps_shown, each shortened
    std::optional<store::PlaceQueue> place = {};  // when it waits for one
};

// None when there is no such run. The window ends with the run's last event, or with the last one
// before the sequence `before`; where it begins changes only now and then while a run grows.
// The state is folded from the run's newest snapshot, without one of this version from the start.
std::optional<RunReading> read_run(store::ReadModel& reads, RunId run,
                                   std::optional<std::uint64_t> before = {});

}  // namespace resolute::console
