// What an answer, or the lack of one, makes of an attempt: the rules of retry and verification.
//
// Pure: from the outcome, the activity's terms and the moment to the one fact that records it.
#pragma once

#include "engine/activity_handler.h"

namespace resolute {

// The delay before attempt `next` (2 for the first retry), capped by the terms.
Duration delay_before(Terms const& terms, int next);

// A read whose answer was lost simply failed; a write whose answer was lost is unknown and is
// verified.
Fact settle(StepId const& step, int attempt, Effect effect, Outcome const& outcome,
            Terms const& terms, Timestamp now);

// What the system of record said. `since`: when the outcome became unknown.
ActivityVerified settle(StepId const& step, int attempt, Verification const& answer,
                        Terms const& terms, Timestamp since, Timestamp now);

// A process died, or was fenced, between intent and outcome.
Fact interrupted(StepId const& step, activity::Running const& running, Effect effect,
                 Terms const& terms, Timestamp now);

}  // namespace resolute
