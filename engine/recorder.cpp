#include "engine/recorder.h"

#include <algorithm>
#include <limits>

#include "base/error_codes.h"
#include "engine/projection.h"

namespace resolute {
namespace {

// 409: the request is at odds with the state that the run is in.
Failure too_late(std::string sentence) {
    auto why = runtime_failure(std::move(sentence), "run_closed");
    why.status = 409;
    return why;
}

// std::holds_alternative looks a type up in the list of all facts while the program runs.
template <class... F>
bool is_one_of(Fact const& fact) {
    return (std::get_if<F>(&fact) || ...);
}

// After these facts a crash loses nothing: `resume` finds the frame idle and goes on from it.
bool may_yield_before(std::shared_ptr<Event const> const& event) {
    return is_one_of<StepCompleted, StepSkipped, StepEntered, StepAdvanced, WorkStarted>(
        event->fact);
}

std::string make_salt(Random& random) {
    std::string bytes;
    for (int i = 0; i < 2; ++i)
        for (auto word = random.next(), n = std::uint64_t{0}; n < 8; ++n)
            bytes += static_cast<char>(word >> (8 * n));
    return to_hex(bytes);
}

}  // namespace

void Recorder::start(StartRun const& message) {
    if (message.forked) return begin_shared(message);
    record(RunStarted{message.workflow, message.tenant, message.case_id, message.input,
                      message.started_by, make_salt(around_.random), message.parent});
}

// What happened in another run is neither decided on nor shown to anybody once more: no row of an
// approval, no event for others. Then it goes on as after a crash.
void Recorder::begin_shared(StartRun const& fork) {
    auto point = *fork.forked;
    point.takeovers.push_back({point.sequence, now_});
    for (auto const& event : fork.shared) {
        auto copy = std::make_shared<Event>(event);
        if (auto* started = std::get_if<RunStarted>(&copy->fact))
            *started = {fork.workflow,
                        fork.tenant,
                        fork.case_id,
                        fork.input,
                        fork.started_by,
                        make_salt(around_.random),
                        {},
                        point};
        apply(run_, *copy);
        live_.fresh.push_back(std::move(copy));
    }
    resume();
}

void Recorder::record(Fact fact) {
    auto event = std::make_shared<Event>(Event{run_.sequence + 1, now_, std::move(fact)});
    apply(run_, *event);
    project(run_, *event, live_.projection);
    live_.undecided.push_back(event);
    live_.fresh.push_back(std::move(event));
}

bool Recorder::settle_down(std::size_t enough) {
    auto const first = live_.fresh.size();
    while (!live_.undecided.empty()) {
        auto next = live_.undecided.begin();
        // What `resume` would not find again is followed at once, also when it came after others.
        if (live_.fresh.size() - first >= enough)
            next = std::ranges::find_if_not(live_.undecided, may_yield_before);
        if (next == live_.undecided.end()) return false;
        auto const event = std::move(*next);
        live_.undecided.erase(next);
        follow(*event);
        if (live_.undecided.empty() && !run_.is_closed()) wake_activities();
    }
    return true;
}

// What the engine itself does after a fact comes first; the workflow decides on the rest.
void Recorder::follow(Event const& event) {
    if (run_.is_closed()) return;
    plan_compensation(event.fact);
    bool const holds = run_.is_stopping() || run_.pause;
    if (!follow_by_engine(event.fact) && !holds && !is_about_ending(event.fact)) {
        std::optional<Event> as_failure;
        if (auto const* subject = for_workflow(event, as_failure)) ask_workflow(*subject);
    }
    if (run_.is_closed()) return;
    if (run_.is_stopping()) return finish_cancel();
    if (run_.pause) return;
    finish_endings();
    finish_overdue();
}

void Recorder::ask_workflow(Event const& event) {
    for (auto const& command : around_.workflow.decide(run_, event)) {
        if (run_.is_closed()) break;
        execute(command);
    }
}

bool Recorder::follow_by_engine(Fact const& fact) {
    if (is_one_of<RunResumed, RunMigrated>(fact)) go_on();
    if (follow_map(fact)) return true;
    bool const is_its_own =
        is_one_of<RunResumed, RunMigrated, RunPaused, DeadlineSet, DeadlinePassed>(fact);
    if (is_its_own) return true;
    if (auto const* unknown = std::get_if<ActivityUnknown>(&fact)) {
        if (!unknown->verify_at) ask_what_happened(unknown->step);
        return true;
    }
    if (auto const* answer = std::get_if<ActivityVerified>(&fact);
        answer && answer->verdict == Verdict::undecided) {
        if (!answer->next_at) ask_what_happened(answer->step);
        return true;
    }
    if (auto const* decided = std::get_if<ApprovalDecided>(&fact))
        return follow_approval(decided->approval);
    if (auto const* expired = std::get_if<ApprovalExpired>(&fact))
        return follow_approval(expired->approval);
    // By now the wait may be over and the signal used: several of both can come in one turn.
    if (auto const* awaited = std::get_if<SignalAwaited>(&fact)) {
        auto const found = std::ranges::find(run_.signals, awaited->name, &Signal::name);
        if (found != run_.signals.end() && run_.awaiting.contains(awaited->step))
            record(SignalConsumed{found->id, awaited->step});
        return true;
    }
    if (auto const* received = std::get_if<SignalReceived>(&fact)) {
        auto const waits = [&](auto const& item) { return item.second == received->name; };
        auto const found = std::ranges::find_if(run_.awaiting, waits);
        auto const is_it = [&](Signal const& signal) { return signal.id == received->signal; };
        if (found != run_.awaiting.end() && std::ranges::any_of(run_.signals, is_it))
            record(SignalConsumed{received->signal, found->first});
        return true;
    }
    return false;
}

// The workflow sees ends, not attempts: whatever ended an activity without success reads as its
// failure, which is made in `made`.
Event const* Recorder::for_workflow(Event const& event, std::optional<Event>& made) const {
    auto const& fact = event.fact;
    auto as_failure = [&](StepId const& step) -> Event const* {
        auto const found = run_.activities.find(step);
        if (found == run_.activities.end()) return nullptr;  // its step is over
        auto const* failed = std::get_if<activity::Failed>(&found->second.state);
        if (!failed) return nullptr;
        return &made.emplace(
            Event{event.sequence, event.at, ActivityFailed{.step = step, .error = failed->error}});
    };
    if (auto const* failed = std::get_if<ActivityFailed>(&fact)) return as_failure(failed->step);
    if (auto const* denied = std::get_if<ActivityDenied>(&fact)) return as_failure(denied->step);
    if (auto const* verified = std::get_if<ActivityVerified>(&fact))
        return verified->verdict == Verdict::applied ? &event : as_failure(verified->step);
    if (auto const* resolved = std::get_if<ActivityResolved>(&fact))
        return resolved->verdict == Verdict::applied ? &event : as_failure(resolved->step);
    bool const silent =
        is_one_of<ActivityProposed, ActivityStarted, ActivityCancelled, ApprovalRequested,
                  ApprovalAnswerRefused, ApprovalRevoked, TimerStarted, TimerCancelled,
                  ChildStarted, ChildWithdrawn, EventEmitted, EventsAwaited, EventDeclined,
                  ListeningEnded, MapItemsStarted, MapWithdrawn, CompensationPlanned,
                  CompensationEnded, EndDecided>(fact);
    return silent ? nullptr : &event;
}

void Recorder::execute(Command const& command) {
    struct Executing {
        Recorder& self;
        void operator()(BeginWork const& c) {
            self.record(WorkStarted{c.input, c.context, c.kind});
        }
        void operator()(EnterStep const& c) {
            self.record(StepEntered{c.step, c.kind, c.input, c.state});
        }
        void operator()(AdvanceStep const& c) {
            self.record(StepAdvanced{c.step, c.state, c.restarts, c.gathered, c.context, c.flow});
        }
        void operator()(CompleteStep const& c) { self.complete(c); }
        void operator()(SkipStep const& c) { self.record(StepSkipped{c.step, c.next}); }
        void operator()(FailStep const& c) { self.fail(c.step, c.error); }
        void operator()(CallActivity const& c) { self.call(c); }
        void operator()(AskPerson const& c) { self.ask(c); }
        void operator()(StartTimer const& c) { self.record(TimerStarted{c.step, c.due, c.fixed}); }
        void operator()(SetDeadline const& c) {
            if (!self.run_.deadlines.contains(c.step)) self.record(DeadlineSet{c.step, c.due});
        }
        void operator()(EmitEvent const& c) { self.record(EventEmitted{c.step, c.event}); }
        void operator()(AwaitEvents const& c) { self.record(EventsAwaited{c.step, c.filters}); }
        void operator()(DeclineEvent const& c) { self.record(EventDeclined{c.step}); }
        void operator()(StartChild const& c) { self.start_child(c); }
        void operator()(StartMap const& c) { self.start_map(c); }
        void operator()(AwaitSignal const& c) { self.record(SignalAwaited{c.step, c.name}); }
        void operator()(CompleteRun const& c) {
            self.end({.output = c.output}, "The run has completed.");
        }
        void operator()(FaultRun const& c) { self.end({.error = c.error}, "The run has faulted."); }
    };
    bool const is_late = std::visit(
        [this](auto const& c) {
            if constexpr (requires { c.step; })
                return is_ending(run_, c.step);
            else
                return is_ending(run_, StepId{});
        },
        command);
    if (!is_late) std::visit(Executing{*this}, command);
}

// A call whose output is the step's output unchanged needs no event of its own for the step.
void Recorder::complete(CompleteStep const& command) {
    if (run_.frames.contains(command.step))
        return end({command.step, {}, command.output, command.context, command.next},
                   "The step around it is over.");
    revoke_approvals(command.step, "The step that asked is over.");
    auto* last =
        live_.fresh.empty() ? nullptr : std::get_if<ActivitySucceeded>(&live_.fresh.back()->fact);
    bool const plain = last && last->step == command.step && !command.context &&
                       command.next.empty() && last->output == command.output &&
                       live_.undecided.empty();
    StepCompleted completed{command.step, command.output, command.context, command.next};
    if (!plain) return record(std::move(completed));
    last->completes_step = true;
    auto as_if = std::make_shared<Event>(Event{run_.sequence, now_, std::move(completed)});
    --run_.sequence;  // it is folded in the same event's place
    apply(run_, *as_if);
    live_.undecided.push_back(std::move(as_if));
}

void Recorder::fail(StepId const& step, Failure error) {
    if (is_undoing(step)) return end_undoing(std::move(error));
    if (error.instance.empty()) error.instance = node_of(step);
    end({.step = step, .error = std::move(error)}, "The step around it has failed.");
}

void Recorder::ask(AskPerson const& command) {
    Json const shown{
        {"run", to_string(run_.id)}, {"step", command.step.path}, {"card", command.card.json()}};
    auto const bytes = to_text(shown);
    ApprovalRequested ask{.step = command.step,
                          .kind = ApprovalKind::question,
                          .digest = sha256(bytes),
                          .card = command.card,
                          .choices = command.choices,
                          .not_by = command.not_by,
                          .quorum = command.quorum};
    request_approval(std::move(ask), command.expires_after);
}

std::optional<Failure> Recorder::signal(MessageId id, SendSignal const& message) {
    if (run_.is_closed())
        return too_late("The run is over; it takes no signals.");
    record(SignalReceived{id, message.name, message.content, message.by});
    return std::nullopt;
}

std::optional<Failure> Recorder::cancel(CancelRun const& message) {
    if (run_.is_closed()) return too_late("The run is over already.");
    if (!run_.is_stopping()) record(CancelRequested{message.by, message.reason});
    return std::nullopt;
}

std::optional<Failure> Recorder::pause(PauseRun const& message) {
    if (run_.is_closed()) return too_late("The run is over; it cannot be paused.");
    if (run_.pause) return std::nullopt;
    // What has happened is decided on first, as far as one turn goes; what is left is gone on from
    // as after a crash.
    settle_down();
    if (!run_.is_closed()) record(RunPaused{message.by, message.reason});
    return std::nullopt;
}

std::optional<Failure> Recorder::unpause(ResumeRun const& message) {
    if (run_.is_closed()) return too_late("The run is over; it cannot be resumed.");
    if (!run_.pause) {
        auto why = runtime_failure("The run is not paused.", codes::not_paused);
        why.status = 409;
        return why;
    }
    // What came while it was paused is followed as in a paused run: no further than the engine's
    // own part. Then it goes on as after a crash.
    while (!settle_down(std::numeric_limits<std::size_t>::max())) {
    }
    if (run_.is_closed()) return std::nullopt;
    record(RunResumed{message.by, message.reason});
    settle_down();  // before anything else comes that it would be decided on a second time
    return std::nullopt;
}

// The caller has the definition's orchestrator ready and asks it from here on.
std::optional<Failure> Recorder::migrate(MigrateRun const& message) {
    if (run_.is_closed()) return too_late("The run is over; it stays with its definition.");
    if (run_.started.workflow == message.workflow) return std::nullopt;
    bool const settled = settle_down() && live_.unrecorded.empty();
    if (run_.is_closed()) return too_late("The run is over; it stays with its definition.");
    if (!settled || run_.sequence != message.sequence) {
        auto why = runtime_failure("The run has moved on since it was checked; check it again.",
                                   codes::moved_on);
        why.status = 409;
        return why;
    }
    record(RunMigrated{message.workflow, message.by, message.reason});
    return std::nullopt;
}

void Recorder::resume() {
    if (run_.is_closed()) return;
    std::vector<std::pair<StepId, Activity>> open(run_.activities.begin(), run_.activities.end());
    for (auto const& [step, activity] : open)
        if (auto const* running = std::get_if<activity::Running>(&activity.state))
            record(interrupted_fact(step, *running, activity.intent));
    plan_missing_compensations();
    go_on();
}

// From wherever the run stands, when it is not known what was decided on last.
void Recorder::go_on() {
    if (run_.is_stopping()) return finish_cancel();
    if (run_.pause) return;
    finish_endings();
    if (run_.is_closed() || is_ending(run_, StepId{})) return;
    finish_overdue();
    if (run_.is_closed()) return;
    answer_proposals();
    begin_items_everywhere();
    // What these recorded is decided on before the workflow looks where it stands: it would go on
    // there a second time.
    while (!live_.undecided.empty()) {
        auto const event = std::move(live_.undecided.front());
        live_.undecided.pop_front();
        follow(*event);
    }
    if (run_.is_closed() || run_.is_stopping() || is_ending(run_, StepId{})) return;
    if (run_.frames.empty()) {
        Event first{1, taken_over_at(run_).value_or(run_.started_at), run_.started};
        return live_.undecided.push_back(std::make_shared<Event>(std::move(first)));
    }
    for (auto const& command : around_.workflow.resume(run_, now_)) execute(command);
}

void Recorder::wake() {
    if (run_.is_closed()) return;
    if (!run_.pause) {
        wake_approvals();
        wake_timers();
        wake_deadlines();
    }
    wake_activities();
}

void Recorder::wake_deadlines() {
    std::vector<StepId> due;
    for (auto const& [step, deadline] : run_.deadlines)
        if (!deadline.passed && deadline.due <= now_) due.push_back(step);
    for (auto const& step : due) record(DeadlinePassed{step});
}

void Recorder::wake_timers() {
    std::vector<StepId> due;
    for (auto const& [step, timer] : run_.timers)
        if (timer.due <= now_) due.push_back(step);
    for (auto const& step : due) record(TimerFired{step});
}

}  // namespace resolute
