// Which rows change with an event, beside the history itself.
#pragma once

#include "engine/live_run.h"

namespace resolute {

// Call right after the event was folded into `run`.
void project(Run const& run, Event const& event, Projection& projection);

// The run's own row as it should stand after its last event. `is_parked`: nothing is under way, it
// only waits.
enum class Motion { moving, parked };
RunRow row_of(Run const& run, Motion motion, Timestamp now);

}  // namespace resolute
