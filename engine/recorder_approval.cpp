// The part of the Recorder that deals with people: asking, taking answers, using an approval once.
#include <algorithm>

#include "engine/recorder.h"

namespace resolute {
namespace {

Failure over() {
    auto failure =
        validation_failure("This approval is already decided or over.", "approval_already_decided");
    failure.status = 409;
    return failure;
}

}  // namespace

void Recorder::request_approval(ApprovalRequested ask, std::optional<Duration> expires_after) {
    ask.approval = ApprovalId::make(now_, around_.random);
    if (expires_after) ask.expires_at = now_ + *expires_after;
    record(std::move(ask));
}

std::optional<Failure> Recorder::decide(DecideApproval const& message) {
    ApprovalDecided answer{message.approval, message.decision_id, message.decision, message.by,
                           message.digest,   message.comment,     message.form,     message.groups};
    auto const found = run_.approvals.find(message.approval);
    if (found != run_.approvals.end()) {
        auto const same = [&](auto const& d) {
            return d.decision_id == message.decision_id && !d.decision_id.empty();
        };
        // a double click
        if (std::ranges::any_of(found->second.decisions, same)) return std::nullopt;
    }
    auto refusal = found == run_.approvals.end()
                       ? over()
                       : refusal_of(found->second, answer, now_);
    if (refusal) {
        record(
            ApprovalAnswerRefused{message.approval, message.decision, message.by, refusal->detail});
        return refusal;
    }
    record(std::move(answer));
    return std::nullopt;
}

bool Recorder::follow_approval(ApprovalId id) {
    auto const found = run_.approvals.find(id);
    if (found == run_.approvals.end()) return true;
    auto const approval = found->second;
    if (approval.asked.kind == ApprovalKind::question)
        return approval.status == ApprovalStatus::pending;
    if (approval.asked.kind == ApprovalKind::resolution) {
        if (approval.status == ApprovalStatus::answered) settled_by_person(approval);
        return true;
    }
    bool const holds = run_.pause || is_given_up(approval.asked.step);
    if (!holds) follow_tool_approval(approval);
    return true;
}

void Recorder::answer_proposals() {
    auto const approvals = run_.approvals;
    for (auto const& [id, approval] : approvals)
        if (approval.asked.kind == ApprovalKind::tool && !is_ending(run_, approval.asked.step))
            follow_tool_approval(approval);
}

void Recorder::follow_answers(StepId const& step) {
    auto const approvals = run_.approvals;
    for (auto const& [id, approval] : approvals)
        if (approval.asked.kind == ApprovalKind::tool && approval.asked.step == step)
            follow_tool_approval(approval);
}

void Recorder::follow_tool_approval(Approval const& approval) {
    auto const& step = approval.asked.step;
    // Several answers can come in one turn: the first that is followed up settles the matter.
    auto const found = run_.activities.find(step);
    if (found == run_.activities.end() ||
        !std::holds_alternative<activity::Proposed>(found->second.state))
        return;
    switch (approval.status) {
        case ApprovalStatus::approved: return use_approval(approval);
        case ApprovalStatus::rejected: {
            auto const& last = approval.decisions.back();
            auto sentence =
                "Rejected by " + last.by + (last.comment.empty() ? "." : ": " + last.comment);
            return deny(step, "rejected_by_person", std::move(sentence), {});
        }
        case ApprovalStatus::expired:
            return deny(step, "approval_expired", "Nobody decided in time.", {});
        default: return;  // pending: more people must sign
    }
}

// The gate is asked again: what was approved is used only if it is still exactly what would run
// (I3, I5).
void Recorder::use_approval(Approval const& approval) {
    auto const id = approval.asked.approval;
    auto const step = approval.asked.step;
    // It was given while the run was paused, and that took too long (I5).
    if (approval.asked.expires_at && *approval.asked.expires_at <= now_)
        return record(ApprovalExpired{id});
    auto const intent = run_.activities.at(step).intent;
    auto const again = proposal(step, intent.kind, intent.request, intent.key);
    auto const admission = around_.handlers.at(intent.kind)->admit(again);
    auto const* needs = std::get_if<NeedsApproval>(&admission);
    if (needs && needs->ask.digest == approval.asked.digest) return start_attempt(step, {}, id);
    record(ApprovalRevoked{id, "The policy or the tool changed after the approval was asked for."});
    if (auto const* denied = std::get_if<Denied>(&admission))
        return deny(step, "denied_by_policy", denied->sentence, {});
    if (auto const* rejected = std::get_if<Rejected>(&admission))
        return deny(step, rejected->why.code, rejected->why.detail, {});
    record(ActivityCancelled{step, "Proposed anew under the policy now in force."});
    admit(step, again, intent.timeout_ms);
}

void Recorder::ask_what_happened(StepId const& step) {
    auto const& activity = run_.activities.at(step);
    auto const& intent = activity.intent;
    auto const& state = std::get<activity::Uncertain>(activity.state);
    Json card{
        {"sentence", "Did `" + intent.target +
                         "` happen? Its answer was lost and the system of record could not say."},
        {"why", state.why.detail},
        {"risk", "high"},
        {"key", intent.key},
        {"attempt", state.attempt},
        {"arguments", intent.request.json().value("arguments", Json::object())}};
    auto const bytes = to_text(card);
    ApprovalRequested ask{.step = step,
                          .kind = ApprovalKind::resolution,
                          .digest = sha256({to_string(run_.id), step.path, bytes}),
                          .card = Payload(std::move(card)),
                          .choices = {"applied", "absent"}};
    request_approval(std::move(ask), {});
}

void Recorder::settled_by_person(Approval const& approval) {
    auto const& answer = approval.decisions.back();
    auto const step = approval.asked.step;
    auto const verdict = answer.decision == "applied" ? Verdict::applied : Verdict::absent;
    auto const& activity = run_.activities.at(step);
    auto const* uncertain = std::get_if<activity::Uncertain>(&activity.state);
    if (!uncertain) return;  // it was settled meanwhile
    auto const attempt = uncertain->attempt;
    ActivityResolved resolved{step, verdict, answer.by, approval.asked.approval, answer.form, {}};
    if (verdict == Verdict::absent && attempt < terms_of(activity.intent).attempts)
        resolved.retry_at = now_;
    record(std::move(resolved));
}

void Recorder::revoke_approvals(StepId const& step, std::string const& reason,
                                std::optional<ApprovalKind> except) {
    std::vector<ApprovalId> open;
    for (auto const& [id, approval] : run_.approvals) {
        bool const usable = approval.status == ApprovalStatus::pending ||
                            approval.status == ApprovalStatus::approved;
        auto const& asked = approval.asked;
        bool const inside =
            is_within(asked.step, step) && (!is_undoing(asked.step) || is_undoing(step));
        if (usable && asked.kind != except && inside) open.push_back(id);
    }
    for (auto const& id : open) record(ApprovalRevoked{id, reason});
}

void Recorder::wake_approvals() {
    std::vector<ApprovalId> over;
    for (auto const& [id, approval] : run_.approvals)
        if (approval.status == ApprovalStatus::pending && approval.asked.expires_at &&
            *approval.asked.expires_at <= now_)
            over.push_back(id);
    for (auto const& id : over) record(ApprovalExpired{id});
}

}  // namespace resolute
