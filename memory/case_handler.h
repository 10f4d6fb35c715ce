// Performs case steps: open, assign, note and close, each an entry of the case and in the run's
// history.
//
// Request: see memory/case_record.h. The output is the record after the step. The same step sent
// again changes nothing and answers what it answered first; what became of one whose answer was
// lost is looked up.
#pragma once

#include "memory/case_record.h"
#include "memory/step_queue.h"

namespace resolute::memory {

class CaseHandler final : public ActivityHandler {
  public:
    // `connect` is called on the handler's own thread, again after a connection was lost.
    CaseHandler(std::function<store::Connection()> connect, Clock const& clock);

    Admission admit(Proposal const& proposal) const override { return admit_case(proposal); }
    Terms terms(ActivityIntent const&) const override { return step_terms(); }
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override {
        queue_.perform(attempt, std::move(done));
    }
    void verify(Attempt const& attempt, std::function<void(Verification)> done) override {
        queue_.verify(attempt, std::move(done));
    }

    static Admission admit_case(Proposal const& proposal);

  private:
    StepQueue queue_;
};

}  // namespace resolute::memory
