#include "tests/simulation/checks.h"

#include <algorithm>

#include "engine/chain.h"
#include "engine/names.h"
#include "engine/snapshot.h"

namespace resolute::simulation {
namespace {

template <class State>
State const* activity_in(Run const& run, StepId const& step) {
    auto const found = run.activities.find(step);
    return found == run.activities.end() ? nullptr : std::get_if<State>(&found->second.state);
}

std::string where(History const& history, StepId const& step) {
    return " (" + to_string(history.run) + " " + step.path + ")";
}

}  // namespace

// A process that was paused may be late: its intent is there, and a successor calls it unknown
// already.
void check_intent(Ground& ground, Attempt const& attempt) {
    auto const& run = ground.fold_of(attempt.run);
    auto const* running = activity_in<activity::Running>(run, attempt.step);
    auto const* uncertain = activity_in<activity::Uncertain>(run, attempt.step);
    bool const is_intended = (running && running->attempt == attempt.number) ||
                             (uncertain && uncertain->attempt == attempt.number);
    // Whatever closed the step meanwhile, the intent is in the history.
    auto is_it = [&](EncodedEvent const& event) {
        if (kind_name(event.kind) != "activity_started") return false;
        auto const fact = decode(event.kind, event.body);
        auto const& started = std::get<ActivityStarted>(fact);
        return started.step == attempt.step && started.attempt == attempt.number;
    };
    auto const found = ground.database.tables.runs.find(attempt.run);
    bool const is_committed = is_intended || (found != ground.database.tables.runs.end() &&
                                              std::ranges::any_of(found->second.events, is_it));
    ground.setting.require(is_committed, Check::i1_intent_before_effect,
                           "a write was sent before its intent was committed");
}

std::optional<History> check_chain(Ground& ground, RunId run) {
    auto& setting = ground.setting;
    setting.looked(Check::i10_chain_verifies);
    History history{run, ground.database.history(run), {}, Run{.id = run}};
    if (auto const fault = verify_chain(run, history.encoded)) {
        setting.breach(Check::i10_chain_verifies, fault->what);
        return std::nullopt;
    }
    try {
        for (auto const& encoded : history.encoded) {
            history.events.push_back(decode(encoded));
            apply(history.fold, history.events.back());
        }
    } catch (CorruptHistory const& error) {
        setting.breach(Check::i10_chain_verifies, error.what());
        return std::nullopt;
    }
    return history;
}

void check_retries(Ground& ground, History const& history) {
    std::map<StepId, bool> unsettled;
    for (auto const& event : history.events) {
        if (auto const* unknown = std::get_if<ActivityUnknown>(&event.fact))
            unsettled[unknown->step] = true;
        if (auto const* answer = std::get_if<ActivityVerified>(&event.fact))
            unsettled[answer->step] = answer->verdict == Verdict::undecided;
        if (auto const* answer = std::get_if<ActivityResolved>(&event.fact))
            unsettled[answer->step] = false;
        auto const* started = std::get_if<ActivityStarted>(&event.fact);
        if (!started || !unsettled.contains(started->step)) continue;
        ground.setting.looked(Check::i8_no_retry_without_verdict);
        if (unsettled[started->step])
            ground.setting.breach(
                Check::i8_no_retry_without_verdict,
                "an unknown outcome was tried again" + where(history, started->step));
    }
}

void check_tenant(Ground& ground, History const& history) {
    auto const& tables = ground.database.tables;
    auto const& tenant = history.fold.started.tenant;
    bool holds = true;
    auto compare = [&](auto const& row) {
        if (row.run == history.run) holds = holds && row.tenant == tenant;
    };
    compare(tables.runs.at(history.run).row);
    for (auto const& [id, row] : tables.approvals) compare(row);
    for (auto const& row : tables.decisions) compare(row);
    for (auto const& [key, row] : tables.unresolved) compare(row);
    ground.setting.require(holds, Check::i13_nothing_crosses_a_tenant,
                           "a row of a run belongs to another tenant");
}

void check_snapshot(Ground& ground, History const& history) {
    auto& setting = ground.setting;
    auto const length = setting.random().below(history.events.size()) + 1;
    Run whole{.id = history.run};
    std::optional<Run> resumed;
    for (std::size_t i = 0; i < history.events.size(); ++i) {
        apply(whole, history.events[i]);
        if (resumed) apply(*resumed, history.events[i]);
        if (i + 1 == length)
            resumed = restore(snapshot_of(whole, setting.now()), whole.started.workflow.digest);
        if (i + 1 == length && !resumed)
            return setting.breach(Check::snapshot_is_its_run, "a snapshot cannot be read");
    }
    setting.require(state_of(*resumed) == state_of(whole), Check::snapshot_is_its_run,
                    "a snapshot and what followed are another run");
}

void check_messages(Ground& ground, History const& history) {
    std::set<MessageId> signals;
    std::set<std::string> decisions;
    for (auto const& event : history.events) {
        bool is_new = true;
        if (auto const* signal = std::get_if<SignalReceived>(&event.fact))
            is_new = signals.insert(signal->signal).second;
        else if (auto const* decided = std::get_if<ApprovalDecided>(&event.fact))
            is_new = decisions.insert(decided->decision_id).second;
        else
            continue;
        ground.setting.require(is_new, Check::message_taken_once,
                               "a signal or a decision counted twice");
    }
}

// Of the events that a run received and did not give back: it declines the one that came last.
static std::vector<std::string> positions_kept(std::vector<EncodedEvent> const& history) {
    std::map<StepId, std::vector<std::string>> by_step;
    for (auto const& encoded : history) {
        auto const kind = kind_name(encoded.kind);
        if (kind != "event_received" && kind != "event_declined") continue;
        auto const fact = decode(encoded).fact;
        if (auto const* received = std::get_if<EventReceived>(&fact))
            by_step[received->step].push_back(received->position);
        else
            by_step.at(std::get<EventDeclined>(fact).step).pop_back();
    }
    std::vector<std::string> kept;
    for (auto const& [step, positions] : by_step)
        kept.insert(kept.end(), positions.begin(), positions.end());
    return kept;
}

static std::string listed(std::vector<RunId> const& runs) {
    std::string text;
    for (auto const& run : runs) text += " " + to_string(run);
    return text.empty() ? " nobody" : text;
}

void check_events(Ground& ground) {
    auto& setting = ground.setting;
    auto const& tables = ground.database.tables;
    std::map<std::string, std::vector<RunId>> heard;  // by position
    for (auto const& [run, stored] : tables.runs)
        for (auto const& position : positions_kept(stored.events)) heard[position].push_back(run);
    for (auto const& [position, event] : tables.events) {
        if (event.taken_by && ground.is_set_aside_for_good(*event.taken_by)) continue;
        auto const& by = heard[std::to_string(position)];
        auto const taken = event.taken_by ? std::vector{*event.taken_by} : std::vector<RunId>{};
        bool const is_once = by == taken;
        if (!is_once)
            setting.note("event " + std::to_string(position) + " was heard by" + listed(by) +
                         ", taken by" + listed(taken));
        setting.require(is_once, Check::event_heard_once,
                        "an event was heard twice, or lost, or is kept");
    }
    for (auto const& [place, listener] : tables.listeners) {
        auto const& listening = ground.fold_of(place.first).listening;
        auto const found = listening.find(place.second);
        setting.require(found != listening.end() && found->second.waits,
                        Check::i9_rows_agree_with_history,
                        "somebody is offered events who does not listen");
    }
}

// A run waits for a place, or has it, as its history says; what is over has none.
void check_places(Ground& ground) {
    auto& setting = ground.setting;
    auto const& tables = ground.database.tables;
    for (auto const& [run, wait] : tables.place_waits) {
        auto const& listening = ground.fold_of(run).listening;
        auto const found = listening.find(StepId{});
        setting.require(found != listening.end() && found->second.waits,
                        Check::i9_rows_agree_with_history, "a run is queued that does not wait");
    }
    std::map<RunId, std::uint64_t> held;
    for (auto const& [run, place] : tables.places) ++held[run];
    for (auto const& [run, stored] : tables.runs) {
        auto const& fold = ground.fold_of(run);
        setting.require(held[run] == (fold.is_closed() ? 0 : fold.places),
                        Check::i9_rows_agree_with_history,
                        "a run holds other places than it was given");
    }
}

void check_inbox(Ground& ground) {
    static char const* const kinds[] = {"start", "signal", "cancel",    "decision",
                                        "pause", "resume", "child_end", "event"};
    auto& setting = ground.setting;
    for (auto const& posted : ground.database.tables.inbox) {
        if (ground.is_set_aside_for_good(posted.message.run)) continue;
        setting.looked(Check::inbox_is_emptied);
        if (!posted.is_consumed && posted.refused.empty())
            setting.breach(Check::inbox_is_emptied,
                           std::string("a ") + kinds[posted.message.content.index()] + " for " +
                               to_string(posted.message.run) + " stays in the inbox for ever");
    }
}

void check_end(Ground& ground, History const& history) {
    auto& setting = ground.setting;
    setting.looked(Check::everything_ends);
    if (history.fold.is_closed()) return;
    auto const waits = waits_of(history.fold);
    setting.breach(Check::everything_ends,
                   "a run never ended; it waits " +
                       (waits.empty() ? "for nothing" : waits.front().sentence) +
                       where(history, waits.empty() ? StepId{} : waits.front().step));
}

}  // namespace resolute::simulation
