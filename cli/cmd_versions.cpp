// replay, migrate-runs: what runs did, against another version of their workflow.
#include <algorithm>
#include <filesystem>
#include <thread>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/definitions.h"
#include "cli/output.h"
#include "cli/outside.h"
#include "console/versions.h"
#include "engine/exported_history.h"
#include "engine/names.h"
#include "workflow/interpreter.h"
#include "workflow/load.h"

namespace resolute::cli {
namespace {

using console::Candidate;
using console::Checked;
using console::Fate;
using Definition = console::Versions::Definition;

std::string shown(WorkflowRef const& ref) {
    return ref.name + " " + ref.version + " (" + short_form(ref.digest) + ")";
}

Definition definition_in(std::string const& file) {
    auto const text = read_text_file(file);
    if (!text) return print_diagnostics(text.diagnostics(), false), nullptr;
    auto definition = workflow::load(*text, file);
    if (!definition) return print_diagnostics(definition.diagnostics(), false), nullptr;
    return *std::move(definition);
}

// A published one by its version or digest; complains when there is none.
Definition published(console::Versions const& versions, std::string const& name,
                     std::string const& version) {
    auto definition = versions.find(name, version);
    if (!definition)
        complain("No version or digest `" + version + "` of `" + name +
                 "` was published; `resolute deploy` publishes one.");
    return definition;
}

int tell_replay(Checked const& checked, std::string const& what, WorkflowRef const& asked,
                bool json) {
    if (json) {
        print_json({{"replayed", what},
                    {"workflow", asked.name},
                    {"version", asked.version},
                    {"digest", to_string(asked.digest)},
                    {"fits", !checked.first},
                    {"events", checked.sequence},
                    {"compared", checked.compared},
                    {"difference", console::to_json(checked.first)}});
    } else if (checked.first) {
        say(toned(Tone::bad, "It differs at event " + std::to_string(checked.first->sequence)) +
            (checked.first->step.path.empty() ? "" : ", step " + checked.first->step.path));
        say("  " + checked.first->sentence);
    } else {
        say(toned(Tone::good, "It fits: ") + shown(asked) + " asks for the same " +
            std::to_string(checked.compared) + " things in " + std::to_string(checked.sequence) +
            " events.");
    }
    return checked.first ? exit_failed : exit_ok;
}

int replay_file(std::string const& file, std::string const& against, bool json) {
    auto const text = read_text_file(file);
    auto const history =
        text ? read_exported(*text, file) : Result<std::vector<Event>>(text.diagnostics());
    if (!history) return print_diagnostics(history.diagnostics(), false), exit_bad_input;
    auto const definition = definition_in(against);
    if (!definition) return exit_bad_input;
    auto const verdicts = compare(workflow::Interpreter(definition), RunId{}, *history);
    auto const last = history->empty() ? 0 : history->back().sequence;
    return tell_replay({verdicts.first, last, verdicts.compared}, file, definition->ref, json);
}

}  // namespace

int replay(Config const& config, std::string const& what, std::string const& against, bool json) {
    if (std::filesystem::is_regular_file(what)) return replay_file(what, against, json);
    auto const database = open_database(config, MayStart::no);
    store::ReadModel reads(database.url);
    auto const run = find_run(reads, what);
    if (!run) return exit_bad_input;
    Library library(database.url);
    auto const versions = versions_of(reads, library);
    if (versions.is_code(run->workflow.digest)) {
        complain("`" + run->workflow.name +
                 "` is code; the program that has it replays its histories (sdk::replay).");
        return exit_bad_input;
    }
    auto const definition = std::filesystem::is_regular_file(against)
                                ? definition_in(against)
                                : published(versions, run->workflow.name, against);
    if (!definition) return exit_bad_input;
    return tell_replay(versions.replay(*run, definition), what, definition->ref, json);
}

namespace {

// Every open run of the workflow that follows another definition of it.
std::vector<Candidate> candidates(console::Versions const& versions, Definition const& to) {
    std::vector<Candidate> found;
    std::string cursor;
    do {
        auto page = versions.candidates(to, cursor, limits::list_page).value();
        std::ranges::move(page.all, std::back_inserter(found));
        cursor = page.next;
    } while (!cursor.empty());
    return found;
}

// Asks those that may, and looks until each has followed or moved on.
void migrate_all(Outside& outside, std::vector<Candidate>& all, WorkflowRef const& to,
                 MigrateRunsOptions const& options) {
    for (auto& candidate : all) {
        if (candidate.fate != Fate::legal) continue;
        outside.post(candidate.row.run,
                     MigrateRun{to, candidate.sequence, options.by, options.reason});
        candidate.fate = Fate::untaken;
    }
    auto const until = outside.clock.monotonic() + options.timeout;
    auto const left = [&] {
        return std::ranges::any_of(all, [](auto const& it) { return it.fate == Fate::untaken; });
    };
    while (left()) {
        for (auto& candidate : all) {
            if (candidate.fate != Fate::untaken) continue;
            auto const row = outside.reads.run(candidate.row.run);
            if (row && row->workflow.digest == to.digest)
                candidate.fate = Fate::migrated;
            else if (row && row->sequence > candidate.sequence)
                candidate.fate = Fate::moved_on;
        }
        if (!left() || outside.clock.monotonic() > until) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(limits::wait_poll_ms));
    }
}

void tell(std::vector<Candidate> const& all, WorkflowRef const& to, bool json) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& it : all) {
        auto const run = to_string(it.row.run);
        if (json) {
            print_json({{"run", run},
                        {"case", it.row.case_id},
                        {"version", it.row.workflow.version},
                        {"digest", to_string(it.row.workflow.digest)},
                        {"to", to_string(to.digest)},
                        {"sequence", it.sequence},
                        {"verdict", name(it.fate)},
                        {"difference", console::to_json(it.difference)}});
            continue;
        }
        rows.push_back({run, it.row.case_id.empty() ? "-" : it.row.case_id,
                        it.row.workflow.version + " (" + short_form(it.row.workflow.digest) + ")",
                        std::string(name(it.fate)),
                        it.difference ? "event " + std::to_string(it.difference->sequence) + ": " +
                                            it.difference->sentence
                                      : ""});
    }
    if (!json && !rows.empty()) print_table({"run", "case", "follows", "verdict", "why not"}, rows);
}

}  // namespace

int migrate_runs(Config const& config, MigrateRunsOptions const& options, bool json) {
    auto const database = open_database(config, MayStart::no);
    Library library(database.url);
    Outside outside(database.url);
    auto const versions = versions_of(outside.reads, library);
    auto const to = published(versions, options.workflow, options.to);
    if (!to) return exit_bad_input;
    auto all = candidates(versions, to);
    if (!options.dry_run) migrate_all(outside, all, to->ref, options);
    tell(all, to->ref, json);
    auto count = [&](Fate fate) { return std::ranges::count(all, fate, &Candidate::fate); };
    if (!json)
        say(std::to_string(count(Fate::legal) + count(Fate::migrated)) + " of " +
            std::to_string(all.size()) + " open runs " +
            (options.dry_run ? "may follow " : "follow ") + shown(to->ref) +
            (options.dry_run ? "; nothing was changed." : " now."));
    if (!json && count(Fate::moved_on))
        say("Those that moved on in the meantime: run the command again.");
    if (!json && count(Fate::untaken))
        say("Nobody took up the others yet; is `resolute serve` running?");
    if (count(Fate::untaken)) return exit_waiting;
    return count(Fate::illegal) + count(Fate::moved_on) ? exit_failed : exit_ok;
}

}  // namespace resolute::cli
