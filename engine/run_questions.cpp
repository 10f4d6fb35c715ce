// Where a run stands, as questions.
#include <algorithm>

#include "base/error_codes.h"
#include "engine/run.h"

namespace resolute {
namespace {

template <class Map>
bool any_within(Map const& map, StepId const& step, StepId const* except = nullptr) {
    for (auto it = map.lower_bound(step); it != map.end() && it->first.path.starts_with(step.path);
         ++it)
        if (is_within(it->first, step) && !(except && it->first == *except)) return true;
    return false;
}

}  // namespace

Approval const* approval_of(Run const& run, StepId const& step) {
    for (auto const& [id, approval] : run.approvals) {
        bool const usable = approval.status == ApprovalStatus::pending ||
                            approval.status == ApprovalStatus::approved;
        if (usable && approval.asked.step == step) return &approval;
    }
    return nullptr;
}

StepId enclosing_frame(Run const& run, StepId const& step) {
    StepId around = parent_of(step);
    while (!around.path.empty() && !run.frames.contains(around)) around = parent_of(around);
    return around;
}

bool is_open(Run const& run, StepId const& step) {
    auto asks = [&](auto const& item) { return is_within(item.second.asked.step, step); };
    return any_within(run.frames, step) || any_within(run.activities, step) ||
           any_within(run.timers, step) || any_within(run.awaiting, step) ||
           any_within(run.children, step) || any_within(run.mappings, step) ||
           any_within(run.listening, step) || std::ranges::any_of(run.approvals, asks);
}

bool is_ending(Run const& run, StepId const& step) {
    return std::ranges::any_of(run.endings,
                               [&](auto const& item) { return is_within(step, item.first); });
}

std::optional<Timestamp> taken_over_at(Run const& run) {
    // No call is under way where a fork begins; where one is, half of an event was folded.
    if (!run.started.forked || !run.activities.empty()) return std::nullopt;
    auto const& all = run.started.forked->takeovers;
    auto const found = std::ranges::find(all, run.sequence, &Takeover::sequence);
    return found == all.end() ? std::nullopt : std::optional(found->at);
}

bool is_overdue(Run const& run, StepId const& step, Timestamp now) {
    auto const found = run.deadlines.find(step);
    return found != run.deadlines.end() && (found->second.passed || found->second.due <= now);
}

Failure overdue_failure() {
    return timeout_failure("It took longer than its `timeout` allows.", codes::timed_out);
}

bool is_idle(Run const& run, StepId const& frame) {
    auto asks = [&](auto const& item) { return is_within(item.second.asked.step, frame); };
    // One that listens itself, and is busy with the event that came last.
    auto const listening = run.listening.find(frame);
    bool const listens = listening != run.listening.end() && listening->second.waits;
    return !listens && run.frames.contains(frame) && !any_within(run.frames, frame, &frame) &&
           !any_within(run.activities, frame) && !any_within(run.timers, frame) &&
           !any_within(run.awaiting, frame) && !any_within(run.children, frame) &&
           !any_within(run.mappings, frame) && !any_within(run.listening, frame, &frame) &&
           std::ranges::none_of(run.approvals, asks);
}

}  // namespace resolute
