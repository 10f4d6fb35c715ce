#include "engine/comparison.h"

#include <algorithm>

#include "base/json_differences.h"
#include "engine/codec.h"
#include "engine/expectation.h"

namespace resolute {
namespace {

bool within_ending(Run const& run, Fact const& fact) {
    return !run.endings.empty() && is_ending(run, step_of(fact));
}

// How long a run waits for its places, and for which, is no part of what its work does.
bool is_about_places(Fact const& fact) {
    auto const* awaited = std::get_if<EventsAwaited>(&fact);
    auto const* given = std::get_if<EventReceived>(&fact);
    return (awaited && awaited->step.path.empty()) || (given && given->step.path.empty());
}

bool waits_for_places(Command const& command) {
    auto const* awaits = std::get_if<AwaitEvents>(&command);
    return awaits && awaits->step.path.empty();
}

}  // namespace

void Comparison::take(Commands commands, Event const& event) {
    for (auto& command : commands) asked_.push_back({std::move(command), event.sequence, event.at});
}

void Comparison::ask(Event const& event) {
    if (run_.is_closed() || run_.is_stopping() || run_.pause) return;
    bool const begins_anew = std::holds_alternative<RunResumed>(event.fact) ||
                             std::holds_alternative<RunMigrated>(event.fact);
    auto const begun = taken_over_at(run_);
    if (!begins_anew && !begun && within_ending(run_, event.fact)) return;
    if (!begins_anew && !begun) return take(decided(event), event);
    if (run_.listening.contains(StepId{})) return;  // its work was asked for when it started
    // What was asked for before the pause and not begun is asked for once more.
    asked_.clear();
    Event const from{event.sequence, begun.value_or(event.at), event.fact};
    bool const is_start = begun && run_.frames.empty();
    take(is_start ? decided({1, from.at, run_.started}) : workflow_.resume(run_, from.at), from);
}

// Whoever forked the run gave a step this output, which no workflow asked for; and what is shared
// after it was asked for on account of the output that it had before.
bool Comparison::follows_edit(Event const& event) {
    auto const& fork = run_.started.forked;
    if (!fork || event.sequence > fork->sequence) return false;
    auto const* called = std::get_if<ActivitySucceeded>(&event.fact);
    bool const has_output =
        std::holds_alternative<StepCompleted>(event.fact) || (called && called->completes_step);
    edited_ = edited_ || (has_output && std::ranges::count(fork->edited, step_of(event.fact).path));
    return edited_;
}

// Of a workflow that lets its runs wait for places: what it asks for once they have them.
Commands Comparison::decided(Event const& event) const {
    auto commands = workflow_.decide(run_, event);
    if (std::ranges::none_of(commands, waits_for_places)) return commands;
    auto given = run_;
    given.listening[StepId{}] = {
        .filters = Payload(Json::array({Json()})), .waits = false, .heard = {}, .declined = {}};
    return workflow_.decide(given, {event.sequence, event.at, EventReceived{}});
}

void Comparison::drop_within(StepId const& step) {
    std::erase_if(asked_, [&](Asked const& asked) {
        auto const of = step_of(asked.command);
        return of && of->path.size() > step.path.size() && is_within(*of, step);
    });
}

// The engine's own doing: what is over its time, what was settled before it could end, a proposal
// that is made once more.
bool Comparison::is_asked_for(Fact const& fact) const {
    if (!can_be_asked_for(fact) || run_.is_stopping()) return false;
    auto const step = step_of(fact);
    bool const ends =
        std::holds_alternative<StepFailed>(fact) || std::holds_alternative<StepCompleted>(fact) ||
        std::holds_alternative<RunCompleted>(fact) || std::holds_alternative<RunFaulted>(fact);
    if (ends && run_.endings.contains(step)) return false;
    std::optional<Failure> error;
    if (auto const* failed = std::get_if<StepFailed>(&fact)) error = failed->error;
    if (auto const* ending = std::get_if<EndDecided>(&fact)) error = ending->error;
    bool const is_late =
        std::ranges::any_of(run_.deadlines, [](auto const& item) { return item.second.passed; });
    if (error && is_late && error->code == "timed_out") return false;
    auto const* intent = intent_of(fact);
    auto const open = run_.activities.find(step);
    return !(intent && open != run_.activities.end() &&
             open->second.intent.request == intent->request);
}

std::optional<Difference> Comparison::expect(Event const& event) {
    auto const found = std::ranges::find_if(
        asked_, [&](Asked const& asked) { return answers(asked.command, asked.at, event); });
    if (found == asked_.end()) return difference(event);
    asked_.erase(found);
    ++compared_;
    return std::nullopt;
}

Difference Comparison::difference(Event const& event) const {
    auto const step = step_of(event.fact);
    auto recorded = described(event.fact);
    std::string instead;
    for (auto const& asked : asked_) {
        auto const wanted = described(asked.command);
        if (!wanted.contains("key")) recorded.erase("key");  // derived
        if (wanted.contains("request") && recorded.contains("request"))
            recorded["request"] = as_asked(std::move(recorded["request"]), wanted["request"]);
        if (step_of(asked.command) == std::optional(step) && wanted["kind"] == recorded["kind"])
            return {event.sequence, step,
                    recorded["kind"].get<std::string>() + " of `" + step.path +
                        "` differs: " + differences(recorded, wanted)};
        instead += (instead.empty() ? "" : ", ") + wanted["kind"].get<std::string>() + " of `" +
                   step_of(asked.command).value_or(StepId{}).path + "`";
    }
    return {event.sequence, step,
            recorded["kind"].get<std::string>() + " of `" + step.path +
                "` was recorded; the workflow asks for " + (instead.empty() ? "nothing" : instead)};
}

void Comparison::fold(Event const& event) {
    apply(run_, event);
    if (auto const* ended = std::get_if<StepFailed>(&event.fact)) drop_within(ended->step);
    if (auto const* ended = std::get_if<StepCompleted>(&event.fact)) drop_within(ended->step);
    if (auto const* ending = std::get_if<EndDecided>(&event.fact)) drop_within(ending->step);
    ask(event);
}

std::optional<Difference> Comparison::follow(Event const& event) {
    try {
        if (is_about_places(event.fact)) {
            apply(run_, event);
            return std::nullopt;
        }
        if (follows_edit(event)) {
            apply(run_, event);
            if (event.sequence == run_.started.forked->sequence) ask(event);
            return std::nullopt;
        }
        if (is_asked_for(event.fact))
            if (auto found = expect(event)) return found;
        auto const* called = std::get_if<ActivitySucceeded>(&event.fact);
        if (!called || !called->completes_step) {
            fold(event);
            return std::nullopt;
        }
        // The answer and the end of its step are one event; the workflow was asked at both.
        auto answered = *called;
        answered.completes_step = false;
        fold({event.sequence, event.at, answered});
        Event const completed{event.sequence, event.at,
                              StepCompleted{called->step, called->output, {}, {}}};
        if (auto found = expect(completed)) return found;
        --run_.sequence;  // folded in the same event's place
        fold(completed);
        return std::nullopt;
    } catch (std::exception const& error) {
        return Difference{event.sequence, step_of(event.fact), error.what()};
    }
}

std::optional<Difference> Comparison::missing() const {
    if (run_.is_closed() || run_.is_stopping() || run_.pause) return std::nullopt;
    if (run_.listening.contains(StepId{})) return std::nullopt;  // its work has not begun
    for (auto const& asked : asked_) {
        bool const leaves_no_trace = std::holds_alternative<CallActivity>(asked.command) ||
                                     std::holds_alternative<SetDeadline>(asked.command);
        auto const step = step_of(asked.command).value_or(StepId{});
        if (leaves_no_trace || is_ending(run_, step)) continue;
        return Difference{asked.sequence, step,
                          "after event " + std::to_string(asked.sequence) +
                              " the workflow asks for " +
                              described(asked.command)["kind"].get<std::string>() + " of `" +
                              step.path + "`, and the history has none"};
    }
    return std::nullopt;
}

Verdicts compare(Orchestrator const& workflow, RunId run, std::vector<Event> const& history) {
    Comparison comparison(workflow, run);
    Verdicts verdicts;
    for (auto const& event : history) {
        verdicts.first = comparison.follow(event);
        if (verdicts.first) break;
    }
    if (!verdicts.first) verdicts.first = comparison.missing();
    verdicts.compared = comparison.compared();
    verdicts.run = comparison.run();
    workflow.forget(run);
    return verdicts;
}

}  // namespace resolute
