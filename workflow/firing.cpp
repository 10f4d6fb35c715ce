#include "workflow/firing.h"

#include <algorithm>
#include <stdexcept>

#include "base/limits.h"
#include "engine/child.h"
#include "workflow/arguments.h"

namespace resolute::workflow {
namespace {

ScheduleStep step_from(ScheduleRow const& row) {
    return {.state = row.state, .heard = row.heard, .next_at = row.next_at};
}

// Of the run that this fire starts. The time is that of the start, so that rows of one time lie
// together.
RunId run_id_of(ScheduleRow const& row, std::string const& key, Timestamp now) {
    auto const digest =
        sha256({"fire|", to_string(row.schedule), "|", key, "|", std::to_string(row.revision)});
    return child_run_id(RunId{row.schedule.value}, {to_string(digest)}, now);
}

}  // namespace

ScheduleStep fire(ScheduleRow const& row, Definition const& definition,
                  ScheduleSituation const& situation) {
    if (!definition.schedule)
        throw std::invalid_argument("The workflow `" + definition.ref.name +
                                    "` has no schedule in version " + definition.ref.version + ".");
    return Firing(row, definition, situation).decide();
}

ScheduleStep paused(ScheduleRow const& row, SchedulePause pause) {
    auto step = step_from(row);
    step.next_at = pause.at;
    step.state.pause = std::move(pause);
    return step;
}

ScheduleStep resumed(ScheduleRow const& row, Timestamp now) {
    auto step = step_from(row);
    step.state.pause.reset();
    step.state.last = now;
    step.next_at = now;
    return step;
}

ScheduleStep triggered(ScheduleRow const& row, Trigger trigger) {
    auto step = step_from(row);
    step.next_at = trigger.at;
    step.state.triggers.push_back(std::move(trigger));
    return step;
}

ScheduleStep backfilled(ScheduleRow const& row, Backfill backfill, Timestamp now) {
    auto step = step_from(row);
    step.state.backfill = std::move(backfill);
    step.next_at = now;
    return step;
}

Firing::Firing(ScheduleRow const& row, Definition const& definition,
               ScheduleSituation const& situation)
    : definition_(definition),
      schedule_(*definition.schedule),
      row_(row),
      situation_(situation),
      step_{.state = row.state, .heard = row.heard, .next_at = std::nullopt} {}

ScheduleStep Firing::decide() {
    if (step_.state.planned != row_.workflow.digest) plan_anew();
    forget_ended();
    take_triggers();
    take_backfill();
    if (step_.state.pause) {
        if (!situation_.events.empty()) step_.heard = situation_.events.back().mark;
    } else if (schedule_.has_times()) {
        at_times();
    } else if (auto const* after = std::get_if<Schedule::After>(&schedule_.when)) {
        after_the_last(after->pause);
    } else {
        on_events(std::get<Schedule::On>(schedule_.when).events);
    }
    return std::move(step_);
}

// Another version is in force: it begins with its publication.
void Firing::plan_anew() {
    auto& state = step_.state;
    state.planned = row_.workflow.digest;
    if (!state.last || *state.last < row_.published_at) state.last = row_.published_at;
    state.buffered.reset();
    state.collected.clear();
}

bool Firing::is_over(ScheduledRun const& run) {
    auto const found = situation_.runs.find(run.run);
    if (found == situation_.runs.end() || !found->second.is_over) return false;
    if (!found->second.at) note_no_run(run.run);
    auto const at = found->second.at.value_or(situation_.now);
    auto& ended = step_.state.ended_at;
    if (!ended || *ended < at) ended = at;
    return true;
}

void Firing::forget_ended() {
    std::erase_if(step_.state.open, [&](ScheduledRun const& run) { return is_over(run); });
}

ScheduledRun Firing::start(std::string const& key, Payload input, std::string const& by) {
    auto const run = run_id_of(row_, key, situation_.now);
    // The case makes the start idempotent, whatever became of the schedule in between.
    StartRun content{row_.workflow, row_.tenant, "schedule:" + key, std::move(input), by};
    step_.posted.push_back({message_id_of(run, 0), run, std::move(content)});
    return {run, key};
}

void Firing::start_and_note(std::string const& key, Payload input, Concern concern) {
    auto run = start(key, std::move(input), "schedule " + row_.workflow.name);
    note(key, "started", {}, run.run);
    if (concern == Concern::end) step_.state.open.push_back(std::move(run));
}

std::optional<ScheduledRun> Firing::start_for(std::string const& key, Timestamp time,
                                              std::string const& by, std::string const& why) {
    try {
        auto run = start(key, input_at(time), by);
        note(key, "started", why, run.run);
        return run;
    } catch (Fault const& fault) {
        note(key, "failed", fault.error.detail);
        return std::nullopt;
    }
}

void Firing::cancel_open() {
    for (auto& open : step_.state.open) {
        if (std::exchange(open.is_cancelled, true)) continue;
        step_.posted.push_back(
            {message_id_of(open.run, 1), open.run,
             CancelRun{"schedule " + row_.workflow.name, "the next run of its schedule is due"}});
    }
}

void Firing::note(std::string const& key, std::string what, std::string why,
                  std::optional<RunId> run) {
    auto& recent = step_.state.recent;
    recent.push_back({key, std::move(what), std::move(why), run, situation_.now});
    if (recent.size() > limits::schedule_recent) recent.erase(recent.begin());
}

// It was posted, and its start was not taken.
void Firing::note_no_run(RunId run) {
    for (auto& fired : step_.state.recent) {
        if (fired.run != run) continue;
        fired.what = "skipped";
        fired.why = "its fire had a run before, or its workflow could not be loaded";
        fired.run.reset();
    }
}

void Firing::look_again(Timestamp at) {
    if (!step_.next_at || at < *step_.next_at) step_.next_at = at;
}

void Firing::recheck() {
    look_again(situation_.now + std::chrono::milliseconds(limits::schedule_recheck_ms));
}

// By hand: whatever else is open.
void Firing::take_triggers() {
    for (auto const& trigger : std::exchange(step_.state.triggers, {})) {
        auto const key = "trigger:" + to_string(trigger.at);
        if (auto run = start_for(key, trigger.at, trigger.by, "by hand"))
            step_.state.open.push_back(*std::move(run));
    }
}

void Firing::take_backfill() {
    auto& backfill = step_.state.backfill;
    if (!backfill) return;
    if (backfill->run && !is_over(*backfill->run)) return recheck();
    backfill->run.reset();
    for (std::size_t count = 0;; ++count) {
        auto const time = schedule_.next(backfill->after);
        if (!time || *time > backfill->until) return backfill.reset();
        if (count == limits::schedule_fires_per_step) return look_again(situation_.now);
        backfill->after = *time;
        auto run = start_for(to_string(*time), *time, backfill->by, "backfill");
        if (backfill->side_by_side || !run) continue;
        backfill->run = std::move(run);
        return recheck();
    }
}

}  // namespace resolute::workflow
