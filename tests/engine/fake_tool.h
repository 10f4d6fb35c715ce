// A tool under the test's control: what the gate says, how an attempt ends, what the system of
// record answers.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/canonical_json.h"
#include "engine/activity_handler.h"

namespace resolute::testing {

class FakeTool final : public ActivityHandler {
  public:
    enum class Gate { permit, approval, deny, in_process };

    Gate gate = Gate::permit;
    Effect effect = Effect::write;
    Terms how{.attempts = 3, .can_verify = true};
    int policy_version = 1;
    Json asked_people;                    // {users, groups}; null: everybody
    int quorum = 1;
    std::vector<Attempt> performed;
    std::vector<Attempt> asked;

    Admission admit(Proposal const& proposal) const override {
        auto const& tool = proposal.request.json().at("tool").get_ref<std::string const&>();
        auto intent = unbound(proposal, tool, effect);
        intent.binding = binding(proposal);
        switch (gate) {
            case Gate::permit: return Permitted{intent, how, false};
            case Gate::in_process: return Permitted{intent, how, true};
            case Gate::deny: return Denied{intent, "The policy says no."};
            case Gate::approval: break;
        }
        Json card{{"sentence", "May " + tool + " run?"}};
        if (!asked_people.is_null()) card["to"] = asked_people;
        ApprovalRequested ask{.digest = intent.binding,
                              .card = Payload(std::move(card)),
                              .choices = {"approve", "reject"},
                              .not_by = {"initiator"},
                              .quorum = quorum};
        return NeedsApproval{intent, ask, std::chrono::hours(24)};
    }
    Terms terms(ActivityIntent const&) const override { return how; }
    void perform(Attempt const& attempt, std::function<void(Outcome)>) override {
        performed.push_back(attempt);
    }
    void verify(Attempt const& attempt, std::function<void(Verification)>) override {
        asked.push_back(attempt);
    }

  private:
    Digest binding(Proposal const& proposal) const {
        return sha256({to_string(proposal.run), proposal.step.path, proposal.request.text(),
                       std::to_string(policy_version)});
    }
};

}  // namespace resolute::testing
