// Runs a definition: the engine's seam `Orchestrator` for workflows that are written in YAML.
//
// Holds nothing of a run: where a run stands is in its frames. Thread-safe; one interpreter serves
// all runs of a definition. Never throws for what a workflow does wrong: that becomes the failure
// of a step.
#pragma once

#include <memory>

#include "engine/orchestrator.h"
#include "workflow/tree.h"

namespace resolute::workflow {

class Interpreter final : public Orchestrator {
  public:
    explicit Interpreter(std::shared_ptr<Definition const> definition)
        : definition_(std::move(definition)) {}

    Commands decide(Run const& run, Event const& event) const override;
    Commands resume(Run const& run, Timestamp now) const override;
    std::optional<CompensationPlanned> compensation(Run const& run, StepId const& step,
                                                    Payload const& output) const override;
    int slot_for(Run const& run, OfferEvent const& offer) const override;

    Definition const& definition() const { return *definition_; }

  private:
    std::shared_ptr<Definition const> definition_;
};

}  // namespace resolute::workflow
