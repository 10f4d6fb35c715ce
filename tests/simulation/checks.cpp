// What must be true of every world, whatever went wrong in it.
#include <algorithm>

#include "engine/chain.h"
#include "engine/names.h"
#include "tests/simulation/world.h"

namespace resolute::simulation {

bool World::was_started(Attempt const& attempt) {
    return std::ranges::any_of(database_.history(attempt.run), [&](EncodedEvent const& event) {
        auto const decoded = decode(event);
        auto const* started = std::get_if<ActivityStarted>(&decoded.fact);
        return started && started->step == attempt.step && started->attempt == attempt.number;
    });
}

void World::check_intent(Attempt const& attempt) {
    auto const& run = fold_of(attempt.run);
    auto const found = run.activities.find(attempt.step);
    auto const* running = found == run.activities.end()
                              ? nullptr
                              : std::get_if<activity::Running>(&found->second.state);
    auto const* uncertain = found == run.activities.end()
                                ? nullptr
                                : std::get_if<activity::Uncertain>(&found->second.state);
    // A process that was paused may be late: its intent is there, and a successor calls it unknown
    // already.
    if ((running && running->attempt == attempt.number) ||
        (uncertain && uncertain->attempt == attempt.number))
        return;
    // Where two under one key are one, the successor does not even wait for it.
    if (class_of(attempt.intent) == ToolClass::a && was_started(attempt)) return;
    breach("I1: " + attempt.intent.target + " was sent before its intent was committed");
}

void World::check_all() {
    adopt();
    std::string all;
    for (auto const& run : runs_) {
        auto const events = database_.history(run);
        for (auto const& event : events) all += event.chain.view();
        report_.events += static_cast<int>(events.size());
        ++report_.runs;
        if (events.empty()) {
            breach("a run was lost: " + to_string(run));
            continue;
        }
        try {
            check_history(run, events);
        } catch (CorruptHistory const& error) {
            breach(std::string("I10: ") + error.what());
        }
    }
    for (auto const& [key, effects] : outside_.by_key) {
        if (effects.applied > 1)
            breach("I2: " + std::to_string(effects.applied) + " effects for the key " + key);
        // A person may say that a class C call never happened; then it may be sent again.
    }
    report_.digest = to_string(sha256(all));
}

// Resumed from a snapshot of any of its prefixes, a run is the same as folded from the start.
void World::check_snapshot(RunId run, std::vector<EncodedEvent> const& events) {
    auto const length = static_cast<std::size_t>(random_->below(events.size())) + 1;
    Run whole{.id = run};
    std::optional<Run> resumed;
    for (std::size_t i = 0; i < events.size(); ++i) {
        auto const event = decode(events[i]);
        apply(whole, event);
        if (resumed) apply(*resumed, event);
        if (i + 1 == length)
            resumed = restore(snapshot_of(whole, now_), whole.started.workflow.digest);
        if (i + 1 == length && !resumed) return breach("a snapshot cannot be read");
    }
    if (state_of(*resumed) != state_of(whole)) breach("a snapshot and the tail are another run");
}

void World::check_history(RunId run, std::vector<EncodedEvent> const& events) {
    if (auto const fault = verify_chain(run, events)) breach("I10: " + fault->what);
    Run fold{.id = run};
    std::map<StepId, bool> unsettled;  // unknown, and no verdict yet
    std::map<ApprovalId, int> consumed;
    std::map<StepId, std::string> keys;
    for (auto const& encoded : events) {
        auto const event = decode(encoded);
        apply(fold, event);
        if (auto const* unknown = std::get_if<ActivityUnknown>(&event.fact))
            unsettled[unknown->step] = true;
        if (auto const* answer = std::get_if<ActivityVerified>(&event.fact))
            unsettled[answer->step] = answer->verdict == Verdict::undecided;
        if (auto const* answer = std::get_if<ActivityResolved>(&event.fact))
            unsettled[answer->step] = false;
        if (auto const* proposed = std::get_if<ActivityProposed>(&event.fact))
            keys[proposed->step] = proposed->intent.key;
        if (auto const* denied = std::get_if<ActivityDenied>(&event.fact)) {
            auto const key = denied->intent ? denied->intent->key : keys[denied->step];
            if (outside_.by_key.contains(key)) breach("I14: a denied call had an effect");
        }
        if (auto const* started = std::get_if<ActivityStarted>(&event.fact)) {
            if (unsettled[started->step])
                breach("I8: an unknown outcome was tried again without a verdict");
            if (started->approval && ++consumed[*started->approval] > 1)
                breach("I4: an approval was used twice");
            if (started->intent) keys[started->step] = started->intent->key;
        }
        auto const succeeded = [&](StepId const& step, Effect effect) {
            if (effect != Effect::read && outside_.by_key[keys[step]].applied != 1)
                breach("I2: a step succeeded with " +
                       std::to_string(outside_.by_key[keys[step]].applied) + " effects");
        };
        if (auto const* good = std::get_if<ActivitySucceeded>(&event.fact);
            good && keys.contains(good->step) && !good->intent)
            if (good->output.json().contains("done")) succeeded(good->step, Effect::write);
        if (auto const* good = std::get_if<ActivityVerified>(&event.fact);
            good && good->verdict == Verdict::applied)
            succeeded(good->step, Effect::write);
    }
    check_snapshot(run, events);
    auto const stored_row = database_.row(run);
    if (!stored_row) return breach("I9: a run has events and no row");
    if (stored_row->sequence > fold.sequence) breach("I9: the row is ahead of its history");
    if (fold.is_closed() && name(stored_row->status) != to_string(fold.status))
        breach("I9: the row says " + std::string(name(stored_row->status)));
    if (!fold.is_closed()) {
        auto const waits = waits_of(fold);
        breach("a run never ended; it waits " +
               (waits.empty() ? std::string("for nothing (I18)") : waits.front().sentence));
    }
}

}  // namespace resolute::simulation
