// The part of the Recorder that ends what is not over inside: losing branches, branches beside a
// failed one, cancelled runs. Effects that went out are settled first; what has not gone out never
// will.
#include <algorithm>

#include "base/error_codes.h"
#include "engine/recorder.h"

namespace resolute {
namespace {

// A write of which something may have reached the outside, and no verdict yet.
bool is_at_large(Activity const& activity) {
    return std::holds_alternative<activity::Uncertain>(activity.state) ||
           (std::holds_alternative<activity::Running>(activity.state) &&
            activity.intent.effect != Effect::read);
}

// Nothing of it is on its way, but an attempt was lost, and the one that was to tell is not made.
std::optional<ActivityUnknown> left_in_doubt(StepId const& step, Activity const& activity,
                                             Timestamp ask_at) {
    if (auto const* waits = std::get_if<activity::BackingOff>(&activity.state);
        waits && waits->in_doubt)
        return ActivityUnknown{step, waits->attempts, waits->why, ask_at};
    if (auto const* unsent = std::get_if<activity::Running>(&activity.state);
        unsent && unsent->in_doubt)
        return ActivityUnknown{step, unsent->attempt,
                               communication_failure("An earlier attempt was lost.", "interrupted"),
                               ask_at};
    return std::nullopt;
}

// "The bank said no. What `pay` did could not be undone."
std::string with_standing(std::string detail, std::vector<StepId> const& standing) {
    for (auto const& step : standing)
        detail +=
            (detail.empty() ? "" : " ") + ("What `" + name_of(step)) + "` did could not be undone.";
    return detail;
}

}  // namespace

// True when nothing inside has to be settled any more.
bool Recorder::withdraw(StepId const& step, std::string const& reason) {
    std::erase_if(live_.unrecorded, [&](auto const& item) {
        return is_within(item.first, step) && !is_undoing(item.first);
    });
    // An effect whose intent is not even handed over to be committed was never sent.
    auto const is_unsent = [&](StepId const& id) {
        return std::erase_if(live_.dispatches, [&](Dispatch const& dispatch) {
                   return dispatch.what == Dispatch::What::perform && dispatch.attempt.step == id;
               }) > 0;
    };
    std::vector<StepId> activities;
    std::vector<ActivityUnknown> doubtful;
    std::vector<StepId> timers;
    bool settled = true;
    for (auto const& [id, activity] : run_.activities) {
        if (!is_within(id, step) || activity.is_settled() || is_undoing(id)) continue;
        bool const may_be_out = !is_unsent(id) && is_at_large(activity);
        auto unknown = left_in_doubt(id, activity, now_ + terms_of(activity.intent).settle);
        if (may_be_out || unknown) settled = false;
        if (may_be_out) continue;
        if (unknown)
            doubtful.push_back(std::move(*unknown));
        else
            activities.push_back(id);
    }
    for (auto const& [id, timer] : run_.timers)
        if (is_within(id, step)) timers.push_back(id);
    if (settled)
        revoke_approvals(step, reason);
    else
        revoke_approvals(step, reason, ApprovalKind::resolution);
    for (auto& unknown : doubtful) record(std::move(unknown));
    for (auto const& id : activities) record(ActivityCancelled{id, reason});
    for (auto const& id : timers) record(TimerCancelled{id});
    stop_listening(step);
    bool const children_ended = withdraw_children(step, reason);
    return withdraw_items(step, reason) && children_ended && settled;
}

void Recorder::end(EndDecided how, std::string const& reason) {
    // What was applied in this very turn, too, before that in which it stood is gone.
    plan_missing_compensations();
    bool const undoes = how.step.path.empty() && how.error && !run_.compensations.empty();
    if (withdraw(how.step, reason) && !undoes)
        conclude(how);
    else
        record(std::move(how));
}

void Recorder::conclude(EndDecided const& how) {
    bool const is_run = how.step.path.empty();
    bool const was_cancelled = !how.error || how.error->code == codes::run_cancelled;
    if (is_run && run_.compensates && was_cancelled) {
        record(RunCancelled{run_.cancel->by, run_.cancel->reason});
    } else if (is_run && how.error) {
        auto error = *how.error;
        error.detail = with_standing(std::move(error.detail), run_.standing);
        record(RunFaulted{std::move(error)});
    } else if (is_run)
        record(RunCompleted{how.output});
    else if (how.error)
        record(StepFailed{how.step, *how.error});
    else
        record(StepCompleted{how.step, how.output, how.context, how.next});
}

void Recorder::finish_endings() {
    if (run_.endings.empty()) return;
    auto const endings = run_.endings;
    for (auto const& [step, how] : endings) {
        if (!run_.endings.contains(step)) continue;  // one around it is concluded: so is this
        if (!withdraw(step, "What was around it is over.")) continue;
        // From here on the run only undoes: a step that ended now would take its undoing with it.
        if (step.path.empty() && how.error && !has_compensated()) return;
        plan_missing_compensations();
        conclude(how);
        if (run_.is_closed()) return;
    }
}

// A call with an effect that is under way is not called late before it is known what became of it:
// if it was applied after all, the step has succeeded. Everything else ends now.
void Recorder::finish_overdue() {
    std::vector<StepId> overdue;
    for (auto const& [step, deadline] : run_.deadlines)
        if (deadline.passed && !is_ending(run_, step)) overdue.push_back(step);
    for (auto const& step : overdue) {
        if (run_.is_closed() || !run_.deadlines.contains(step)) continue;
        // What has happened inside before is decided on first; then this is asked again.
        if (is_undecided_within(step)) continue;
        auto const found = run_.activities.find(step);
        if (found == run_.activities.end()) {
            fail(step, overdue_failure());
            continue;
        }
        auto const& activity = found->second;
        auto const* waits = std::get_if<activity::BackingOff>(&activity.state);
        bool const is_in_doubt = is_at_large(activity) || (waits && waits->in_doubt);
        if (!activity.is_settled() && !is_in_doubt) fail(step, overdue_failure());
    }
}

bool Recorder::is_undecided_within(StepId const& step) const {
    return std::ranges::any_of(live_.undecided, [&](auto const& event) {
        return std::visit(
            [&](auto const& now) {
                if constexpr (requires { now.step; })
                    return is_within(now.step, step);
                else
                    return false;
            },
            event->fact);
    });
}

bool Recorder::is_late(StepId const& step) const {
    auto const deadline = run_.deadlines.find(step);
    return deadline != run_.deadlines.end() && deadline->second.passed;
}

bool Recorder::is_given_up(StepId const& step) const {
    return !is_undoing(step) && (run_.is_stopping() || is_ending(run_, step));
}

// A run whose effects stand was not simply cancelled.
void Recorder::finish_cancel() {
    if (!withdraw({}, "The run was cancelled.") || !has_compensated()) return;
    if (run_.standing.empty()) return record(RunCancelled{run_.cancel->by, run_.cancel->reason});
    record(RunFaulted{runtime_failure(with_standing("It was cancelled.", run_.standing),
                                      codes::compensation_failed)});
}

bool Recorder::is_about_ending(Fact const& fact) const {
    if (run_.endings.empty()) return false;
    return std::visit(
        [this](auto const& now) {
            if constexpr (requires { now.step; }) {
                return is_ending(run_, now.step);
            } else if constexpr (requires { now.approval; }) {
                auto const found = run_.approvals.find(now.approval);
                return found != run_.approvals.end() && is_ending(run_, found->second.asked.step);
            } else {
                return false;
            }
        },
        fact);
}

}  // namespace resolute
