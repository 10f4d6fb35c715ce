#include "engine/run.h"

#include <algorithm>

#include "engine/ledger.h"

namespace resolute {
namespace {

// Everything in a map keyed by step that is `step` or lies inside it.
template <class Map>
void drop_within(Map& map, StepId const& step) {
    auto it = map.lower_bound(step);
    while (it != map.end() && it->first.path.starts_with(step.path))
        it = is_within(it->first, step) ? map.erase(it) : std::next(it);
}

void close_step(Run& run, StepId const& step) {
    drop_within(run.frames, step);
    drop_within(run.activities, step);
    drop_within(run.timers, step);
    drop_within(run.deadlines, step);
    drop_within(run.children, step);
    drop_within(run.mappings, step);
    drop_within(run.listening, step);
    drop_within(run.step_started, step);
    drop_within(run.awaiting, step);
    drop_within(run.taken, step);
    drop_within(run.endings, step);
    std::erase_if(run.approvals,
                  [&](auto const& item) { return is_within(item.second.asked.step, step); });
}

Frame& frame_of(Run& run, StepId const& step) {
    auto found = run.frames.find(step);
    if (found == run.frames.end()) throw CorruptHistory("step `" + step.path + "` is not open");
    return found->second;
}

Activity& activity_of(Run& run, StepId const& step) {
    auto found = run.activities.find(step);
    if (found == run.activities.end())
        throw CorruptHistory("no activity is open at `" + step.path + "`");
    return found->second;
}

Approval& approval_by(Run& run, ApprovalId id) {
    auto found = run.approvals.find(id);
    if (found == run.approvals.end())
        throw CorruptHistory("approval " + to_string(id) + " is not open");
    return found->second;
}

void end_child(Run& run, StepId const& step, Timestamp at, Payload const& output,
               std::string const& next) {
    note_end(run, step, at, output, {});
    std::map<std::string, Payload> inner;
    if (auto found = run.frames.find(step); found != run.frames.end())
        inner = std::move(found->second.tasks);
    close_step(run, step);
    auto& around = frame_of(run, enclosing_frame(run, step));
    for (auto& [name, value] : inner) around.tasks.insert_or_assign(name, std::move(value));
    around.tasks.insert_or_assign(name_of(step), output);
    if (around.kind == FrameKind::parallel) around.outputs.insert_or_assign(step, output);
    around.flow = output;
    around.last = Frame::Child{step, output, next};
    ++run.steps;
}

Activity& open_activity(Run& run, StepId const& step, std::optional<ActivityIntent> const& intent,
                        activity::State state) {
    if (!intent) return activity_of(run, step);
    auto& activity = run.activities[step];
    if (!activity.intent.kind.empty() && !activity.is_settled())
        throw CorruptHistory("an activity is already open at `" + step.path + "`");
    activity = Activity{*intent, std::move(state)};
    return activity;
}

void close_run(Run& run, RunStatus status) {
    run.status = status;
    run.frames.clear();
    run.activities.clear();
    run.timers.clear();
    run.deadlines.clear();
    run.children.clear();
    run.mappings.clear();
    run.compensations.clear();
    run.listening.clear();
    run.pause.reset();
    run.step_started.clear();
    run.awaiting.clear();
    run.taken.clear();
    run.ledger.clear();
    run.approvals.clear();
    run.endings.clear();
}

// One overload per fact: what it changes and nothing else.
struct Folding {
    Run& run;
    Timestamp at;
    Fact const& fact;

    void operator()(RunStarted const& now) {
        run.started = now;
        run.started_at = at;
    }
    void operator()(RunCompleted const& now) {
        run.output = now.output;
        close_run(run, RunStatus::completed);
    }
    void operator()(RunFaulted const& now) {
        run.error = now.error;
        close_run(run, RunStatus::faulted);
    }
    // Asked for once more, it is no longer left to the workflow.
    void operator()(CancelRequested const& now) {
        run.compensates = !run.cancel && is_replayed(run);
        run.cancel = now;
    }
    void operator()(RunPaused const& now) { run.pause = now; }
    void operator()(RunResumed const&) {
        if (!run.pause) throw CorruptHistory("the run was resumed and is not paused");
        run.pause.reset();
    }
    void operator()(RunMigrated const& now) { run.started.workflow = now.workflow; }
    void operator()(RunCancelled const&) { close_run(run, RunStatus::cancelled); }

