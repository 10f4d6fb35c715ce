// Everything the engine does with tools: the gate before a call, the call, and the question what
// became of it.
//
// Thread-safe. What is deployed can be exchanged at any time; each admission, attempt and
// verification sees one deployment throughout.
#pragma once

#include <memory>
#include <mutex>

#include "tools/dispatcher.h"
#include "tools/gate.h"

namespace resolute::tools {

// What is in force: tools and policies that know each other. Immutable.
struct Deployment {
    std::shared_ptr<Registry const> registry;
    policy::Set policies;
    std::function<approvals::ModelIdentity(std::string const&)>
        identify;  // see tools/gate.h; may be empty
};

class ToolHandler final : public ActivityHandler {
  public:
    ToolHandler(Deployment deployment, Roads roads);

    void deploy(Deployment deployment);  // for calls from now on
    std::shared_ptr<Deployment const> deployment() const;

    Admission admit(Proposal const& proposal) const override;
    Terms terms(ActivityIntent const& intent) const override;
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override;
    void verify(Attempt const& attempt, std::function<void(Verification)> done) override;

  private:
    void ask(std::shared_ptr<Registry const> const& registry, Contract const& contract,
             Attempt const& attempt, std::function<void(Verification)> const& done);

    Clock const& clock_;
    std::shared_ptr<Dispatcher> dispatcher_;
    mutable std::mutex mutex_;
    std::shared_ptr<Deployment const> deployment_;
};

}  // namespace resolute::tools
