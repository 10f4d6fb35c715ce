// How the steps of a workflow that is code have ended: the part of a run's fold that such a
// workflow is replayed against. Other runs keep none of it.
//
// Pure; part of the fold.
#pragma once

#include "engine/run.h"

namespace resolute {

// The run's workflow is code.
bool is_replayed(Run const& run);

// To be called while the step is still open: what it asked for is read from there. When a sealed
// frame ends, what ended inside it is forgotten.
void note_end(Run& run, StepId const& step, Timestamp at, Payload const& output,
              std::optional<Failure> error);

}  // namespace resolute