    void operator()(WorkStarted const& now) {
        run.context = now.context;
        run.listening.erase(StepId{});
        run.step_started.erase(StepId{});
        run.frames[StepId{}] = Frame{.kind = now.kind.value_or(FrameKind::sequence),
                                     .input = now.input,
                                     .entered = at,
                                     .counts_from = at,
                                     .flow = now.input};
    }
    void operator()(StepEntered const& now) {
        Frame frame{.kind = now.kind,
                    .input = now.input,
                    .state = now.state,
                    .first_state = now.state,
                    .entered = at,
                    .counts_from = at,
                    .flow = now.input};
        if (!run.frames.try_emplace(now.step, std::move(frame)).second)
            throw CorruptHistory("step `" + now.step.path + "` is open already");
    }
    void operator()(StepAdvanced const& now) {
        auto& frame = frame_of(run, now.step);
        frame.state = now.state;
        if (now.restarts) {
            frame.flow = frame.input;
            drop_deadlines_inside(now.step);
        }
        frame.last.reset();
        if (now.gathered) frame.gathered.push_back(*now.gathered);
        if (now.context) run.context = *now.context;
        if (now.flow) frame.flow = *now.flow;
        run.timers.erase(now.step);
    }
    void operator()(StepCompleted const& now) {
        if (now.context) run.context = *now.context;
        end_child(run, now.step, at, now.output, now.next);
    }
    void operator()(StepSkipped const& now) {
        auto& around = frame_of(run, enclosing_frame(run, now.step));
        around.last = Frame::Child{now.step, around.flow, now.next};
        if (around.kind == FrameKind::parallel)
            around.outputs.insert_or_assign(now.step, Payload{});
    }
    void operator()(StepFailed const& now) {
        note_end(run, now.step, at, {}, now.error);
        close_step(run, now.step);
    }
    void operator()(EndDecided const& now) {
        drop_within(run.awaiting, now.step);
        drop_within(run.endings, now.step);
        run.endings.insert_or_assign(now.step, now);
    }

    void operator()(ActivityProposed const& now) {
        open_activity(run, now.step, now.intent, activity::Proposed{});
        run.step_started.try_emplace(now.step, at);
    }
    void operator()(ActivityDenied const& now) {
        apply(open_activity(run, now.step, now.intent, activity::Proposed{}), fact, at);
    }
    void operator()(ActivityStarted const& now) {
        apply(open_activity(run, now.step, now.intent, activity::Proposed{}), fact, at);
        run.step_started.try_emplace(now.step, at);
        ++run.attempts;
        if (now.approval) apply(approval_by(run, *now.approval), fact);
    }
    void operator()(ActivitySucceeded const& now) {
        apply(open_activity(run, now.step, now.intent, activity::Running{}), fact, at);
        if (now.intent) ++run.attempts;
        if (now.completes_step) end_child(run, now.step, at, now.output, {});
    }
    void operator()(ActivityFailed const& now) {
        apply(open_activity(run, now.step, now.intent, activity::Running{}), fact, at);
        if (now.intent) ++run.attempts;
    }
    void operator()(ActivityUnknown const& now) { apply(activity_of(run, now.step), fact, at); }
    void operator()(ActivityVerified const& now) { apply(activity_of(run, now.step), fact, at); }
    void operator()(ActivityResolved const& now) { apply(activity_of(run, now.step), fact, at); }
    void operator()(ActivityCancelled const& now) { apply(activity_of(run, now.step), fact, at); }

    void operator()(ApprovalRequested const& now) {
        run.approvals[now.approval] = Approval{.asked = now, .requested_at = at};
        run.step_started.try_emplace(now.step, at);
    }
    void operator()(ApprovalDecided const& now) { apply(approval_by(run, now.approval), fact); }
    void operator()(ApprovalAnswerRefused const&) {}  // recorded for the auditor; changes nothing
    void operator()(ApprovalExpired const& now) { apply(approval_by(run, now.approval), fact); }
    void operator()(ApprovalRevoked const& now) { apply(approval_by(run, now.approval), fact); }

