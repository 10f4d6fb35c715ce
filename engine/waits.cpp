#include <algorithm>

#include "engine/run.h"

namespace resolute {
namespace {

using Cause = WaitsFor::Cause;

std::string quoted(std::string const& text) { return "`" + text + "`"; }

// "an event of type `a` or `b`"
std::string types_of(Payload const& filters) {
    std::string text;
    for (auto const& filter : filters.json()) {
        auto const type = filter.value("type", std::string());
        if (type.empty()) return "an event of any type";
        text += (text.empty() ? "an event of type " : " or ") + quoted(type);
    }
    return text;
}

// "a place under the key `demo/refund`, where at most 3 go at a time and 10 begin in PT1M"
std::string place_of(Payload const& filters) {
    auto const& place = filters.json().at(0).at("place");
    auto text = "a place under the key " + quoted(place.at("key").get<std::string>()) + ", where";
    if (place.contains("most"))
        text += " at most " + std::to_string(place.at("most").get<int>()) + " go at a time";
    if (place.contains("most") && place.contains("many")) text += " and";
    if (!place.contains("many")) return text;
    auto const per = std::chrono::milliseconds(place.at("perMs").get<std::int64_t>());
    return text + " at most " + std::to_string(place.at("many").get<int>()) + " begin in " +
           to_string(Duration(per));
}

void add_activity(std::vector<WaitsFor>& waits, StepId const& step, Activity const& activity) {
    auto const target = quoted(activity.intent.target);
    if (auto const* running = std::get_if<activity::Running>(&activity.state)) {
        waits.push_back({Cause::activity, step, "for the answer of " + target, running->deadline});
    } else if (auto const* backing_off = std::get_if<activity::BackingOff>(&activity.state)) {
        auto const what = backing_off->attempts == 0 ? "for its turn at " + target
                                                     : "to try " + target + " again";
        waits.push_back({Cause::retry, step, what + ": " + backing_off->why.detail,
                         backing_off->retry_at});
    } else if (auto const* uncertain = std::get_if<activity::Uncertain>(&activity.state)) {
        if (uncertain->verify_at)
            waits.push_back({Cause::verification, step,
                             "to ask what became of " + target + ", whose answer was lost",
                             uncertain->verify_at});
        else
            waits.push_back(
                {Cause::person, step, "for a person to say what became of " + target, {}});
    }
}

}  // namespace

std::string_view to_string(WaitsFor::Cause cause) {
    switch (cause) {
        case Cause::activity: return "activity";
        case Cause::approval: return "approval";
        case Cause::timer: return "timer";
        case Cause::signal: return "signal";
        case Cause::retry: return "retry";
        case Cause::verification: return "verification";
        case Cause::person: return "person";
        case Cause::paused: return "paused";
        case Cause::child: return "child";
        case Cause::event: return "event";
        case Cause::place: return "place";
    }
    return "unknown";
}

std::string_view to_string(RunStatus status) {
    switch (status) {
        case RunStatus::running: return "running";
        case RunStatus::completed: return "completed";
        case RunStatus::faulted: return "faulted";
        case RunStatus::cancelled: return "cancelled";
    }
    return "unknown";
}

std::vector<WaitsFor> waits_of(Run const& run) {
    std::vector<WaitsFor> waits;
    if (run.pause)
        waits.push_back({Cause::paused,
                         {},
                         "to be resumed; " + (run.pause->by.empty() ? "it" : run.pause->by) +
                             (run.pause->by.empty() ? " was paused" : " paused it") +
                             (run.pause->reason.empty() ? "" : ": " + run.pause->reason),
                         {}});
    for (auto const& [id, approval] : run.approvals) {
        if (approval.status != ApprovalStatus::pending ||
            approval.asked.kind == ApprovalKind::resolution)
            continue;
        auto const& card = approval.asked.card.json();
        auto const sentence =
            card.is_object() ? card.value("sentence", std::string()) : std::string();
        waits.push_back({Cause::approval, approval.asked.step,
                         "for a person to decide: " +
                             (sentence.empty() ? quoted(name_of(approval.asked.step)) : sentence),
                         approval.asked.expires_at});
    }
    for (auto const& [step, activity] : run.activities) add_activity(waits, step, activity);
    for (auto const& [step, timer] : run.timers)
        waits.push_back({Cause::timer, step, "until " + to_string(timer.due), timer.due});
    for (auto const& [step, listening] : run.listening)
        if (listening.waits && step.path.empty())
            waits.push_back({Cause::place, step, "for " + place_of(listening.filters), {}});
        else if (listening.waits)
            waits.push_back({Cause::event, step, "for " + types_of(listening.filters), {}});
    for (auto const& [step, child] : run.children)
        if (!child.end)
            waits.push_back({Cause::child,
                             step,
                             "for the run " + to_string(child.run) + " of " +
                                 quoted(child.workflow) +
                                 (child.withdrawn ? ", which is asked to stop" : ""),
                             {}});
    // Not how far it is: that changes all the time.
    for (auto const& [step, mapping] : run.mappings)
        if (!mapping.under_way.empty())
            waits.push_back({Cause::child,
                             step,
                             "for runs of " + quoted(mapping.workflow) + " over " +
                                 std::to_string(mapping.count) + " items" +
                                 (mapping.withdrawn ? ", which are asked to stop" : ""),
                             {}});
    for (auto const& [step, signal] : run.awaiting)
        waits.push_back({Cause::signal, step, "for the signal " + quoted(signal), {}});
    return waits;
}

std::optional<Timestamp> next_due(Run const& run) {
    std::optional<Timestamp> earliest;
    auto consider = [&](std::optional<Timestamp> due) {
        if (due && (!earliest || *due < *earliest)) earliest = due;
    };
    for (auto const& [step, activity] : run.activities)
        if (auto const* waits = std::get_if<activity::Uncertain>(&activity.state))
            consider(waits->verify_at);
    if (run.pause) return earliest;  // nothing else rings before it is resumed
    for (auto const& [id, approval] : run.approvals)
        if (approval.status == ApprovalStatus::pending) consider(approval.asked.expires_at);
    for (auto const& [step, activity] : run.activities)
        if (auto const* waits = std::get_if<activity::BackingOff>(&activity.state))
            consider(waits->retry_at);
    for (auto const& [step, timer] : run.timers) consider(timer.due);
    for (auto const& [step, deadline] : run.deadlines)
        if (!deadline.passed) consider(deadline.due);
    return earliest;
}

}  // namespace resolute
