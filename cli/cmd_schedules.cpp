// schedule: what starts runs by itself, to look at and to change.
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/definitions.h"
#include "cli/output.h"

namespace resolute::cli {
namespace {

std::string state_of(Json const& schedule) {
    if (schedule.contains("paused")) return "paused";
    if (schedule.contains("backfill")) return "fills in";
    return "active";
}

std::string next_of(Json const& schedule) {
    auto const& times = schedule["nextTimes"];
    return times.empty() ? "" : times[0].get<std::string>();
}

void print_fires(Json const& schedule) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& fired : schedule["recent"])
        rows.push_back(
            {fired["key"], fired["what"], fired.value("run", ""), fired.value("why", "")});
    if (!rows.empty()) print_table({"fire", "became", "run", "why"}, rows);
}

void print_schedule(Json const& schedule) {
    say(toned(Tone::bold, schedule["workflow"]["name"].get<std::string>()) + " " +
        schedule["workflow"]["version"].get<std::string>() + ": " +
        schedule["when"].get<std::string>());
    say("overlap " + schedule["overlap"].get<std::string>() + ", catch-up " +
        schedule["catchUp"].get<std::string>() + ", jitter " +
        schedule["jitter"].get<std::string>());
    if (schedule.contains("paused")) {
        auto const& pause = schedule["paused"];
        auto const reason = pause["reason"].get<std::string>();
        say(toned(Tone::warn, "paused") + " by " + pause["by"].get<std::string>() + " at " +
            pause["at"].get<std::string>() + (reason.empty() ? "" : ": " + reason));
    }
    if (schedule.contains("backfill"))
        say("fills in what is after " + schedule["backfill"]["after"].get<std::string>() +
            " until " + schedule["backfill"]["until"].get<std::string>());
    if (schedule.contains("buffered"))
        say("the fire of " + schedule["buffered"].get<std::string>() + " waits for its turn");
    for (auto const& time : schedule["nextTimes"]) say("next " + time.get<std::string>());
    for (auto const& run : schedule["openRuns"])
        say("open " + run["run"].get<std::string>() + " of " + run["key"].get<std::string>());
    print_fires(schedule);
}

console::Schedules::Answer carry_out(console::Schedules& schedules, ScheduleId id,
                                     ScheduleOptions const& wanted) {
    switch (wanted.wish) {
        case ScheduleOptions::Wish::show: return schedules.show(id);
        case ScheduleOptions::Wish::pause: return schedules.pause(id, wanted.by, wanted.reason);
        case ScheduleOptions::Wish::resume: return schedules.resume(id);
        case ScheduleOptions::Wish::trigger: return schedules.trigger(id, wanted.by);
        case ScheduleOptions::Wish::backfill:
            return schedules.backfill(
                id, {wanted.from, wanted.until, wanted.side_by_side, wanted.by, wanted.reason});
    }
    return schedules.show(id);
}

}  // namespace

int list_schedules(Config const& config, bool json) {
    auto const database = open_database(config, MayStart::no);
    Library library(database.url);
    SystemClock const clock;
    auto const all = open_schedules(database.url, library, clock).list();
    std::vector<std::vector<std::string>> rows;
    for (auto const& schedule : all) {
        if (json) print_json(schedule);
        rows.push_back({schedule["workflow"]["name"], schedule["workflow"]["version"],
                        schedule["when"], state_of(schedule), next_of(schedule)});
    }
    if (!json) print_table({"workflow", "version", "when", "state", "next"}, rows);
    return exit_ok;
}

int schedule(Config const& config, ScheduleOptions const& options, bool json) {
    auto const database = open_database(config, MayStart::no);
    Library library(database.url);
    SystemClock const clock;
    auto schedules = open_schedules(database.url, library, clock);
    auto const found =
        carry_out(schedules, schedule_of(console::tenant, options.workflow), options);
    if (auto const* problem = std::get_if<console::ApiProblem>(&found)) {
        if (problem->status == 404)
            complain("The workflow `" + options.workflow + "` has no schedule in force.");
        else
            complain(problem->detail + (problem->remedy.empty() ? "" : " " + problem->remedy));
        return problem->status == 400 ? exit_bad_input : exit_failed;
    }
    if (json)
        print_json(std::get<Json>(found));
    else
        print_schedule(std::get<Json>(found));
    return exit_ok;
}

}  // namespace resolute::cli
