// The commands of `resolute`, one function each; every one answers with an exit code of
// cli/output.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/config.h"

namespace resolute::cli {

int serve(Config const& config, bool json);
int dev(Config const& config, bool json);
int postgres(std::string const& folder, bool json);
int migrate(Config const& config, bool json);
int show_config(Config const& config, bool json);

enum class LintForm { text, json, sarif };
int lint(Config const& config, std::vector<std::string> const& paths, LintForm form);
// Prints a workflow file as other runtimes of the standard can read it.
int print_portable(std::string const& path, bool json);
int deploy(Config const& config, std::string const& folder, bool json);
// Runs the tables of tests beside the policies; without paths all of the project's.
int test_policies(Config const& config, std::vector<std::string> const& paths, bool json);
// Prints the JSON Schema by which an editor completes and checks workflows of this project.
int print_schema(Config const& config);
// Plays the tests of the project's workflows; without paths all below its folder `tests`.
int test_workflows(Config const& config, std::vector<std::string> const& paths, bool json);
// Prints the workflows of the project and, where there is a database, those that are deployed.
int list_workflows(Config const& config);

// JSON text, the name of a file with it, or "-" for standard input.
Result<Json> read_input(std::string const& text);

struct StartOptions {
    std::string what;                 // a deployed workflow's name, or a YAML file
    std::string version;
    std::string input = "{}";         // JSON text, a file's name after '@' or by --input, or "-"
    std::string case_id;
    bool wait = false;
    std::optional<Duration> timeout;
};
int start(Config const& config, StartOptions const& options, bool json);

struct RunsOptions {
    std::string status;
    std::string workflow;
    std::string case_id;
    std::size_t limit = 20;
};
int runs(Config const& config, RunsOptions const& options, bool json);
int show(Config const& config, std::string const& run, bool json);
int history(Config const& config, std::string const& run, bool json);
int signal(Config const& config, std::string const& run, std::string const& name,
           std::string const& payload, std::string const& by, bool json);
int cancel(Config const& config, std::string const& run, std::string const& reason,
           std::string const& by, bool json);
int pause(Config const& config, std::string const& run, std::string const& reason,
          std::string const& by, bool json);
int resume(Config const& config, std::string const& run, std::string const& reason,
           std::string const& by, bool json);

struct EmitOptions {
    std::string type;
    std::string source = "resolute";
    std::string subject;  // "": none
    std::string id;  // "": a new one
    std::string data = "null";  // JSON text, a file, or "-"
};
int emit(Config const& config, EmitOptions const& options, bool json);

int list_schedules(Config const& config, bool json);
struct ScheduleOptions {
    std::string workflow;  // "namespace/name"
    enum class Wish { show, pause, resume, trigger, backfill } wish = Wish::show;
    std::string by;
    std::string reason;
    std::string from;
    std::string until;
    bool side_by_side = false;
};
int schedule(Config const& config, ScheduleOptions const& options, bool json);

struct WebhookOptions {
    enum class Wish { list, show, retry, forget } wish = Wish::list;
    std::string webhook;
    std::string delivery;  // "": all
    bool whole = false;  // the webhook itself, too
};
int webhook(Config const& config, WebhookOptions const& options, bool json);

int release(Config const& config, std::string const& run, bool json);  // from quarantine

// `what` is a run or a file with an exported history, `against` a file of a workflow or a published
// version or digest.
int replay(Config const& config, std::string const& what, std::string const& against, bool json);
struct ForkOptions {
    std::string run;
    std::string at;  // a sequence, or a step by path or name
    std::string case_id;
    std::string by;
    std::vector<std::string> outputs;  // STEP=JSON
    Duration timeout = std::chrono::seconds(10);  // until nobody is expected to take it up
};
int fork(Config const& config, ForkOptions const& options, bool json);
struct MigrateRunsOptions {
    std::string workflow;
    std::string to;  // version, or the beginning of a digest
    std::string by;
    std::string reason;
    bool dry_run = false;
    Duration timeout = std::chrono::seconds(10);  // until nobody is expected to take it up
};
int migrate_runs(Config const& config, MigrateRunsOptions const& options, bool json);

int approvals(Config const& config, std::string const& status, bool json);
struct DecideOptions {
    std::string approval;
    std::string decision;
    std::string by;
    std::string comment;
    bool yes = false;
};
int decide(Config const& config, DecideOptions const& options, bool json);

}  // namespace resolute::cli
