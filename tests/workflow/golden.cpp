#include "tests/workflow/golden.h"

namespace resolute::testing {
namespace {

ActivityIntent const* intent_of(Fact const& fact) {
    if (auto const* f = std::get_if<ActivityProposed>(&fact)) return &f->intent;
    auto of = [](auto const* f) { return f && f->intent ? &*f->intent : nullptr; };
    for (auto const* intent :
         {of(std::get_if<ActivityDenied>(&fact)), of(std::get_if<ActivityStarted>(&fact)),
          of(std::get_if<ActivitySucceeded>(&fact)), of(std::get_if<ActivityFailed>(&fact))})
        if (intent) return intent;
    return nullptr;
}

StepId step_of(Fact const& fact) {
    return std::visit(
        [](auto const& f) {
            if constexpr (requires { f.step; })
                return StepId(f.step);
            else
                return StepId{};
        },
        fact);
}

// Commands that become one fact, as that fact; a call becomes one only behind the gate.
std::optional<Fact> plain_fact(Command const& command) {
    if (auto const* c = std::get_if<BeginWork>(&command)) return WorkStarted{c->input, c->context};
    if (auto const* c = std::get_if<EnterStep>(&command))
        return StepEntered{c->step, c->kind, c->input, c->state};
    if (auto const* c = std::get_if<AdvanceStep>(&command))
        return StepAdvanced{c->step, c->state, c->restarts};
    if (auto const* c = std::get_if<CompleteStep>(&command))
        return StepCompleted{c->step, c->output, c->context, c->next};
    if (auto const* c = std::get_if<SkipStep>(&command)) return StepSkipped{c->step, c->next};
    if (auto const* c = std::get_if<FailStep>(&command)) return StepFailed{c->step, c->error};
    if (auto const* c = std::get_if<StartTimer>(&command)) return TimerStarted{c->step, c->due};
    if (auto const* c = std::get_if<SetDeadline>(&command)) return DeadlineSet{c->step, c->due};
    if (auto const* c = std::get_if<EmitEvent>(&command)) return EventEmitted{c->step, c->event};
    if (auto const* c = std::get_if<AwaitEvents>(&command))
        return EventsAwaited{c->step, c->filters};
    if (auto const* c = std::get_if<DeclineEvent>(&command)) return EventDeclined{c->step};
    if (auto const* c = std::get_if<StartChild>(&command))
        return ChildStarted{c->step, {}, c->workflow, c->version, c->input, c->detached};
    if (auto const* c = std::get_if<CompleteRun>(&command)) return RunCompleted{c->output};
    if (auto const* c = std::get_if<FaultRun>(&command)) return RunFaulted{c->error};
    return std::nullopt;
}

bool answers(Command const& command, Fact const& fact) {
    if (auto const* started = std::get_if<ChildStarted>(&fact)) {
        auto without_id = *started;
        without_id.run = {};
        auto const plain = plain_fact(command);
        return plain && plain->index() == fact.index() && encode(*plain) == encode(without_id);
    }
    if (auto const plain = plain_fact(command))
        return plain->index() == fact.index() && encode(*plain) == encode(fact);
    if (auto const* call = std::get_if<CallActivity>(&command)) {
        auto const* intent = intent_of(fact);
        return intent && call->step == step_of(fact) && call->kind == intent->kind &&
               call->request == intent->request && (call->key.empty() || call->key == intent->key);
    }
    auto const* ask = std::get_if<AskPerson>(&command);
    auto const* asked = std::get_if<ApprovalRequested>(&fact);
    return ask && asked && ask->step == asked->step && ask->card == asked->card &&
           ask->choices == asked->choices && ask->not_by == asked->not_by &&
           ask->quorum == asked->quorum;
}

// Facts that happen only because the workflow asked.
bool is_asked_for(Fact const& fact) {
    if (auto const* asked = std::get_if<ApprovalRequested>(&fact))
        return asked->kind == ApprovalKind::question;
    auto is = [&]<class... F>(std::type_identity<F>...) {
        return (std::holds_alternative<F>(fact) || ...);
    };
    return intent_of(fact) ||
           is(std::type_identity<WorkStarted>{}, std::type_identity<StepEntered>{},
              std::type_identity<StepAdvanced>{}, std::type_identity<StepCompleted>{},
              std::type_identity<StepSkipped>{}, std::type_identity<StepFailed>{},
              std::type_identity<TimerStarted>{}, std::type_identity<DeadlineSet>{},
              std::type_identity<ChildStarted>{}, std::type_identity<EventEmitted>{},
              std::type_identity<EventsAwaited>{}, std::type_identity<EventDeclined>{},
              std::type_identity<RunCompleted>{}, std::type_identity<RunFaulted>{});
}

}  // namespace

void Replay::ask(Event const& event) {
    for (auto& command : interpreter_.decide(run_, event)) asked_.push_back(std::move(command));
}

void Replay::expect(Fact const& fact) {
    auto const found =
        std::ranges::find_if(asked_, [&](auto const& command) { return answers(command, fact); });
    CAPTURE(kind_name(kind_number(fact)), encode(fact), asked_.size());
    REQUIRE(found != asked_.end());
    asked_.erase(found);
}

void Replay::follow(Event const& event) {
    // What is over its time fails without being asked for.
    bool const is_late =
        std::ranges::any_of(run_.deadlines, [](auto const& item) { return item.second.passed; });
    auto const* failed = std::get_if<StepFailed>(&event.fact);
    bool const by_engine = is_late && failed && failed->error.code == "timed_out";
    if (!by_engine && is_asked_for(event.fact)) expect(event.fact);
    auto const* called = std::get_if<ActivitySucceeded>(&event.fact);
    if (!called || !called->completes_step) {
        apply(run_, event);
        return ask(event);
    }
    // The answer and the end of its step are one event; the workflow was asked at both.
    auto answered = *called;
    answered.completes_step = false;
    Event const answer{event.sequence, event.at, answered};
    apply(run_, answer);
    ask(answer);
    StepCompleted const completed{called->step, called->output, {}, {}};
    expect(completed);
    apply(run_, {event.sequence + 1, event.at, completed});
    --run_.sequence;
    ask({event.sequence, event.at, completed});
}

}  // namespace resolute::testing
