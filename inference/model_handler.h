// Performs model calls: a prompt out of the workflow's request, an answer that satisfies its schema
// or a failure.
//
// Request: {model, instructions, input, output: JSON Schema, limits: {tokens}, fallback}. Every
// question to a backend is an attempt of its own in the history, with its tokens; an answer that
// breaks the schema is the failure of that attempt, and the next one is shown what was wrong
// (bounded repair). Model calls are reads: they change nothing.
#pragma once

#include <map>
#include <memory>

#include "engine/activity_handler.h"
#include "inference/backend.h"

namespace resolute::inference {

// Backends by logical name; "*" stands for every name that has none of its own.
using Backends = std::map<std::string, std::shared_ptr<Backend>>;

class ModelHandler final : public ActivityHandler {
  public:
    explicit ModelHandler(Backends backends) : backends_(std::move(backends)) {}

    Admission admit(Proposal const& proposal) const override;
    Terms terms(ActivityIntent const& intent) const override;
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override;
    void verify(Attempt const& attempt, std::function<void(Verification)> done) override;

  private:
    std::shared_ptr<Backend> find(std::string const& model) const;
    std::shared_ptr<Backend> backend_for(Attempt const& attempt) const;

    Backends backends_;
};

// The messages of an attempt; after an invalid answer they show it and what was wrong with it.
std::vector<ChatMessage> messages_of(Attempt const& attempt);

}  // namespace resolute::inference
