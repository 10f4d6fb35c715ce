// Turns "a person must approve this" into what the person is asked: a card, a binding, and its
// digest.
//
// Pure and deterministic: the same proposal under the same policy and contract gives the same
// digest, so that the gate can ask again before it uses an approval and see whether anything
// changed (I3, I5).
#pragma once

#include <functional>
#include <map>
#include <string>

#include "approvals/binding.h"
#include "engine/activity_handler.h"
#include "policy/decision.h"
#include "policy/request.h"

namespace resolute::approvals {

// What the contract says about the tool, as far as a reviewer and a policy are concerned.
struct ToolFace {
    std::string name;
    std::string version;
    std::string title;
    Effect effect = Effect::irreversible;
    bool is_reversible = false;        // the contract names how to compensate it
    std::string sentence;              // template; "" = made from the title
    Payload input = Json::object();    // JSON Schema
    Digest contract;
    std::string server_identity;       // "" when it runs in this process
};

struct ModelIdentity {
    std::string label;
    bool is_scripted = false;
};

struct Question {
    Proposal const& proposal;
    ToolFace const& tool;
    Payload arguments;                 // exactly what will be sent
    policy::Decision const& decision;  // its verdict is require_approval
    Json labels = Json::object();
    std::string on_behalf_of = {};
    Json preconditions = Json::array();
    // Who stands behind a model's logical name; without it claims are shown under that name.
    std::function<ModelIdentity(std::string const&)> identify = {};
};

// The binding of a call that needs no approval, so that its intent can name exactly what runs.
struct Bound {
    Binding binding;
    Digest digest;
};
Result<Bound> bind(Question const& question);

struct Asked {
    ApprovalRequested ask;             // the engine adds ids and times
    Duration expires_after{};
    Bound bound;
};

// Refused when the binding is incomplete or has no canonical form; then nothing may be approved.
Result<Asked> ask(Question const& question);

// What the policy is asked about a proposal; `$facts` are the outputs that the step can see.
policy::Request policy_request(Proposal const& proposal, ToolFace const& tool, Payload arguments);

// Outputs of completed steps by name as `step` sees them: inner frames hide outer ones.
std::map<std::string, Payload> facts_of(Run const& run, StepId const& step);

}  // namespace resolute::approvals
