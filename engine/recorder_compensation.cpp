// The part of the Recorder that undoes what was applied: when the run faults or is cancelled, the
// last effect first, each by a call of its own through the gate.
#include <algorithm>

#include "engine/recorder.h"

namespace resolute {
namespace {

// The step of a call that has had an effect for sure.
StepId const* applied_at(Fact const& fact) {
    if (auto const* succeeded = std::get_if<ActivitySucceeded>(&fact)) return &succeeded->step;
    if (auto const* verified = std::get_if<ActivityVerified>(&fact))
        return verified->verdict == Verdict::applied ? &verified->step : nullptr;
    if (auto const* resolved = std::get_if<ActivityResolved>(&fact))
        return resolved->verdict == Verdict::applied ? &resolved->step : nullptr;
    return nullptr;
}

}  // namespace

// In the turn in which it is known that the effect was applied, also of a run that is cancelled:
// its arguments can be computed now, and need nothing but the history later.
void Recorder::plan_compensation(Fact const& fact) {
    if (auto const* step = applied_at(fact)) plan_compensation_at(*step);
}

void Recorder::plan_compensation_at(StepId const& step) {
    auto const found = run_.activities.find(step);
    if (is_undoing(step) || found == run_.activities.end()) return;
    auto const is_its = [&](CompensationPlanned const& plan) { return plan.step == step; };
    if (std::ranges::any_of(run_.compensations, is_its)) return;
    auto const* succeeded = std::get_if<activity::Succeeded>(&found->second.state);
    if (!succeeded) return;
    if (auto plan = around_.workflow.compensation(run_, step, succeeded->output))
        record(*std::move(plan));
}

// Effects that were applied and of which no plan is in the history: after a load, or because
// several things came in one turn.
void Recorder::plan_missing_compensations() {
    std::vector<StepId> steps;
    for (auto const& [step, activity] : run_.activities) steps.push_back(step);
    for (auto const& step : steps) plan_compensation_at(step);
}

// One after the other, and not before what is under way was settled. True when none is left.
bool Recorder::has_compensated() {
    plan_missing_compensations();
    if (run_.pause) return run_.compensations.empty();
    while (!run_.compensations.empty()) {
        auto const plan = run_.compensations.back();
        if (!compensate(plan)) return false;
    }
    return true;
}

// True when this one is over.
bool Recorder::compensate(CompensationPlanned const& plan) {
    if (plan.error) {
        end_undoing(plan.error);
        return true;
    }
    auto const step = undoing(plan.step);
    auto const due = run_.compensations.size();
    if (live_.unrecorded.contains(step)) return false;
    if (run_.activities.contains(step))
        follow_answers(step);  // that came while the run was paused
    else
        admit(step, proposal(step, plan.kind, plan.request, {}), 0);
    if (run_.compensations.size() < due) return true;  // the gate would not have it
    auto const found = run_.activities.find(step);
    if (found == run_.activities.end()) return false;
    auto const* failed = std::get_if<activity::Failed>(&found->second.state);
    if (failed)
        end_undoing(failed->error);
    else if (std::holds_alternative<activity::Succeeded>(found->second.state))
        end_undoing({});
    else
        return false;
    return true;
}

void Recorder::end_undoing(std::optional<Failure> error) {
    auto const step = run_.compensations.back().step;
    revoke_approvals(undoing(step), "The call that asked is over.");
    record(CompensationEnded{step, std::move(error)});
}

}  // namespace resolute
