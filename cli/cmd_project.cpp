// lint and deploy: what a team does with its files before anything runs.
#include <filesystem>
#include <set>

#include "cli/commands.h"
#include "cli/database.h"
#include "cli/definitions.h"
#include "cli/output.h"
#include "workflow/load.h"

namespace resolute::cli {
namespace {

// A file alone is checked as a workflow; a folder with everything that belongs to it.
Result<Compiled> check(Config const& config, std::string const& path) {
    if (std::filesystem::is_directory(path) || !std::filesystem::exists(path)) {
        auto sources = read_project(path);
        if (!sources) return sources.diagnostics();
        return compile(*std::move(sources), compile_options(config));
    }
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

}  // namespace

int lint(Config const& config, std::vector<std::string> const& paths, bool json) {
    int worst = exit_ok;
    std::size_t files = 0;
    for (auto const& path : paths.empty() ? std::vector<std::string>{config.project} : paths) {
        auto const checked = check(config, path);
        if (checked) {
            files += checked->sources.size();
            print_diagnostics(checked->warnings, json);
        } else {
            print_diagnostics(checked.diagnostics(), json);
            worst = exit_bad_input;
        }
    }
    if (worst == exit_ok && !json)
        say(toned(Tone::good, "no errors") + " in " + std::to_string(files) + " files");
    return worst;
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

}  // namespace resolute::cli
