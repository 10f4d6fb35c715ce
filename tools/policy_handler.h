// Answers a workflow's policy questions: what would the policy say about this call, and why.
//
// Request: {policy, input: {tool, arguments}}. Output: {decision: permit | review | deny, reasons,
// rules}. Nothing is called, and the gate in front of the tool asks again when the call is made.
// Thread-safe.
#pragma once

#include "tools/tool_handler.h"

namespace resolute::tools {

class PolicyHandler final : public ActivityHandler {
  public:
    // What is in force is the tools'; `tools` outlives this.
    explicit PolicyHandler(ToolHandler const& tools) : tools_(tools) {}

    // The answer is decided here, where the run's facts can be seen, and recorded as the intent's
    // decision.
    Admission admit(Proposal const& proposal) const override;
    Terms terms(ActivityIntent const& intent) const override;
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override;
    void verify(Attempt const& attempt, std::function<void(Verification)> done) override;

  private:
    ToolHandler const& tools_;
};

}  // namespace resolute::tools
