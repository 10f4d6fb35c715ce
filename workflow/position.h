// Where an open frame stands: the interpreter's own part of it, as a value and as the JSON that
// history keeps.
#pragma once

#include "engine/run.h"
#include "workflow/tree.h"

namespace resolute::workflow {

struct Position {
    std::int64_t turn = 0;  // of a loop, of a `listen`; of a `try`, how often it was tried again
    std::int64_t lap = 0;     // how often the flow jumped back to an earlier step of the block
    std::size_t at =
        0;       // the step with which the block goes on after the frame was entered or advanced
    bool handling = false;  // in the steps of a `catch`, or in those for an event
    bool paused = false;      // until the delay before a retry is over
    Json error = {};          // that was caught, while handling

    bool begins_block() const { return lap == 0 && at == 0; }
};

Payload to_state(Position const& position);
Position position_of(Frame const& frame);

// One attempt of a `try`, as a step that contains those of its body: "/do/0/guard#1/try".
StepId attempt_of(StepId const& frame, Position const& position);

// The occurrence of a step of this block, in the frame at its position: "/do/1/each#3/do/0/pay@1".
StepId child_of(StepId const& frame, Step const* owner, Position const& position,
                Step const& child);

}  // namespace resolute::workflow
