// The words of `resolute schedule`.
#include "cli/arguments.h"
#include "cli/commands.h"

namespace resolute::cli {
namespace {

using Wish = ScheduleOptions::Wish;

struct ScheduleVerb {
    CLI::App* app;
    std::shared_ptr<ScheduleOptions> options;
};

ScheduleVerb add_verb(CLI::App& schedule, Invocation& in, Wish wish, char const* name,
                      char const* about, char const* examples) {
    auto options = std::make_shared<ScheduleOptions>();
    options->wish = wish;
    options->by = environment_value("USER").value_or("operator");
    auto* sub = command(schedule, in, name, about, examples);
    sub->add_option("workflow", options->workflow, "whose schedule it is")->required();
    if (wish != Wish::show) sub->add_option("--by", options->by, "who asks for it");
    sub->callback([&in, options] {
        in.quiet = true;
        in.run = [&in, options](Config const& c) {
            return resolute::cli::schedule(c, *options, in.json);
        };
    });
    return {sub, options};
}

}  // namespace

void add_schedule_commands(CLI::App& app, Invocation& in) {
    auto* schedule = app.add_subcommand("schedule", "what starts runs by itself");
    schedule->alias("schedules");
    schedule->require_subcommand(1);
    schedule->footer(
        "A workflow with `schedule` in its document starts runs by itself once it is deployed.\n"
        "Examples:\n"
        "  resolute schedule list\n"
        "  resolute schedule show reports/daily\n"
        "  resolute schedule pause reports/daily --reason 'the bank is down'\n"
        "  resolute schedule backfill reports/daily --from 2026-03-01T00:00:00Z --to "
        "2026-03-07T00:00:00Z");
    auto* list = command(*schedule, in, "list", "all schedules, and when they fire next",
                         "  resolute schedule list\n  resolute schedule list --json");
    list->callback([&in] {
        in.quiet = true;
        in.run = [&in](Config const& c) { return list_schedules(c, in.json); };
    });
    add_verb(*schedule, in, Wish::show, "show",
             "a schedule, its next times and what became of the latest",
             "  resolute schedule show reports/daily");
    auto const pause =
        add_verb(*schedule, in, Wish::pause, "pause",
                 "no fire starts a run until it is resumed; runs that are open go on",
                 "  resolute schedule pause reports/daily --reason 'the bank is down'");
    pause.app->add_option("--reason", pause.options->reason, "why");
    add_verb(*schedule, in, Wish::resume, "resume",
             "let a paused schedule go on; what was due meanwhile is left out",
             "  resolute schedule resume reports/daily");
    add_verb(*schedule, in, Wish::trigger, "trigger", "start a run now, whatever else is open",
             "  resolute schedule trigger reports/daily");
    auto const backfill =
        add_verb(*schedule, in, Wish::backfill, "backfill",
                 "start the runs of a time that is over, one after the other; a fire that had its "
                 "run has it",
                 "  resolute schedule backfill reports/daily --from 2026-03-01T00:00:00Z --to "
                 "2026-03-07T00:00:00Z");
    backfill.app->add_option("--from", backfill.options->from, "the first time, RFC 3339")
        ->required();
    backfill.app->add_option("--to", backfill.options->until, "the last time, RFC 3339")
        ->required();
    backfill.app->add_option("--reason", backfill.options->reason, "why");
    backfill.app->add_flag("--side-by-side", backfill.options->side_by_side,
                           "all at once instead of one after the other");
}

}  // namespace resolute::cli
