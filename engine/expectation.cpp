#include "engine/expectation.h"

#include "engine/codec.h"

namespace resolute {
namespace {

template <class... F>
bool is_one_of(Fact const& fact) {
    return (std::holds_alternative<F>(fact) || ...);
}

// Commands that become one fact, as that fact; a call becomes one only behind the gate.
struct Plain {
    std::optional<Fact> operator()(BeginWork const& c) const {
        return WorkStarted{c.input, c.context, c.kind};
    }
    std::optional<Fact> operator()(EnterStep const& c) const {
        return StepEntered{c.step, c.kind, c.input, c.state};
    }
    std::optional<Fact> operator()(AdvanceStep const& c) const {
        return StepAdvanced{c.step, c.state, c.restarts, c.gathered, c.context, c.flow};
    }
    std::optional<Fact> operator()(CompleteStep const& c) const {
        return StepCompleted{c.step, c.output, c.context, c.next};
    }
    std::optional<Fact> operator()(SkipStep const& c) const { return StepSkipped{c.step, c.next}; }
    std::optional<Fact> operator()(FailStep const& c) const { return StepFailed{c.step, c.error}; }
    std::optional<Fact> operator()(StartTimer const& c) const {
        return TimerStarted{c.step, c.due};
    }
    std::optional<Fact> operator()(SetDeadline const& c) const {
        return DeadlineSet{c.step, c.due};
    }
    std::optional<Fact> operator()(EmitEvent const& c) const {
        return EventEmitted{c.step, c.event};
    }
    std::optional<Fact> operator()(AwaitEvents const& c) const {
        return EventsAwaited{c.step, c.filters};
    }
    std::optional<Fact> operator()(DeclineEvent const& c) const { return EventDeclined{c.step}; }
    std::optional<Fact> operator()(AwaitSignal const& c) const {
        return SignalAwaited{c.step, c.name};
    }
    std::optional<Fact> operator()(StartChild const& c) const {
        return ChildStarted{c.step, {}, c.workflow, c.version, c.input, c.detached};
    }
    std::optional<Fact> operator()(StartMap const& c) const {
        return MapStarted{c.step,        c.workflow,   c.version,
                          static_cast<int>(c.items.json().size()),
                          c.concurrency, c.stop_after, c.items,   {}};
    }
    std::optional<Fact> operator()(CompleteRun const& c) const { return RunCompleted{c.output}; }
    std::optional<Fact> operator()(FaultRun const& c) const { return RunFaulted{c.error}; }
    std::optional<Fact> operator()(CallActivity const&) const { return std::nullopt; }
    std::optional<Fact> operator()(AskPerson const&) const { return std::nullopt; }
};

// Without what the engine adds: where an error came from, which run was started.
Fact stripped(Fact fact) {
    if (auto* started = std::get_if<ChildStarted>(&fact)) started->run = {};
    if (auto* started = std::get_if<MapStarted>(&fact)) started->parent = {};
    if (auto* timer = std::get_if<TimerStarted>(&fact)) timer->fixed = false;  // not told of old
    if (auto* failed = std::get_if<StepFailed>(&fact)) failed->error.instance.clear();
    if (auto* faulted = std::get_if<RunFaulted>(&fact)) faulted->error.instance.clear();
    return fact;
}

bool is_same(Fact const& a, Fact const& b) {
    return a.index() == b.index() && encode(stripped(a)) == encode(stripped(b));
}

// How a step or the run was to end, which had to wait for what was under way.
Fact as_end(EndDecided const& now) {
    if (now.step.path.empty() && now.error) return RunFaulted{*now.error};
    if (now.step.path.empty()) return RunCompleted{now.output};
    if (now.error) return StepFailed{now.step, *now.error};
    return StepCompleted{now.step, now.output, now.context, now.next};
}

bool is_moved(Timestamp asked, Timestamp asked_at, Timestamp due, Timestamp at) {
    return asked == due || asked - asked_at == due - at;
}

bool answers_call(CallActivity const& call, Event const& event) {
    auto const& fact = event.fact;
    if (step_of(fact) != call.step) return false;
    // The gate did not let it through.
    if (std::holds_alternative<StepFailed>(fact)) return true;
    auto const* intent = intent_of(fact);
    return intent && call.kind == intent->kind &&
           as_asked(intent->request.json(), call.request.json()) == call.request.json() &&
           (call.key.empty() || call.key == intent->key);
}

}  // namespace

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

std::optional<StepId> step_of(Command const& command) {
    return std::visit(
        [](auto const& c) -> std::optional<StepId> {
            if constexpr (requires { c.step; })
                return c.step;
            else
                return std::nullopt;
        },
        command);
}

ActivityIntent const* intent_of(Fact const& fact) {
    return std::visit(
        [](auto const& f) -> ActivityIntent const* {
            using F = std::remove_cvref_t<decltype(f)>;
            if constexpr (std::is_same_v<F, ActivityProposed>)
                return &f.intent;
            else if constexpr (requires { f.intent->kind; })
                return f.intent ? &*f.intent : nullptr;
            else
                return nullptr;
        },
        fact);
}

Json as_asked(Json recorded, Json const& asked) {
    if (recorded.is_object() && asked.is_object() && !asked.contains("version"))
        recorded.erase("version");
    return recorded;
}

bool can_be_asked_for(Fact const& fact) {
    if (is_undoing(step_of(fact))) return false;
    if (auto const* asked = std::get_if<ApprovalRequested>(&fact))
        return asked->kind == ApprovalKind::question;
    return intent_of(fact) ||
           is_one_of<WorkStarted, StepEntered, StepAdvanced, StepCompleted, StepSkipped, StepFailed,
                     EndDecided, TimerStarted, DeadlineSet, ChildStarted, MapStarted, EventEmitted,
                     EventsAwaited, EventDeclined, SignalAwaited, RunCompleted, RunFaulted>(fact);
}

bool answers(Command const& command, Timestamp asked_at, Event const& event) {
    auto const& fact = event.fact;
    if (auto const* call = std::get_if<CallActivity>(&command)) return answers_call(*call, event);
    if (auto const* ask = std::get_if<AskPerson>(&command)) {
        auto const* asked = std::get_if<ApprovalRequested>(&fact);
        return asked && ask->step == asked->step && ask->card == asked->card &&
               ask->choices == asked->choices && ask->not_by == asked->not_by &&
               ask->quorum == asked->quorum;
    }
    if (auto const* timer = std::get_if<StartTimer>(&command)) {
        auto const* started = std::get_if<TimerStarted>(&fact);
        return started && started->step == timer->step &&
               is_moved(timer->due, asked_at, started->due, event.at);
    }
    if (auto const* limit = std::get_if<SetDeadline>(&command)) {
        auto const* set = std::get_if<DeadlineSet>(&fact);
        return set && set->step == limit->step &&
               is_moved(limit->due, asked_at, set->due, event.at);
    }
    auto const plain = std::visit(Plain{}, command);
    if (auto const* decided = std::get_if<EndDecided>(&fact))
        return is_same(*plain, as_end(*decided));
    bool const starts_runs =
        std::holds_alternative<StartChild>(command) || std::holds_alternative<StartMap>(command);
    if (starts_runs && std::holds_alternative<StepFailed>(fact))  // too deep
        return step_of(fact) == step_of(command);
    return is_same(*plain, fact);
}

Json described(Fact const& fact) {
    if (auto const* decided = std::get_if<EndDecided>(&fact)) return described(as_end(*decided));
    if (auto const* intent = intent_of(fact)) {
        Json json{{"kind", intent->kind + " call"}, {"key", intent->key}};
        json["request"] = intent->request.json();
        return json;
    }
    if (auto const* asked = std::get_if<ApprovalRequested>(&fact)) {
        Json json{{"kind", "approval"}, {"choices", asked->choices}, {"notBy", asked->not_by}};
        json["quorum"] = asked->quorum;
        json["card"] = asked->card.json();
        return json;
    }
    auto json = Json::parse(encode(stripped(fact)));
    json["kind"] = kind_name(kind_number(fact));
    return json;
}

Json described(Command const& command) {
    if (auto const* call = std::get_if<CallActivity>(&command)) {
        Json json{{"kind", call->kind + " call"}};
        json["request"] = call->request.json();
        if (!call->key.empty()) json["key"] = call->key;
        return json;
    }
    if (auto const* ask = std::get_if<AskPerson>(&command)) {
        Json json{{"kind", "approval"}, {"choices", ask->choices}, {"notBy", ask->not_by}};
        json["quorum"] = ask->quorum;
        json["card"] = ask->card.json();
        return json;
    }
    return described(*std::visit(Plain{}, command));
}

}  // namespace resolute
