// lint and deploy: what a team does with its files before anything runs.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "cli/commands.h"
#include "cli/database.h"
#include "cli/definitions.h"
#include "cli/editor_schema.h"
#include "cli/output.h"
#include "cli/sarif.h"
#include "workflow/load.h"
#include "workflow/portable.h"

namespace resolute::cli {
namespace {

Result<Compiled> check_project(Config const& config, std::string const& folder) {
    auto sources = read_project(folder);
    if (!sources) return sources.diagnostics();
    return compile(*std::move(sources), compile_options(config));
}

bool is_same_file(std::string const& one, std::string const& other) {
    std::error_code none;  // a file that is not there is no other's twin
    return std::filesystem::equivalent(one, other, none);
}

bool is_error(Diagnostic const& found) { return found.severity == Severity::error; }

Result<Compiled> check_alone(std::string const& path) {
    auto text = read_text_file(path);
    if (!text) return text.diagnostics();
    auto definition = workflow::load(*text, path);
    if (!definition) return definition.diagnostics();
    return Compiled{
        .sources = {{"workflow", path, *text, (*definition)->ref.name, (*definition)->ref.version}},
        .workflows = {*definition},
        .registry = nullptr,
        .policies = {},
        .warnings = (*definition)->warnings};
}

// A file of a project is checked against the tools, models and policies that are there; when one of
// them is wrong, that is what has to be mended first.
Result<Compiled> check_within(Config const& config, std::string const& path) {
    auto const project = check_project(config, config.project);
    auto const of_others = [&](auto const& found) { return !is_same_file(found.file, path); };
    auto findings = project ? project->warnings : project.diagnostics();
    if (project || !std::ranges::all_of(findings, of_others)) std::erase_if(findings, of_others);
    if (std::ranges::any_of(findings, is_error)) return findings;
    auto alone = check_alone(path);
    if (alone) alone->warnings = std::move(findings);
    return alone;
}

bool belongs_to(std::string const& folder, std::string const& path) {
    auto const sources = read_project(folder);
    return sources && std::ranges::any_of(*sources, [&](Source const& source) {
               return is_same_file(source.file, path);
           });
}

Result<Compiled> check(Config const& config, std::string const& path) {
    if (std::filesystem::is_directory(path) || !std::filesystem::exists(path))
        return check_project(config, path);
    return belongs_to(config.project, path) ? check_within(config, path) : check_alone(path);
}

std::vector<std::string> files_of(std::vector<std::string> const& paths) {
    std::vector<std::string> files;
    for (auto const& path : paths) {
        auto const loose = loose_files(path);
        files.insert(files.end(), loose.begin(), loose.end());
        if (loose.empty()) files.push_back(path);
    }
    return files;
}

}  // namespace

int lint(Config const& config, std::vector<std::string> const& paths, LintForm form) {
    Diagnostics all;
    std::size_t files = 0;
    for (auto const& path : files_of(paths.empty() ? std::vector{config.project} : paths)) {
        auto const checked = check(config, path);
        auto const& found = checked ? checked->warnings : checked.diagnostics();
        all.insert(all.end(), found.begin(), found.end());
        if (checked) files += checked->sources.size();
    }
    bool const is_clean = std::ranges::none_of(all, is_error);
    if (form == LintForm::sarif)
        print_json(to_sarif(all));
    else
        print_diagnostics(all, form == LintForm::json);
    if (is_clean && form == LintForm::text)
        say(toned(Tone::good, "no errors") + " in " + std::to_string(files) + " files");
    return is_clean ? exit_ok : exit_bad_input;
}

int print_portable(std::string const& path, bool json) {
    auto const checked = check_alone(path);
    auto made = checked ? workflow::portable(*checked->workflows.front())
                        : Result<workflow::Portable>(checked.diagnostics());
    print_diagnostics(made ? made->notes : made.diagnostics(), json);
    if (!made) return exit_bad_input;
    if (json)
        print_json({{"portable", made->text}});
    else
        std::cout << made->text << std::flush;
    return exit_ok;
}

int list_workflows(Config const& config) {
    std::set<std::string> names;
    if (auto const sources = read_project(config.project))
        for (auto const& source : *sources) {
            if (source.kind != "workflow") continue;
            if (auto const definition = workflow::load(source.text, source.file))
                names.insert((*definition)->ref.name);
        }
    if (!config.database.empty())
        for (auto const& name : Library(config.database).workflow_names()) names.insert(name);
    for (auto const& name : names) say(name);
    return exit_ok;
}

int deploy(Config const& config, std::string const& folder, bool json) {
    auto compiled = check(config, folder);
    if (!compiled) {
        print_diagnostics(compiled.diagnostics(), json);
        return exit_bad_input;
    }
    auto const database = open_database(config, MayStart::no);
    Library library(database.url);
    auto const extent = compiled->registry ? Library::Extent::whole : Library::Extent::these;
    library.publish(compiled->sources, extent, config.name, SystemClock().now());
    print_diagnostics(compiled->warnings, json);
    std::vector<std::vector<std::string>> rows;
    Json all = Json::array();
    for (auto const& source : compiled->sources) {
        rows.push_back({source.kind, source.name, source.version, short_form(digest_of(source))});
        all.push_back({{"kind", source.kind},
                       {"name", source.name},
                       {"version", source.version},
                       {"digest", to_string(digest_of(source))}});
    }
    if (json)
        print_json({{"deployed", std::move(all)}});
    else
        print_table({"kind", "name", "version", "digest"}, rows);
    return exit_ok;
}

int print_schema(Config const& config) {
    auto sources = read_project(config.project);
    auto const project =
        sources ? compile(*std::move(sources), compile_options(config)) : sources.diagnostics();
    if (!project) {
        print_diagnostics(project.diagnostics(), false);
        return exit_bad_input;
    }
    say(editor_schema(*project, config).dump(2));
    return exit_ok;
}

}  // namespace resolute::cli
