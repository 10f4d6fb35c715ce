// Performs memory steps: explicit remember, recall and forget, each recorded in the run's history.
//
// Request: {op, scope, subject, key, query, value, source, limit}. A recall is a read whose answer
// is recorded, so replay sees what the run saw. Remembering is idempotent by the step's key, and
// what became of a step whose answer was lost is looked up.
#pragma once

#include <functional>

#include "base/clock.h"
#include "engine/activity_handler.h"
#include "memory/step_queue.h"

namespace resolute::memory {

class MemoryHandler final : public ActivityHandler {
  public:
    // `connect` is called on the handler's own thread, again after a connection was lost.
    MemoryHandler(std::function<store::Connection()> connect, Clock const& clock);

    Admission admit(Proposal const& proposal) const override;
    Terms terms(ActivityIntent const& intent) const override;
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override {
        queue_.perform(attempt, std::move(done));
    }
    void verify(Attempt const& attempt, std::function<void(Verification)> done) override {
        queue_.verify(attempt, std::move(done));
    }

  private:
    StepQueue queue_;
};

}  // namespace resolute::memory