    void operator()(TimerStarted const& now) {
        run.timers[now.step] = {now.due, now.fixed};
        run.step_started.try_emplace(now.step, at);
    }
    void operator()(TimerFired const& now) { remove_timer(now.step); }
    void operator()(TimerCancelled const& now) { remove_timer(now.step); }
    void operator()(EventEmitted const&) {}
    void operator()(EventsAwaited const& now) {
        auto& listening = run.listening[now.step];
        if (listening.waits) throw CorruptHistory("`" + now.step.path + "` listens already");
        listening.filters = now.filters;
        listening.waits = true;
        run.step_started.try_emplace(now.step, at);
    }
    void operator()(EventReceived const& now) {
        auto& listening = listening_at(now.step, true);
        listening.heard.push_back({now.slot, now.position, now.event});
        listening.waits = false;
        if (now.step.path.empty()) ++run.places;
    }
    void operator()(EventDeclined const& now) {
        auto& listening = listening_at(now.step, false);
        if (listening.heard.empty())
            throw CorruptHistory("an event was declined that is not there");
        listening.declined.push_back(std::move(listening.heard.back().position));
        listening.heard.pop_back();
        listening.waits = true;
    }
    void operator()(ListeningEnded const& now) { listening_at(now.step, true).waits = false; }
    void operator()(ChildStarted const& now) {
        if (now.detached) return;
        if (!run.children.try_emplace(now.step, Child{now.run, now.workflow, false, {}}).second)
            throw CorruptHistory("a run was started at `" + now.step.path + "` already");
        run.step_started.try_emplace(now.step, at);
    }
    void operator()(ChildWithdrawn const& now) { open_child(now.step).withdrawn = true; }
    void operator()(ChildEnded const& now) { open_child(now.step).end = now; }
    void operator()(MapStarted const& now) {
        if (!run.mappings.try_emplace(now.step, begin_mapping(now)).second)
            throw CorruptHistory("a map was started at `" + now.step.path + "` already");
        run.step_started.try_emplace(now.step, at);
    }
    void operator()(MapItemsStarted const& now) { apply(mapping_at(now.step), now, at); }
    void operator()(MapItemEnded const& now) { apply(mapping_at(now.step), now); }
    void operator()(MapWithdrawn const& now) { mapping_at(now.step).withdrawn = true; }
    // What the other run did is not undone by its fork.
    void operator()(CompensationPlanned const& now) {
        auto const& fork = run.started.forked;
        if (!fork || run.sequence >= fork->sequence) run.compensations.push_back(now);
    }
    void operator()(CompensationEnded const& now) {
        if (run.compensations.empty() || run.compensations.back().step != now.step)
            throw CorruptHistory("what was undone at `" + now.step.path + "` was not due");
        run.compensations.pop_back();
        if (now.error) run.standing.push_back(now.step);
        close_step(run, undoing(now.step));
        run.activities.erase(now.step);  // its effect is not there any more, or stands for good
    }
    void operator()(DeadlineSet const& now) {
        if (!run.deadlines.try_emplace(now.step, Deadline{now.due}).second)
            throw CorruptHistory("`" + now.step.path + "` has a deadline already");
    }
    void operator()(DeadlinePassed const& now) {
        auto found = run.deadlines.find(now.step);
        if (found == run.deadlines.end() || found->second.passed)
            throw CorruptHistory("no deadline is set at `" + now.step.path + "`");
        found->second.passed = true;
    }
    void operator()(SignalReceived const& now) {
        run.signals.push_back({now.signal, now.name, now.content, now.by});
    }
    void operator()(SignalAwaited const& now) {
        run.awaiting[now.step] = now.name;
        run.step_started.try_emplace(now.step, at);
    }
    void operator()(SignalConsumed const& now) {
        auto const found = std::ranges::find(run.signals, now.signal, &Signal::id);
        if (found == run.signals.end())
            throw CorruptHistory("a signal was consumed that is not there");
        run.taken.insert_or_assign(now.step, std::move(*found));
        run.signals.erase(found);
        run.awaiting.erase(now.step);
    }

    Listening& listening_at(StepId const& step, bool waits) {
        auto found = run.listening.find(step);
        if (found == run.listening.end() || found->second.waits != waits)
            throw CorruptHistory("`" + step.path + "` does not listen so");
        return found->second;
    }
    Mapping& mapping_at(StepId const& step) {
        auto found = run.mappings.find(step);
        if (found == run.mappings.end())
            throw CorruptHistory("no map is open at `" + step.path + "`");
        return found->second;
    }
    Child& open_child(StepId const& step) {
        auto found = run.children.find(step);
        if (found == run.children.end() || found->second.end)
            throw CorruptHistory("no run that was started at `" + step.path + "` is open");
        return found->second;
    }
    // Of the attempt that is over; the step's own stays in force.
    void drop_deadlines_inside(StepId const& step) {
        auto own = run.deadlines.extract(step);
        drop_within(run.deadlines, step);
        run.deadlines.insert(std::move(own));
    }
    void remove_timer(StepId const& step) {
        if (run.timers.erase(step) != 1)
            throw CorruptHistory("no timer is set at `" + step.path + "`");
    }
};

// What waits where a fork begins has as long to go as it had there. A moment that was named stays.
void postpone(Run& run, Duration by) {
    for (auto& [step, timer] : run.timers)
        if (!timer.fixed) timer.due = timer.due + by;
    for (auto& [step, deadline] : run.deadlines) deadline.due = deadline.due + by;
    for (auto& [step, frame] : run.frames) frame.counts_from = frame.counts_from + by;
}

}  // namespace

void apply(Run& run, Event const& event) {
    if (event.sequence != run.sequence + 1)
        throw CorruptHistory("event " + std::to_string(run.sequence + 1) + " is missing");
    if ((event.sequence == 1) != (std::get_if<RunStarted>(&event.fact) != nullptr))
        throw CorruptHistory("a history begins with run_started, once");
    if (run.is_closed() && !std::holds_alternative<ApprovalAnswerRefused>(event.fact))
        throw CorruptHistory("the run is over and nothing can follow");
    std::visit(Folding{run, event.at, event.fact}, event.fact);
    run.sequence = event.sequence;
    if (auto const begun = taken_over_at(run)) postpone(run, *begun - event.at);
}

Run fold(RunId id, std::vector<Event> const& events) {
    Run run{.id = id};
    for (auto const& event : events) apply(run, event);
    return run;
}

}  // namespace resolute
