// The seam between the engine and whoever writes workflows: given what just happened, what now?
#pragma once

#include "engine/command.h"
#include "engine/message.h"
#include "engine/run.h"

namespace resolute {

// Immutable and thread-safe: one per definition, shared by all its runs. Must not throw: what goes
// wrong inside becomes a FailStep or a FaultRun.
//
// The engine calls `decide` once for every fact that the front end may care about, right after the
// fact was folded into `run`; the commands are recorded as facts, folded, and decided on in turn,
// until nothing is left to do. Routed by the fact's step: O(depth), never a walk over the history.
//
//   RunStarted         -> BeginWork, or FaultRun when the input breaks the schema
//   WorkStarted        -> the first step's commands
//   StepEntered/-Advanced -> its first child's commands (or its completion, when it has none)
//   StepCompleted/-Skipped -> the next sibling's commands, or the completion of the frame around it
//   StepFailed         -> the frame around it: catch, retry, or FailStep of that frame; FaultRun at
//   the root ActivitySucceeded/-Verified(applied)/-Resolved(applied) -> CompleteStep, output
//   transformed ActivityFailed (final)/-Denied -> FailStep ApprovalDecided of a question
//   (answered)/ApprovalExpired of a question -> CompleteStep / FailStep TimerFired, SignalConsumed
//   -> CompleteStep (or AdvanceStep for a retry's delay)
class Orchestrator {
  public:
    virtual ~Orchestrator() = default;
    virtual Commands decide(Run const& run, Event const& event) const = 0;

    // Commands that go on from every idle frame of a run that was interrupted between decisions;
    // empty when everything open waits for something.
    virtual Commands resume(Run const& run, Timestamp now) const = 0;

    // The run leaves this process's memory: what is kept of it here may go.
    virtual void forget(RunId) const {}

    // What would undo the effect that was applied at this step, when its author said so. Asked once
    // for each, in every state of the run; must not throw.
    virtual std::optional<CompensationPlanned> compensation(Run const&, StepId const&,
                                                            Payload const& /*output*/) const {
        return std::nullopt;
    }

    // Of the filters that the step waits with, the one that lets this event through; the one that
    // the store found, when none does. Asked before the event is recorded; must not throw.
    virtual int slot_for(Run const&, OfferEvent const& offer) const { return offer.slot; }
};

}  // namespace resolute
