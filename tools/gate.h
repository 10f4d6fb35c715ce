// The gate in front of every tool: known, well-formed, permitted by policy, approved where that is
// asked for.
//
// Pure. Whatever is not expressly permitted does not pass, and neither does anything when the gate
// itself breaks.
#pragma once

#include <functional>

#include "approvals/ask.h"
#include "policy/set.h"
#include "tools/registry.h"

namespace resolute::tools {

struct Gate {
    Registry const& registry;
    policy::Set const& policies;
    // Who stands behind a model's logical name, for claims on approval cards; may be empty.
    std::function<approvals::ModelIdentity(std::string const&)> identify;
};

// The request of the workflow is {tool, arguments}; that of an intent, which is admitted again
// before its approval is used, is {tool, version, arguments}. Never throws.
Admission admit(Gate const& gate, Proposal const& proposal) noexcept;

// What one policy says about a call, {tool, arguments}, that nobody makes: the answer to a policy
// question. Fails when the call is malformed. Never throws.
std::variant<policy::Decision, Failure> consult(Gate const& gate, Proposal const& proposal,
                                                std::string const& policy,
                                                Json const& call) noexcept;

// The digest of what would be sent right now for this attempt (I3): compare it with the intent's
// binding. Refused when something is missing that every binding has.
Result<Digest> binding_of(Registry const& registry, Contract const& contract,
                          Attempt const& attempt);

}  // namespace resolute::tools
