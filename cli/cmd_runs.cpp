// start, runs, show, history, signal, cancel: driving runs from a terminal.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <thread>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/host.h"
#include "cli/output.h"
#include "cli/outside.h"
#include "console/causes.h"
#include "console/run_view.h"
#include "engine/names.h"
#include "engine/shard_of.h"
#include "engine/store/quarantine.h"
#include "workflow/load.h"

namespace resolute::cli {

std::optional<RunId> parse_run(std::string const& text) {
    auto const id = RunId::parse(text);
    if (!id) complain("`" + text + "` is not the id of a run; `resolute runs` lists them.");
    return id;
}

std::optional<RunRow> find_run(store::ReadModel& reads, std::string const& text) {
    auto const id = parse_run(text);
    if (!id) return std::nullopt;
    auto row = reads.run(*id);
    if (!row) complain("There is no run " + text + ".");
    return row;
}

namespace {

Tone tone_of(std::string const& status) {
    if (status == "completed") return Tone::good;
    if (status == "faulted" || status == "quarantined") return Tone::bad;
    return status == "waiting" ? Tone::warn : Tone::plain;
}

int exit_of(RunRow::Status status) {
    switch (status) {
        case RunRow::Status::completed: return exit_ok;
        case RunRow::Status::cancelled: return exit_cancelled;
        case RunRow::Status::faulted:
        case RunRow::Status::quarantined: return exit_failed;
        case RunRow::Status::running:
        case RunRow::Status::waiting: return exit_waiting;
    }
    return exit_failed;
}

// The workflow to start: a deployed one by name, or a file, which is checked and published first.
std::optional<Startable> definition_for(Config const& config, StartOptions const& options,
                                        Library& library) {
    if (!std::filesystem::is_regular_file(options.what)) {
        auto definition = library.startable(options.what, options.version);
        if (!definition) {
            complain("No workflow `" + options.what + "` is deployed, and there is no such file.");
            for (auto const& name : library.workflow_names()) complain("  deployed: " + name);
        }
        return definition;
    }
    auto text = read_text_file(options.what);
    auto sources = library.in_force();
    std::erase_if(sources, [](Source const& source) { return source.kind == "workflow"; });
    sources.push_back({"workflow", options.what, *text, {}, {}});
    auto check = compile_options(config);
    for (auto const& name : library.workflow_names()) check.workflows.insert(name);
    auto const compiled = compile(std::move(sources), check);
    if (!compiled) {
        print_diagnostics(compiled.diagnostics(), false);
        return std::nullopt;
    }
    print_diagnostics(compiled->warnings, false);
    library.publish({compiled->sources.back()}, Library::Extent::these, config.name,
                    SystemClock().now());
    auto const& definition = *compiled->workflows.front();
    return Startable{definition.ref, definition.input.schema};
}

// The run that this start led to: its own, or the one that the case has already.
std::optional<RunRow> visible(store::ReadModel& reads, RunId run, std::string const& case_id,
                              std::string const& workflow) {
    if (auto row = reads.run(run)) return row;
    if (case_id.empty()) return std::nullopt;
    for (auto& row : reads.runs_of_case(tenant, case_id))
        if (row.workflow.name == workflow) return row;
    return std::nullopt;
}

Json result_json(store::ReadModel& reads, RunRow const& row) {
    Json result{{"run", to_string(row.run)}, {"status", name(row.status)}};
    if (row.status == RunRow::Status::waiting)
        result["waitsFor"] = console::summary_json(row)["waitsFor"];
    auto const reading = console::read_run(reads, row.run);
    if (!reading) return result;
    auto const run = console::run_json(*reading, {});
    if (row.status == RunRow::Status::completed) result["output"] = run["output"];
    if (!run["error"].is_null()) result["error"] = run["error"];
    return result;
}

void print_result(Json const& result, bool json) {
    if (json) return print_json(result);
    auto const status = result["status"].get<std::string>();
    say("run " + result["run"].get<std::string>() + " is " + toned(tone_of(status), status));
    if (result.contains("output")) say(result["output"].dump(2));
    if (result.contains("error")) say(result["error"].dump(2));
    if (result.contains("waitsFor"))
        say("it waits " + result["waitsFor"]["sentence"].get<std::string>());
}

bool is_over(RunRow const& row) {
    return row.status != RunRow::Status::running && row.status != RunRow::Status::waiting;
}

}  // namespace

Result<Json> read_input(std::string const& text) {
    if (text == "-")
        return parse_json(std::string(std::istreambuf_iterator<char>(std::cin), {}),
                          "standard input");
    if (std::filesystem::exists(text)) {
        auto content = read_text_file(text);
        if (!content) return content.diagnostics();
        return parse_json(*content, text);
    }
    return parse_json(text, "--input");
}

int start(Config const& config, StartOptions const& options, bool json) {
    auto const input = read_input(options.input);
    if (!input) {
        print_diagnostics(input.diagnostics(), false);
        return exit_bad_input;
    }
    auto const database = open_database(config, MayStart::yes);
    Library library(database.url);
    auto const definition = definition_for(config, options, library);
    if (!definition) return exit_bad_input;
    if (definition->input) {
        auto const violations = definition->input->validate(*input);
        if (!violations.empty()) {
            complain("The input does not fit the workflow: " + to_string(violations));
            return exit_bad_input;
        }
    }
    Outside outside(database.url);
    auto const run = RunId::make(outside.clock.now(), *outside.random);
    outside.post(run, StartRun{definition->ref, tenant, options.case_id, *input, config.name});
    // When nobody serves this database, this process does, for as long as it waits.
    std::unique_ptr<Host> host;
    auto const serves = [&](store::MemberRow const& m) {
        return !m.fenced && m.expires_at > outside.clock.now();
    };
    if (std::ranges::none_of(outside.reads.members(), serves))
        host = std::make_unique<Host>(config, database.url,
                                      HostOptions{.mode = "serve", .console = false, .assets = {}});
    auto const until = outside.clock.monotonic() +
                       options.timeout.value_or(options.wait ? Duration(std::chrono::hours(24))
                                                             : Duration(std::chrono::seconds(10)));
    while (true) {
        auto const row = visible(outside.reads, run, options.case_id, definition->ref.name);
        bool const enough = row && (options.wait ? is_over(*row) : true);
        if (enough || outside.clock.monotonic() > until) {
            if (!row) {
                complain(
                    "The run " + to_string(run) +
                    " is in the inbox and nobody has taken it yet; is `resolute serve` running?");
                return exit_waiting;
            }
            print_result(result_json(outside.reads, *row), json);
            return options.wait ? exit_of(row->status) : exit_ok;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(limits::wait_poll_ms));
    }
}

int runs(Config const& config, RunsOptions const& options, bool json) {
    auto const database = open_database(config, MayStart::no);
    store::RunFilter filter{
        .tenant = tenant, .status = {}, .workflow = options.workflow, .case_id = options.case_id};
    if (!options.status.empty()) {
        filter.status = parse_name<RunRow::Status>(options.status);
        if (!filter.status) {
            complain(
                "`" + options.status +
                "` is no status: running, waiting, completed, faulted, cancelled, quarantined.");
            return exit_bad_input;
        }
    }
    store::ReadModel reads(database.url);
    auto const page = reads.runs(filter, std::min(options.limit, limits::list_page));
    std::vector<std::vector<std::string>> rows;
    for (auto const& row : page.runs) {
        if (json) {
            print_json(console::summary_json(row));
            continue;
        }
        auto const status = std::string(name(row.status));
        rows.push_back({to_string(row.run), row.case_id.empty() ? "-" : row.case_id,
                        row.workflow.name, status, to_string(row.started_at).substr(0, 19),
                        row.waits_sentence});
    }
    if (!json && rows.empty())
        say("No runs.");
    else if (!json)
        print_table({"run", "case", "workflow", "status", "started", "waits"}, rows);
    return exit_ok;
}

namespace {

Json causes_of(store::ReadModel& reads, console::RunReading const& reading) {
    std::optional<console::ShardOwner> owner;
    if (auto const member = reads.owner_of(reading.row.shard))
        owner = {member->name, member->expires_at, member->fenced};
    return console::causes_json(console::causes_of(reading, owner, SystemClock().now()));
}

void print_causes(Json const& causes) {
    for (auto const& cause : causes) {
        auto line = cause["sentence"].get<std::string>() + " [" + cause["code"].get<std::string>();
        if (!cause["until"].is_null()) line += ", until " + cause["until"].get<std::string>();
        say(toned(Tone::warn, line + "]"));
        if (!cause["remedy"].is_null()) say("  " + cause["remedy"].get<std::string>());
    }
}

void print_case(std::string const& id, Json const& record) {
    if (record.is_null()) return say("case " + id);
    auto const text = [&](char const* member) {
        return record[member].is_string() ? record[member].get<std::string>() : std::string();
    };
    auto line = "case " + id + "  " + text("title") + "  " + text("status");
    if (!text("assignee").empty()) line += ", with " + text("assignee");
    if (!text("resolution").empty()) line += ": " + text("resolution");
    say(line);
    for (auto const& entry : record["entries"])
        if (entry["says"].contains("note"))
            say(toned(Tone::dim, "  " + entry["at"].get<std::string>().substr(0, 19) + "  " +
                                     entry["says"]["note"].get<std::string>()));
}

}  // namespace

int show(Config const& config, std::string const& text, bool json) {
    auto const database = open_database(config, MayStart::no);
    store::ReadModel reads(database.url);
    auto const row = find_run(reads, text);
    auto const reading = row ? console::read_run(reads, row->run) : std::nullopt;
    if (!reading) return exit_bad_input;
    auto run = console::run_json(*reading, {});
    run["causes"] = causes_of(reads, *reading);
    if (json) {
        if (auto const bundle = reads.bundle_of(row->run); !bundle.empty())
            run["bundle"] = Json::parse(bundle);
        return print_json(run), exit_ok;
    }
    auto const status = run["status"].get<std::string>();
    say("run " + text + "  " + run["workflow"]["name"].get<std::string>() + " " +
        run["workflow"]["version"].get<std::string>() + "  " + toned(tone_of(status), status));
    if (!run["caseId"].is_null()) print_case(run["caseId"], run["case"]);
    print_causes(run["causes"]);
    if (!run["error"].is_null())
        say(toned(Tone::bad, run["error"].value(
                                 "detail", run["error"].value("title", std::string("faulted")))));
    std::vector<std::vector<std::string>> rows;
    for (auto const& step : run["steps"])
        rows.push_back({step["name"], step["kind"], step["status"],
                        std::to_string(step["attempts"].get<int>()),
                        step["tool"].is_null()
                            ? ""
                            : step["tool"].get<std::string>() +
                                  (step["scripted"].get<bool>() ? " (scripted)" : ""),
                        step["summary"]});
    if (auto const from = run["stepsFrom"].get<std::uint64_t>(); from > 1)
        say(toned(Tone::dim, "its steps from event " + std::to_string(from) +
                                 " on; `resolute history` has everything"));
    print_table({"step", "kind", "status", "tries", "target", "what happened"}, rows);
    if (!run["output"].is_null()) say("output " + run["output"].dump(2));
    return exit_ok;
}

namespace {

void print_event(EncodedEvent const& event, bool json) {
    auto const shown = console::event_json(event);
    if (json) return print_json(shown);
    auto const step = shown["step"].is_null() ? std::string() : shown["step"].get<std::string>();
    say(std::to_string(event.sequence) + "  " + to_string(event.at).substr(11, 12) + "  " +
        std::string(kind_name(event.kind)) + "  " + step + "  " +
        toned(Tone::dim, shown["sentence"].get<std::string>()));
}

}  // namespace

int history(Config const& config, std::string const& text, bool json) {
    auto const database = open_database(config, MayStart::no);
    store::ReadModel reads(database.url);
    auto const row = find_run(reads, text);
    if (!row) return exit_bad_input;
    std::uint64_t last = 0;
    while (true) {
        auto const page = reads.history(row->run, last, limits::list_page);
        if (page.empty()) return exit_ok;
        for (auto const& event : page) print_event(event, json);
        last = page.back().sequence;
    }
}

int signal(Config const& config, std::string const& text, std::string const& name,
           std::string const& payload, std::string const& by, bool json) {
    auto const content = read_input(payload);
    if (!content) return print_diagnostics(content.diagnostics(), false), exit_bad_input;
    auto const database = open_database(config, MayStart::no);
    Outside outside(database.url);
    auto const run = find_run(outside.reads, text);
    if (!run) return exit_bad_input;
    outside.post(run->run, SendSignal{name, *content, by});
    if (json)
        print_json({{"accepted", true}});
    else
        say("The signal `" + name + "` is in the run's inbox.");
    return exit_ok;
}

namespace {

template <class Content>
int tell(Config const& config, std::string const& text, Content content, bool json,
         std::string const& sentence) {
    auto const database = open_database(config, MayStart::no);
    Outside outside(database.url);
    auto const run = find_run(outside.reads, text);
    if (!run) return exit_bad_input;
    outside.post(run->run, std::move(content));
    if (json)
        print_json({{"accepted", true}});
    else
        say(sentence);
    return exit_ok;
}

}  // namespace

int cancel(Config const& config, std::string const& text, std::string const& reason,
           std::string const& by, bool json) {
    return tell(config, text, CancelRun{by, reason}, json,
                "Cancel is in the run's inbox; what is under way is settled first.");
}

int pause(Config const& config, std::string const& text, std::string const& reason,
          std::string const& by, bool json) {
    return tell(config, text, PauseRun{by, reason}, json,
                "Pause is in the run's inbox; what is under way is settled, nothing new begins.");
}

int resume(Config const& config, std::string const& text, std::string const& reason,
           std::string const& by, bool json) {
    return tell(config, text, ResumeRun{by, reason}, json, "Resume is in the run's inbox.");
}

int release(Config const& config, std::string const& text, bool json) {
    auto const database = open_database(config, MayStart::no);
    auto const run = parse_run(text);
    if (!run) return exit_bad_input;
    bool const released = store::release(database.url, *run, SystemClock().now());
    if (!released) {
        complain("The run " + text +
                 " is not set aside; `resolute runs --status quarantined` lists those that are.");
        return exit_bad_input;
    }
    if (json)
        print_json({{"released", true}});
    else
        say("The run " + text + " is resumed by the process that serves its shard.");
    return exit_ok;
}

}  // namespace resolute::cli
