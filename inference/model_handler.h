// Performs model calls: a prompt out of the workflow's request, an answer that satisfies its schema
// or a failure.
//
// Request: {model, instructions, input, output: JSON Schema, limits: {tokens}, fallback}. Every
// question to a backend is an attempt of its own in the history, with its tokens; an answer that
// breaks the schema is the failure of that attempt, and the next one is shown what was wrong
// (bounded repair). Model calls are reads: they change nothing. So many questions to one backend
// are under way at a time; the others wait for their turn, in the store when it does not come soon.
#pragma once

#include <map>
#include <memory>

#include "base/lane.h"
#include "base/limits.h"
#include "engine/activity_handler.h"
#include "inference/backend.h"

namespace resolute::inference {

// Backends by logical name; "*" stands for every name that has none of its own.
using Backends = std::map<std::string, std::shared_ptr<Backend>>;

class ModelHandler final : public ActivityHandler {
  public:
    ModelHandler(Backends backends, Clock const& clock,
                 std::size_t places = limits::model_concurrency);

    Admission admit(Proposal const& proposal) const override;
    Terms terms(ActivityIntent const& intent) const override;
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override;
    void verify(Attempt const& attempt, std::function<void(Verification)> done) override;

  private:
    struct Site {
        std::shared_ptr<Backend> backend;
        std::shared_ptr<Lane> lane;
    };

    Site const* find(std::string const& model) const;
    Site const* site_for(Attempt const& attempt) const;
    void ask(Site const& site, Attempt const& attempt, std::shared_ptr<Prompt const> const& prompt,
             std::function<void(Outcome)> done);

    std::map<std::string, Site> sites_;
    Clock const& clock_;
    std::size_t places_;
};

// The messages of an attempt; after an invalid answer they show it and what was wrong with it.
std::vector<ChatMessage> messages_of(Attempt const& attempt);

}  // namespace resolute::inference
