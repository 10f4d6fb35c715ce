// What an answer, or the lack of one, makes of an attempt: the rules of retry and verification.
//
// Pure: from the outcome, the activity's terms and the moment to the one fact that records it.
#pragma once

#include "engine/activity_handler.h"

namespace resolute {

// The delay before attempt `next` (2 for the first retry), capped by the terms.
Duration delay_before(Terms const& terms, int next);

// From the leave to send a key again to the end of that attempt, at the longest.
Duration resend_horizon(Terms const& terms);

// The leave to send a key again was given too long ago: the system may have forgotten it by now.
bool is_stale(activity::BackingOff const& waits, Terms const& terms, Timestamp now);

// A read whose answer was lost simply failed; a write whose answer was lost is unknown and is
// verified. A failure says nothing of an attempt before it that is still in doubt.
Fact settle(StepId const& step, activity::Running const& running, Effect effect,
            Outcome const& outcome, Terms const& terms, Timestamp now);

// What the system of record said; a system that honours our key says it by answering it once more,
// however often that takes. No person is asked before whatever was sent has had its time: an
// `absent` that is said while a paused process may still send would be wrong a moment later.
ActivityVerified settle(StepId const& step, activity::Uncertain const& was,
                        Verification const& answer, Terms const& terms, Timestamp now);

// A process died, or was fenced, between intent and outcome.
Fact interrupted(StepId const& step, activity::Running const& running, Effect effect,
                 Terms const& terms, Timestamp now);

}  // namespace resolute
