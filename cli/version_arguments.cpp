// The words of `resolute replay`, `migrate-runs` and `fork`.
#include "cli/arguments.h"
#include "cli/commands.h"

namespace resolute::cli {
namespace {

void add_replay_command(CLI::App& app, Invocation& in) {
    auto run = std::make_shared<std::string>();
    auto against = std::make_shared<std::string>();
    auto* sub = command(
        app, in, "replay", "compare what a run did with what another definition would ask for",
        "  resolute replay RUN --against workflows/refund.yaml\n"
        "  resolute replay RUN --against 2.0.0 --json\n"
        "  resolute history RUN --json > h.jsonl && resolute replay h.jsonl --against new.yaml\n"
        "Nothing is performed. Exit codes: 0 it fits, 1 it differs, 2 bad input.");
    sub->add_option("run", *run, "id of the run, or a file with its history")->required();
    sub->add_option("--against", *against,
                    "file of a workflow; or a published version or digest of the run's workflow")
        ->required();
    sub->callback([&in, run, against] {
        in.quiet = true;
        in.run = [&in, run, against](Config const& c) {
            return replay(c, *run, *against, in.json);
        };
    });
}

void add_migrate_runs_command(CLI::App& app, Invocation& in) {
    auto options = std::make_shared<MigrateRunsOptions>();
    options->by = environment_value("USER").value_or("operator");
    auto* sub = command(
        app, in, "migrate-runs", "let the open runs of a workflow follow another version of it",
        "  resolute migrate-runs refunds/refund --to 2.0.0 --dry-run\n"
        "  resolute migrate-runs refunds/refund --to 3fa9c1e0 --reason 'the new desk'\n"
        "A run may when the version would have asked for everything that the run has done.\n"
        "Exit codes: 0 all may, or did; 1 some may not; 2 bad input; 4 nobody took it up yet.");
    sub->add_option("workflow", options->workflow, "its name")->required();
    sub->add_option("--to", options->to, "published version, or the beginning of a digest")
        ->required();
    sub->add_flag("--dry-run", options->dry_run, "only say which may, and why others may not");
    sub->add_option("--reason", options->reason, "why; kept in each history");
    sub->add_option("--by", options->by, "who asks for it (default: $USER)");
    sub->callback([&in, options] {
        in.quiet = true;
        in.run = [&in, options](Config const& c) { return migrate_runs(c, *options, in.json); };
    });
}

void add_fork_command(CLI::App& app, Invocation& in) {
    auto options = std::make_shared<ForkOptions>();
    options->by = environment_value("USER").value_or("operator");
    auto* sub = command(
        app, in, "fork", "start a new run that begins with what another one has done",
        "  resolute fork RUN --at pay\n"
        "  resolute fork RUN --at 12 --case R-1001-again\n"
        "  resolute fork RUN --at pay --set 'order={\"found\": true, \"total\": 4900}'\n"
        "The run itself is not touched. What comes after the shared part is done again, by keys\n"
        "of the new run.\n"
        "Exit codes: 0 it began, 2 it cannot be forked there, 4 nobody took it up yet.");
    sub->add_option("run", options->run, "id of the run")->required();
    sub->add_option("--at", options->at,
                    "the last event to share; or a step: what happened before it began is shared")
        ->required();
    sub->add_option("--set", options->outputs, "STEP=JSON: another output of a shared step");
    sub->add_option("--case", options->case_id, "case id of the new run (default: none)");
    sub->add_option("--by", options->by, "who asks for it (default: $USER)");
    sub->callback([&in, options] {
        in.quiet = true;
        in.run = [&in, options](Config const& c) { return fork(c, *options, in.json); };
    });
}

}  // namespace

void add_version_commands(CLI::App& app, Invocation& in) {
    add_replay_command(app, in);
    add_migrate_runs_command(app, in);
    add_fork_command(app, in);
}

}  // namespace resolute::cli
