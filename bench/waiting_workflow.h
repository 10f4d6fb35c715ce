// A workflow that waits for one event and is over: the YAML has no `listen` yet, so it is written
// against the same seam that the YAML's interpreter implements.
#pragma once

#include "engine/orchestrator.h"

namespace resolute::bench {

class WaitingWorkflow final : public Orchestrator {
  public:
    Commands decide(Run const&, Event const& event) const override {
        if (auto const* started = std::get_if<RunStarted>(&event.fact))
            return {BeginWork{started->input, {}}};
        if (std::holds_alternative<WorkStarted>(event.fact)) return {AwaitSignal{step(), "news"}};
        if (std::holds_alternative<SignalConsumed>(event.fact))
            return {CompleteStep{step(), Payload(), {}, {}}};
        if (std::holds_alternative<StepCompleted>(event.fact)) return {CompleteRun{Payload()}};
        return {};
    }
    Commands resume(Run const& run, Timestamp) const override {
        if (!is_idle(run, StepId{})) return {};
        if (run.frames.at(StepId{}).last) return {CompleteRun{Payload()}};
        return {AwaitSignal{step(), "news"}};
    }

  private:
    static StepId step() { return {"/do/0/listen"}; }
};

}  // namespace resolute::bench
