#include "console/schedules.h"

#include <algorithm>

#include "base/limits.h"
#include "console/answers.h"

namespace resolute::console {
namespace {

constexpr int tries = 20;  // of a change, while others change the same schedule
constexpr std::size_t times_shown = 5;

ApiProblem not_now(std::string code, std::string detail, std::string remedy) {
    return {409, std::move(code), "Not in this state", std::move(detail), std::move(remedy), {}};
}

Json run_json(ScheduledRun const& run) { return {{"run", to_string(run.run)}, {"key", run.key}}; }

Json fired_json(Fired const& fired) {
    Json json{{"key", fired.key}, {"what", fired.what}, {"at", to_string(fired.at)}};
    if (!fired.why.empty()) json["why"] = fired.why;
    if (fired.run) json["run"] = to_string(*fired.run);
    return json;
}

// When it will start runs, as far as that is known.
Json times_of(ScheduleRow const& row, workflow::Schedule const& schedule, Timestamp now) {
    auto times = Json::array();
    if (row.state.pause) return times;
    if (std::holds_alternative<workflow::Schedule::After>(schedule.when)) {
        if (row.next_at && row.state.open.empty()) times.push_back(to_string(*row.next_at));
        return times;
    }
    auto next = schedule.next(std::max(row.state.last.value_or(row.published_at), now));
    for (; next && times.size() < times_shown; next = schedule.next(*next))
        times.push_back(to_string(*next));
    return times;
}

}  // namespace

Json Schedules::json_of(ScheduleRow const& row) {
    auto const definition = definitions_(row.workflow.digest);
    auto const& schedule = *definition->schedule;
    auto const& state = row.state;
    Json json{{"id", to_string(row.schedule)},
              {"workflow",
               {{"name", row.workflow.name},
                {"version", row.workflow.version},
                {"digest", to_string(row.workflow.digest)}}},
              {"when", workflow::sentence_of(*definition)},
              {"overlap", to_string(schedule.overlap)},
              {"catchUp", to_string(schedule.catch_up)},
              {"jitter", to_string(schedule.jitter)},
              {"publishedAt", to_string(row.published_at)},
              {"nextTimes", times_of(row, schedule, clock_.now())},
              {"openRuns", Json::array()},
              {"recent", Json::array()}};
    for (auto const& run : state.open) json["openRuns"].push_back(run_json(run));
    for (auto const& fired : state.recent) json["recent"].push_back(fired_json(fired));
    if (state.buffered) json["buffered"] = to_string(*state.buffered);
    if (state.pause)
        json["paused"] = {{"by", state.pause->by},
                          {"reason", state.pause->reason},
                          {"at", to_string(state.pause->at)}};
    if (state.backfill)
        json["backfill"] = {{"after", to_string(state.backfill->after)},
                            {"until", to_string(state.backfill->until)},
                            {"sideBySide", state.backfill->side_by_side},
                            {"by", state.backfill->by},
                            {"reason", state.backfill->reason}};
    return json;
}

Json Schedules::list() {
    std::lock_guard const lock(mutex_);
    auto all = Json::array();
    for (auto const& row : store_->all(tenant)) all.push_back(json_of(row));
    return all;
}

Schedules::Answer Schedules::show(ScheduleId schedule) {
    std::lock_guard const lock(mutex_);
    auto const row = store_->find(schedule);
    if (!row) return not_found("schedule " + to_string(schedule));
    return json_of(*row);
}

// Whoever changes a row that changed meanwhile looks at it again.
Schedules::Answer Schedules::change(ScheduleId schedule, Change const& how) {
    std::lock_guard const lock(mutex_);
    for (int i = 0; i < tries; ++i) {
        auto const row = store_->find(schedule);
        if (!row) return not_found("schedule " + to_string(schedule));
        auto step = how(*row);
        if (auto* problem = std::get_if<ApiProblem>(&step)) return std::move(*problem);
        if (!store_->advance({}, *row, std::get<ScheduleStep>(step))) continue;
        auto const now = store_->find(schedule);
        return now ? Answer(json_of(*now)) : Answer(not_found("schedule " + to_string(schedule)));
    }
    return ApiProblem{503,
                      codes::overloaded,
                      "Too much at once",
                      "The schedule changes all the time.",
                      "Try again in a moment.",
                      {}};
}

Schedules::Answer Schedules::pause(ScheduleId schedule, std::string const& by,
                                   std::string const& reason) {
    return change(schedule, [&](ScheduleRow const& row) {
        return workflow::paused(row, {by, reason, clock_.now()});
    });
}

// As if every event that is there had been heard: nobody may have looked since the pause.
ScheduleRow Schedules::past_events(ScheduleRow row) {
    while (true) {
        auto const events = store_->around(row, clock_.now()).events;
        if (events.empty()) return row;
        row.heard = events.back().mark;
    }
}

Schedules::Answer Schedules::resume(ScheduleId schedule) {
    return change(schedule, [&](ScheduleRow const& row) -> std::variant<ScheduleStep, ApiProblem> {
        if (!row.state.pause) return not_now(codes::not_paused, "The schedule is not paused.", {});
        return workflow::resumed(past_events(row), clock_.now());
    });
}

Schedules::Answer Schedules::trigger(ScheduleId schedule, std::string const& by) {
    return change(schedule, [&](ScheduleRow const& row) -> std::variant<ScheduleStep, ApiProblem> {
        if (row.state.triggers.size() >= limits::schedule_triggers)
            return not_now(codes::overloaded,
                           "Runs that were asked for by hand wait to be started.",
                           "Start a process that serves this database.");
        return workflow::triggered(row, {by, clock_.now()});
    });
}

Schedules::Answer Schedules::backfill(ScheduleId schedule, BackfillRequest const& request) {
    auto const from = parse_timestamp(request.from);
    auto const until = parse_timestamp(request.until);
    if (!from || !until)
        return malformed("`from` and `until` are times such as 2026-03-01T00:00:00Z.");
    auto const now = clock_.now();
    if (*from > *until || *until > now)
        return malformed("`from` comes before `until`, and both have passed.");
    return change(schedule, [&](ScheduleRow const& row) -> std::variant<ScheduleStep, ApiProblem> {
        if (!definitions_(row.workflow.digest)->schedule->has_times())
            return malformed("Only a schedule with `cron` or `every` has times in the past.");
        if (row.state.backfill)
            return not_now("backfill_under_way",
                           "The schedule fills in " + to_string(row.state.backfill->after) +
                               " until " + to_string(row.state.backfill->until) + ".",
                           "Wait until it has.");
        return workflow::backfilled(row,
                                    {.after = *from - Duration(1),
                                     .until = *until,
                                     .side_by_side = request.side_by_side,
                                     .by = request.by,
                                     .reason = request.reason},
                                    now);
    });
}

}  // namespace resolute::console
