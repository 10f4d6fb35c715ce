#include "approvals/ask.h"

#include <algorithm>

#include "approvals/card.h"
#include "base/canonical_json.h"

namespace resolute::approvals {

Result<Bound> bind(Question const& question) {
    auto const& proposal = question.proposal;
    Binding binding;
    binding.tenant = proposal.tenant;
    binding.run = proposal.run;
    binding.step = proposal.step;
    binding.tool = question.tool.name;
    binding.tool_version = question.tool.version;
    binding.schema_digest = question.tool.contract;
    binding.server_identity = question.tool.server_identity;
    binding.principal = proposal.started_by;
    binding.on_behalf_of = question.on_behalf_of;
    binding.arguments = question.arguments;
    binding.labels = question.labels;
    binding.idempotency_key = proposal.key;
    binding.policy_digest = question.decision.policy;
    binding.evidence_root = question.decision.approval ? evidence_root(*question.decision.approval)
                                                       : evidence_root(policy::ApprovalTerms{});
    binding.preconditions = question.preconditions;
    auto const digest = digest_of(binding);
    if (!digest) return digest.diagnostics();
    return Bound{std::move(binding), *digest};
}

Result<Asked> ask(Question const& question) {
    auto bound = bind(question);
    if (!bound) return bound.diagnostics();
    auto const arguments_text = canonical_json(question.arguments.json());
    if (!arguments_text) return arguments_text.diagnostics();

    auto const& terms = *question.decision.approval;
    Asked asked;
    asked.ask.step = question.proposal.step;
    asked.ask.kind = ApprovalKind::tool;
    asked.ask.digest = bound->digest;
    auto card = card_of(question, *arguments_text);
    asked.ask.choices = {"approve", "reject"};
    asked.ask.not_by = terms.not_by;
    asked.ask.quorum = terms.quorum;
    card["binding"] = to_json(bound->binding).value();
    card["choices"] = asked.ask.choices;
    card["notBy"] = asked.ask.not_by;
    card["quorum"] = asked.ask.quorum;
    asked.ask.card = Payload(std::move(card));
    asked.expires_after = terms.expires_after;
    asked.bound = std::move(*bound);
    return asked;
}

std::map<std::string, Payload> facts_of(Run const& run, StepId const& step) {
    std::map<std::string, Payload> facts;
    for (auto at = step; !at.path.empty();) {
        at = enclosing_frame(run, at);
        auto const frame = run.frames.find(at);
        if (frame == run.frames.end()) break;
        facts.insert(frame->second.tasks.begin(),
                     frame->second.tasks.end());  // an inner one is there already
    }
    return facts;
}

policy::Request policy_request(Proposal const& proposal, ToolFace const& tool, Payload arguments) {
    policy::Request request;
    request.tenant = proposal.tenant;
    request.principal = {"person", proposal.started_by, {}};
    request.tool = tool.name;
    request.tool_version = tool.version;
    request.effect = tool.effect == Effect::read    ? policy::Effect::read
                     : tool.effect == Effect::write ? policy::Effect::write
                                                    : policy::Effect::irreversible;
    request.arguments = std::move(arguments);
    if (proposal.history) {
        request.input = proposal.history->started.input;
        request.facts = facts_of(*proposal.history, proposal.step);
    }
    request.workflow = proposal.workflow.name;
    request.workflow_version = proposal.workflow.version;
    request.workflow_digest = proposal.workflow.digest;
    request.run = to_string(proposal.run);
    request.step = proposal.step.path;
    request.case_id = proposal.case_id;
    request.at = proposal.at;
    return request;
}

}  // namespace resolute::approvals
