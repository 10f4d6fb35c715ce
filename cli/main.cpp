// `resolute`: one binary for operators, teams, reviewers and auditors.
#include <CLI/CLI.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>

#include "base/failpoint.h"
#include "base/log.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/output.h"
#include "cli/private_postgres.h"
#include "cli/version.h"
#include "engine/event_store.h"
#include "net/http_server.h"

namespace resolute::cli {
namespace {

std::string user() { return environment_value("USER").value_or("operator"); }

log::Level level_of(std::string const& text) {
    if (text == "debug") return log::Level::debug;
    if (text == "warn") return log::Level::warn;
    if (text == "error") return log::Level::error;
    return log::Level::info;
}

void serving_options(CLI::App* sub, Invocation& invocation) {
    sub->add_option(
        "--listen", invocation.flags.listen,
        "address of console and API, loopback only (RESOLUTE_LISTEN; default 127.0.0.1:8700)");
    sub->add_option("--model-url", invocation.flags.model_url,
                    "base URL of an OpenAI-compatible server, up to /v1, for all models");
    sub->add_option("--model", invocation.flags.model, "the model's name on that server");
    sub->add_option("--model-key", invocation.flags.model_key,
                    "environment variable that holds its key");
    sub->add_option("--name", invocation.flags.name,
                    "of this process among the members (RESOLUTE_NAME)");
}

void add_host_commands(CLI::App& app, Invocation& in) {
    auto* dev_command = command(app, in, "dev",
                                "private PostgreSQL, engine, API and console for a project folder; "
                                "reads it again on change",
                                "  resolute dev                    the project in this folder\n  "
                                "resolute dev examples/refund");
    dev_command->add_option("folder", in.flags.project, "project folder");
    serving_options(dev_command, in);
    dev_command->callback([&] { in.run = [&](Config const& c) { return dev(c, in.json); }; });

    auto* serve_command = command(app, in, "serve", "engine, API and console against a database",
                                  "  RESOLUTE_DATABASE_URL=postgresql://… resolute serve\n  "
                                  "resolute serve --listen 127.0.0.1:9000");
    serving_options(serve_command, in);
    serve_command->callback([&] { in.run = [&](Config const& c) { return serve(c, in.json); }; });

    auto* migrate_command = command(app, in, "migrate", "bring the database's schema up to date",
                                    "  resolute migrate --database postgresql://…");
    migrate_command->callback([&] {
        in.quiet = true;
        in.run = [&](Config const& c) { return migrate(c, in.json); };
    });

    auto* config_command =
        command(app, in, "config", "print what is in force and where it comes from",
                "  resolute config\n  resolute config --json");
    config_command->callback([&] {
        in.quiet = true;
        in.run = [&](Config const& c) { return show_config(c, in.json); };
    });

    auto folder = std::make_shared<std::string>();
    auto* postgres_command =
        command(app, in, "postgres", "run a private PostgreSQL in a folder until it is stopped",
                "  resolute postgres /tmp/pg --json    prints {\"database\": …} when it is up");
    postgres_command->add_option("folder", *folder, "where its data lies; made when missing")
        ->required();
    postgres_command->callback([&in, folder] {
        in.quiet = true;
        in.run = [&in, folder](Config const&) { return postgres(*folder, in.json); };
    });
}

// A folder is a project of its own, with its own resolute.yaml; a file belongs to the nearest one
// around it, if there is one.
std::string project_around(std::string const& path) {
    if (std::filesystem::is_directory(path)) return path;
    for (auto folder = std::filesystem::absolute(path).parent_path(); folder.has_relative_path();
         folder = folder.parent_path())
        if (std::filesystem::exists(folder / "resolute.yaml"))
            return std::filesystem::proximate(folder).string();
    return {};
}

void add_project_commands(CLI::App& app, Invocation& in) {
    auto paths = std::make_shared<std::vector<std::string>>();
    auto sarif = std::make_shared<bool>(false);
    auto portable = std::make_shared<std::string>();
    auto* lint_command =
        command(app, in, "lint", "say everything that is wrong with a project or a workflow file",
                "  resolute lint\n  resolute lint flow.yaml --json\n  resolute lint --sarif > "
                "findings.sarif");
    lint_command->add_option("path", *paths, "folders or workflow files (default: this project)");
    lint_command->add_flag("--sarif", *sarif, "print one SARIF 2.1.0 document");
    lint_command->add_option("--portable", *portable,
                             "print this workflow file without `$tasks`, for other runtimes");
    lint_command->callback([&in, paths, sarif, portable] {
        if (paths->size() == 1 && in.flags.project.empty())
            in.flags.project = project_around(paths->front());
        in.quiet = true;
        in.run = [&in, paths, sarif, portable](Config const& c) {
            if (!portable->empty()) return print_portable(*portable, in.json);
            return lint(c, *paths,
                        *sarif    ? LintForm::sarif
                        : in.json ? LintForm::json
                                  : LintForm::text);
        };
    });

    auto* deploy_command = command(
        app, in, "deploy", "publish a project's definitions by digest and put them in force",
        "  resolute deploy examples/refund");
    deploy_command->add_option("folder", in.flags.project, "project folder (default: here)");
    deploy_command->callback([&] {
        in.quiet = true;
        in.run = [&](Config const& c) { return deploy(c, c.project, in.json); };
    });
}

void add_start_command(CLI::App& app, Invocation& in) {
    auto start_options = std::make_shared<StartOptions>();
    auto timeout = std::make_shared<std::string>();
    auto* start_command = command(
        app, in, "start",
        "start a run of a deployed workflow, or of a file, which is checked and published first",
        "  resolute start refunds/refund --input case.json --case R-1001\n  resolute start "
        "flow.yaml --input - --wait --json\n"
        "Exit codes with --wait: 0 completed, 1 faulted, 2 bad input, 3 cancelled, 4 still waiting "
        "at --timeout.");
    start_command
        ->add_option("workflow", start_options->what, "NAME of a deployed workflow or a FILE.yaml")
        ->required();
    start_command->add_option("--input", start_options->input,
                              "a JSON file, - for standard input, or JSON text (default {})");
    start_command->add_option("--case", start_options->case_id,
                              "the case id; a second start of it gets the same run");
    start_command->add_option("--version", start_options->version,
                              "of the workflow (default: the one in force)");
    start_command->add_flag("--wait", start_options->wait,
                            "wait until the run is over and print its result");
    start_command->add_option("--timeout", *timeout, "how long to wait, as PT30S");
    start_command->callback([&in, start_options, timeout] {
        in.quiet = true;
        if (!timeout->empty()) {
            auto const parsed = parse_duration(*timeout);
            if (!parsed) throw CLI::ValidationError("--timeout", to_string(parsed.diagnostics()));
            start_options->timeout = *parsed;
        }
        in.run = [&in, start_options](Config const& c) {
            return start(c, *start_options, in.json);
        };
    });
}

void add_list_command(CLI::App& app, Invocation& in) {
    auto runs_options = std::make_shared<RunsOptions>();
    auto* runs_command =
        command(app, in, "runs", "list runs, newest first",
                "  resolute runs --status waiting\n  resolute runs --case R-1001 --json");
    runs_command->add_option("--status", runs_options->status,
                             "running, waiting, completed, faulted, cancelled, quarantined");
    runs_command->add_option("--workflow", runs_options->workflow, "exact name");
    runs_command->add_option("--case", runs_options->case_id, "exact case id");
    runs_command->add_option("--limit", runs_options->limit, "at most this many (default 20)");
    runs_command->callback([&in, runs_options] {
        in.quiet = true;
        in.run = [&in, runs_options](Config const& c) { return runs(c, *runs_options, in.json); };
    });
}

void add_look_commands(CLI::App& app, Invocation& in) {
    auto run = std::make_shared<std::string>();
    auto* show_command = command(app, in, "show", "a run with its steps, and what it waits for",
                                 "  resolute show RUN");
    show_command->add_option("run", *run, "id of the run")->required();
    show_command->callback([&in, run] {
        in.quiet = true;
        in.run = [&in, run](Config const& c) { return show(c, *run, in.json); };
    });
    auto* history_command =
        command(app, in, "history", "every event of a run", "  resolute history RUN --json");
    history_command->add_option("run", *run, "id of the run")->required();
    history_command->callback([&in, run] {
        in.quiet = true;
        in.run = [&in, run](Config const& c) { return history(c, *run, in.json); };
    });
}

void add_message_commands(CLI::App& app, Invocation& in) {
    auto run = std::make_shared<std::string>();
    auto name = std::make_shared<std::string>();
    auto payload = std::make_shared<std::string>("null");
    auto by = std::make_shared<std::string>(user());
    auto* signal_command = command(app, in, "signal", "send a signal to a run",
                                   "  resolute signal RUN shipped --payload '{\"parcel\": 7}'");
    signal_command->add_option("run", *run, "id of the run")->required();
    signal_command->add_option("name", *name, "of the signal")->required();
    signal_command->add_option("--payload", *payload, "JSON text, a file, or -");
    signal_command->add_option("--by", *by, "who sends it");
    signal_command->callback([&in, run, name, payload, by] {
        in.quiet = true;
        in.run = [&in, run, name, payload, by](Config const& c) {
            return signal(c, *run, *name, *payload, *by, in.json);
        };
    });

    auto event = std::make_shared<EmitOptions>();
    auto* emit_command = command(app, in, "emit", "send an event to whoever listens for it",
                                 "  resolute emit parcel.shipped --data '{\"order\": 7}'");
    emit_command->add_option("type", event->type, "of the event")->required();
    emit_command->add_option("--data", event->data, "JSON text, a file, or -");
    emit_command->add_option("--source", event->source, "whose event it is");
    emit_command->add_option("--subject", event->subject, "what it is about");
    emit_command->add_option("--id", event->id, "one that is sent twice counts once");
    emit_command->callback([&in, event] {
        in.quiet = true;
        in.run = [&in, event](Config const& c) { return emit(c, *event, in.json); };
    });

    auto reason = std::make_shared<std::string>();
    auto add = [&in, run, reason, by](CLI::App* one, decltype(&cancel) tell) {
        one->add_option("run", *run, "id of the run")->required();
        one->add_option("--reason", *reason, "why");
        one->add_option("--by", *by, "who asks for it");
        one->callback([&in, run, reason, by, tell] {
            in.quiet = true;
            in.run = [&in, run, reason, by, tell](Config const& c) {
                return tell(c, *run, *reason, *by, in.json);
            };
        });
    };
    add(command(app, in, "cancel", "cancel a run; what is under way is settled first",
                "  resolute cancel RUN --reason 'sent twice'"),
        &cancel);
    add(command(app, in, "pause", "pause a run: nothing new begins until it is resumed",
                "  resolute pause RUN --reason 'the bank is down'"),
        &pause);
    add(command(app, in, "resume", "let a paused run go on", "  resolute resume RUN"), &resume);
    auto* release_command = command(app, in, "release", "resume a run that was set aside",
                                    "  resolute runs --status quarantined\n"
                                    "  resolute release RUN");
    release_command->add_option("run", *run, "id of the run")->required();
    release_command->callback([&in, run] {
        in.quiet = true;
        in.run = [&in, run](Config const& c) { return release(c, *run, in.json); };
    });
}

void add_approval_commands(CLI::App& app, Invocation& in) {
    auto status = std::make_shared<std::string>("pending");
    auto* list = command(app, in, "approvals", "what waits for a person",
                         "  resolute approvals\n  resolute approvals --status all --json");
    list->add_option("--status", *status,
                     "pending, approved, rejected, expired, revoked, consumed or all");
    list->callback([&in, status] {
        in.quiet = true;
        in.run = [&in, status](Config const& c) { return approvals(c, *status, in.json); };
    });
    for (char const* decision : {"approve", "reject"}) {
        auto options = std::make_shared<DecideOptions>();
        options->decision = decision;
        options->by = user();
        auto* sub = command(
            app, in, decision, "decide an approval, after showing exactly what it is about",
            "  resolute approve ID\n  resolute reject ID --comment 'outside of the terms' --yes");
        sub->add_option("approval", options->approval, "id of the approval")->required();
        sub->add_option("--decision", options->decision,
                        "another of its choices, such as applied or absent");
        sub->add_option("--by,--as", options->by, "who decides (default: $USER)");
        sub->add_option("--comment", options->comment, "why");
        sub->add_flag("--yes", options->yes, "do not ask again");
        sub->callback([&in, options] {
            in.quiet = true;
            in.run = [&in, options](Config const& c) { return decide(c, *options, in.json); };
        });
    }
}

int run(int argc, char** argv) {
    CLI::App app{
        "Resolute: durable workflows for agents, on PostgreSQL.\nExit codes: 0 fine, 1 failed, 2 "
        "bad input, 3 cancelled, 4 still waiting, 5 no database or port."};
    app.set_version_flag("--version", version);
    app.require_subcommand(1);
    Invocation invocation;
    add_host_commands(app, invocation);
    add_project_commands(app, invocation);
    add_start_command(app, invocation);
    add_list_command(app, invocation);
    add_look_commands(app, invocation);
    add_message_commands(app, invocation);
    add_approval_commands(app, invocation);
    add_schedule_commands(app, invocation);
    add_webhook_commands(app, invocation);
    add_author_commands(app, invocation);
    add_version_commands(app, invocation);
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        auto const code = app.exit(error);
        return code == 0 ? exit_ok : exit_bad_input;
    }
    auto const config = read_config(invocation.flags);
    if (!config) {
        print_diagnostics(config.diagnostics(), false);
        return exit_bad_input;
    }
    bool const said = !invocation.flags.log_level.empty() || environment_value("RESOLUTE_LOG");
#ifdef RESOLUTE_FAILPOINTS
    if (auto const plan = environment_value("RESOLUTE_FAILPOINT")) failpoint::arm(*plan);
#endif
    log::set_level(invocation.quiet && !said ? log::Level::warn : level_of(config->log_level));
    return invocation.run(*config);
}

}  // namespace
}  // namespace resolute::cli

int main(int argc, char** argv) {
    using namespace resolute::cli;
    try {
        return run(argc, argv);
    } catch (resolute::InvalidInput const& error) {
        print_diagnostics(error.diagnostics, false);
        return exit_bad_input;
    } catch (resolute::StoreUnavailable const& error) {
        complain(error.what());
        return exit_unavailable;
    } catch (resolute::net::CannotListen const& error) {
        complain(std::string(error.what()) + " (--listen)");
        return exit_unavailable;
    } catch (PostgresUnavailable const& error) {
        complain(error.what());
        return exit_unavailable;
    } catch (std::exception const& error) {
        complain(std::string("resolute: ") + error.what());
        return exit_failed;
    }
}
