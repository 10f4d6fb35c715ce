// A call that was not sent because too much else is waiting: it waits in the store for its turn,
// and no attempt of it is used up.
#pragma once

#include "engine/activity_handler.h"

namespace resolute {

// What a handler answers instead of sending. The wait grows from one postponement of a call to the
// next, and differs from run to run so that they do not come back all at once; at least `wait`.
// Pure.
outcome::Failed postponed(Attempt const& attempt, Failure why, Duration wait = Duration::zero());
// The same, of whoever keeps no attempt: its run and the evidence that it brought.
outcome::Failed postponed(RunId run, Payload const& last_evidence, Failure why, Duration wait);

}  // namespace resolute
