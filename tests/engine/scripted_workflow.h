// A workflow for tests of the core: a list of calls, one after the other, without any language
// around it.
#pragma once

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/activity_handler.h"
#include "engine/orchestrator.h"

namespace resolute::testing {

// What the gate of a tool says that anybody may call.
inline Permitted permitted(Proposal const& proposal, std::string target, Effect effect,
                           Terms const& terms) {
    return {unbound(proposal, std::move(target), effect), terms, false};
}

struct ScriptedStep {
    std::string name;
    // tool, timer, moment (a timer whose end is named), question,
    // signal, child, event, emit, broken; pair: two calls at once
    std::string kind = "tool";
    Duration wait{};  // of a timer; of a tool, its time limit
};

// Steps run in order; a failed one faults the run.
class ScriptedWorkflow final : public Orchestrator {
  public:
    explicit ScriptedWorkflow(std::vector<ScriptedStep> steps) : steps_(std::move(steps)) {}

    Commands decide(Run const& run, Event const& event) const override {
        auto const& fact = event.fact;
        if (auto const* started = std::get_if<RunStarted>(&fact))
            return {BeginWork{started->input, {}}};
        if (auto const* work = std::get_if<WorkStarted>(&fact))
            return begin(0, work->input, event.at);
        if (auto const* done = std::get_if<StepCompleted>(&fact))
            return after(done->step, done->output, event.at);
        if (auto const* good = std::get_if<ActivitySucceeded>(&fact))
            return {CompleteStep{good->step, good->output, {}, {}}};
        if (auto const* good = std::get_if<ActivityVerified>(&fact))
            return {CompleteStep{good->step, good->output, {}, {}}};
        if (auto const* good = std::get_if<ActivityResolved>(&fact))
            return {CompleteStep{good->step, good->output, {}, {}}};
        if (auto const* heard = std::get_if<EventReceived>(&fact))
            return {CompleteStep{heard->step, heard->event, {}, {}}};
        if (auto const* child = std::get_if<ChildEnded>(&fact)) return after_child(*child);
        if (auto const* fired = std::get_if<TimerFired>(&fact))
            return {CompleteStep{fired->step, Payload(), {}, {}}};
        if (auto const* used = std::get_if<SignalConsumed>(&fact))
            return {CompleteStep{used->step, Payload(), {}, {}}};
        if (auto const* bad = std::get_if<ActivityFailed>(&fact))
            return {FailStep{bad->step, bad->error}};
        if (auto const* bad = std::get_if<StepFailed>(&fact)) return {FaultRun{bad->error}};
        if (auto const* answer = std::get_if<ApprovalDecided>(&fact))
            return {CompleteStep{run.approvals.at(answer->approval).asked.step,
                                 Payload(Json(answer->decision)),
                                 {},
                                 {}}};
        return {};
    }

    Commands resume(Run const& run, Timestamp now) const override {
        for (auto const& [step, activity] : run.activities) {
            if (auto const* good = std::get_if<activity::Succeeded>(&activity.state))
                return {CompleteStep{step, good->output, {}, {}}};
            if (auto const* bad = std::get_if<activity::Failed>(&activity.state))
                return {FailStep{step, bad->error}};
        }
        for (auto const& [step, listening] : run.listening)
            if (!listening.waits && !listening.heard.empty())
                return {CompleteStep{step, listening.heard.back().event, {}, {}}};
        for (auto const& [step, child] : run.children)
            if (child.end) return after_child(*child.end);
        for (auto const& [id, approval] : run.approvals)
            if (approval.status == ApprovalStatus::answered &&
                approval.asked.kind == ApprovalKind::question)
                return {CompleteStep{approval.asked.step,
                                     Payload(Json(approval.decisions.back().decision)),
                                     {},
                                     {}}};
        for (auto const& [step, started] : run.step_started)
            if (!is_open(run, step)) return {CompleteStep{step, Payload(), {}, {}}};
        if (!is_idle(run, StepId{})) return {};
        auto const& root = run.frames.at(StepId{});
        if (!root.last) return begin(0, root.input, now);
        return after(root.last->step, root.last->output, now);
    }

    StepId id(std::size_t index) const {
        return {"/do/" + std::to_string(index) + "/" + steps_[index].name};
    }

  private:
    Commands begin(std::size_t index, Payload const& input, Timestamp now) const {
        auto const& step = steps_[index];
        if (step.kind == "timer") return {StartTimer{id(index), now + step.wait}};
        if (step.kind == "moment") return {StartTimer{id(index), now + step.wait, true}};
        if (step.kind == "broken") throw std::runtime_error("This step cannot be decided.");
        if (step.kind == "event")
            return {AwaitEvents{id(index), Payload(Json{{{"slot", 0}, {"type", step.name}}})}};
        if (step.kind == "emit") return emit(index, step.name, now);
        if (step.kind == "child") return {StartChild{id(index), step.name, "", input}};
        if (step.kind == "signal") return {AwaitSignal{id(index), step.name}};
        if (step.kind == "question")
            return {AskPerson{
                id(index), Payload(Json{{"sentence", step.name}}), {"yes", "no"}, {}, 1, {}}};
        Commands commands;
        if (step.wait > Duration::zero())
            commands.push_back(SetDeadline{id(index), now + step.wait});
        auto const call = [&](StepId const& at) {
            Json request{{"tool", step.name}, {"arguments", {{"input", input.json()}}}};
            commands.push_back(CallActivity{at, "tool", Payload(std::move(request)), {}, {}});
        };
        call(id(index));
        if (step.kind == "pair")  // only the first one leads to the next step
            call({"/do/" + std::to_string(index) + "/beside"});
        return commands;
    }

    Commands emit(std::size_t index, std::string const& type, Timestamp now) const {
        Json const event{
            {"id", std::to_string(now.microseconds) + "-" + std::to_string(++emitted_)},
            {"source", "test"},
            {"type", type}};
        return {EmitEvent{id(index), Payload(event)},
                CompleteStep{id(index), Payload(event), {}, {}}};
    }

    static Commands after_child(ChildEnded const& child) {
        if (child.how == ChildEnd::completed)
            return {CompleteStep{child.step, child.output, {}, {}}};
        return {FailStep{child.step, child.error.value_or(runtime_failure("It was cancelled."))}};
    }

    Commands after(StepId const& step, Payload const& output, Timestamp now) const {
        for (std::size_t i = 0; i < steps_.size(); ++i)
            if (id(i) == step)
                return i + 1 == steps_.size() ? Commands{CompleteRun{output}}
                                              : begin(i + 1, output, now);
        return {};
    }

    std::vector<ScriptedStep> steps_;
    mutable std::atomic<int> emitted_ = 0;
};

}  // namespace resolute::testing
