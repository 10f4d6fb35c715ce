// The part of an Instance that listens to the engine: what an event, or a look at everything that
// is open, makes the workflow ask for.
#include <algorithm>

#include "base/json_differences.h"
#include "engine/expectation.h"
#include "workflow/sdk/instance.h"

namespace resolute::sdk {
namespace {

bool is_frame(Operation const& operation) { return operation.asking.kind == "frame"; }

bool has_begun(Run const& run, StepId const& step) {
    return run.frames.contains(step) || run.activities.contains(step) ||
           run.step_started.contains(step) || run.taken.contains(step);
}

Approval const* question_at(Run const& run, StepId const& step) {
    for (auto const& [id, approval] : run.approvals)
        if (approval.asked.kind == ApprovalKind::question && approval.asked.step == step)
            return &approval;
    return nullptr;
}

Json answer_json(Approval const& approval, Timestamp at) {
    auto const& answer = approval.decisions.back();
    return {{"decision", answer.decision},
            {"by", answer.by},
            {"at", to_string(at)},
            {"form", answer.form.json()},
            {"comment", answer.comment}};
}

Json nobody_json(std::string const& decision, Timestamp at) {
    return {{"decision", decision},
            {"by", nullptr},
            {"at", to_string(at)},
            {"form", nullptr},
            {"comment", "Nobody decided in time."}};
}

// A write that is under way is settled, not given up.
bool can_be_given_up(Run const& run, StepId const& step) {
    auto const found = run.activities.find(step);
    return found == run.activities.end() || found->second.intent.effect == Effect::read ||
           std::holds_alternative<activity::Proposed>(found->second.state);
}

// What has become of an open step, when that is known.
struct Becoming {
    Run const& run;
    Timestamp now;
    Operation const& operation;

    std::optional<StepEnd> of_activity() const {
        auto const found = run.activities.find(operation.step);
        if (found == run.activities.end()) return std::nullopt;
        if (auto const* good = std::get_if<activity::Succeeded>(&found->second.state))
            return StepEnd{good->output, {}};
        if (auto const* bad = std::get_if<activity::Failed>(&found->second.state))
            return StepEnd{{},
                           is_overdue(run, operation.step, now) ? overdue_failure() : bad->error};
        return std::nullopt;
    }
    std::optional<StepEnd> of_approval() const {
        auto const* approval = question_at(run, operation.step);
        if (!approval) return std::nullopt;
        if (approval->status == ApprovalStatus::answered)
            return StepEnd{Payload(answer_json(*approval, now)), {}};
        if (approval->status != ApprovalStatus::expired) return std::nullopt;
        auto const& decision = operation.asking.decision_when_expired;
        if (decision.empty())
            return StepEnd{{}, timeout_failure("Nobody decided in time.", "approval_expired")};
        return StepEnd{Payload(nobody_json(decision, now)), {}};
    }
    std::optional<StepEnd> of_child() const {
        auto const found = run.children.find(operation.step);
        if (found == run.children.end() || !found->second.end) return std::nullopt;
        auto const& end = *found->second.end;
        if (end.how == ChildEnd::completed) return StepEnd{end.output, {}};
        auto error = end.error.value_or(runtime_failure(
            "The run " + to_string(found->second.run) + " was cancelled.", codes::child_cancelled));
        error.instance.clear();
        return StepEnd{{}, std::move(error)};
    }
    std::optional<StepEnd> of_event() const {
        auto const found = run.listening.find(operation.step);
        if (found == run.listening.end() || found->second.waits || found->second.heard.empty())
            return std::nullopt;
        auto const& event = found->second.heard.back().event;
        return StepEnd{event.member("data").value_or(Payload()), {}};
    }
    std::optional<StepEnd> known() const {
        auto const& kind = operation.asking.kind;
        if (kind == "approval") return of_approval();
        if (kind == "run") return of_child();
        if (kind == "event") return of_event();
        if (kind == "signal") {
            auto const found = run.taken.find(operation.step);
            if (found == run.taken.end()) return std::nullopt;
            return StepEnd{found->second.content, {}};
        }
        if (kind == "wait") {
            bool const rang =
                run.step_started.contains(operation.step) && !run.timers.contains(operation.step);
            return rang ? std::optional<StepEnd>(StepEnd{}) : std::nullopt;
        }
        return of_activity();
    }
};

}  // namespace

void Instance::follow_up(Operation& operation, Run const& run) {
    if (is_frame(operation) || is_ending(run, operation.step)) return;
    auto outcome = Becoming{run, now_, operation}.known();
    if (!outcome) return;
    if (outcome->error)
        push(FailStep{operation.step, *std::move(outcome->error)});
    else
        push(CompleteStep{operation.step, std::move(outcome->output), {}, {}});
}

Commands Instance::catch_up(Run const& run, Knowledge knowledge) {
    cancelling_ = run.cancel && run.compensates;
    for (auto* operation : in_order()) {
        auto const* around = operation->scope->owner;
        bool const is_over = is_ending(run, operation->step) || (around && around->was_told);
        if (is_over) continue;
        bool const begun = has_begun(run, operation->step);
        if (!begun) {
            begin(*operation);
        } else if (auto const found = run.activities.find(operation->step);
                   found != run.activities.end() &&
                   as_asked(found->second.intent.request.json(), operation->asking.asked.json()) !=
                       operation->asking.asked.json()) {
            throw CorruptHistory("the workflow's code does not fit its history at `" +
                                 operation->step.path + "`: " +
                                 differences(as_asked(found->second.intent.request.json(),
                                                      operation->asking.asked.json()),
                                             operation->asking.asked.json()));
        } else if (cancelling_ && !is_frame(*operation) && !operation->scope->lane->told &&
                   can_be_given_up(run, operation->step)) {
            push(FailStep{operation->step, cancelled_failure()});
        } else if (knowledge == Knowledge::interrupted) {
            follow_up(*operation, run);
        }
        if (operation->end && !operation->was_told) push(*operation->end);
    }
    if (end_) push(*end_);
    return std::exchange(commands_, {});
}

void Instance::cancel(Run const& run) {
    cancelling_ = true;
    for (auto* operation : in_order())
        if (!is_frame(*operation) && !operation->scope->lane->told &&
            !is_ending(run, operation->step) && can_be_given_up(run, operation->step))
            push(FailStep{operation->step, cancelled_failure()});
}

Commands Instance::follow(Run const& run, Event const& event) {
    now_ = event.at;
    sequence_ = event.sequence;
    auto with = [&](StepId const& step, auto const& then) {
        if (auto* operation = find(step)) then(*operation);
    };
    auto look = [&](Operation& operation) { follow_up(operation, run); };
    std::visit(
        [&](auto const& now) {
            using F = std::remove_cvref_t<decltype(now)>;
            if constexpr (std::is_same_v<F, StepCompleted>)
                with(now.step, [&](Operation& o) { deliver(o, {now.output, {}}); });
            else if constexpr (std::is_same_v<F, StepFailed>)
                with(now.step, [&](Operation& o) { deliver(o, {{}, now.error}); });
            else if constexpr (std::is_same_v<F, CancelRequested>)
                cancel(run);
            else if constexpr (requires { now.step; })
                with(now.step, look);
            else if constexpr (requires { now.approval; })
                if (auto const found = run.approvals.find(now.approval);
                    found != run.approvals.end())
                    with(found->second.asked.step, look);
        },
        event.fact);
    return std::exchange(commands_, {});
}

}  // namespace resolute::sdk
