#include "cli/project.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/error_codes.h"
#include "policy/reader.h"
#include "tools/contract_reader.h"
#include "tools/peer_contracts.h"
#include "tools/program_contracts.h"
#include "tools/request_contracts.h"
#include "workflow/lint.h"
#include "workflow/load.h"

namespace resolute::cli {
namespace {

namespace fs = std::filesystem;

struct Folder {
    char const* name;
    char const* kind;
};
constexpr Folder folders[] = {
    {"workflows", "workflow"}, {"tools", "tool"}, {"servers", "server"}, {"policies", "policy"}};

bool is_table(fs::path const& path) {
    auto const name = path.filename().string();
    return name.ends_with(".test.yaml") || name.ends_with(".test.yml");
}

bool is_definition(fs::path const& path) {
    auto const name = path.filename().string();
    return (name.ends_with(".yaml") || name.ends_with(".yml")) && !is_table(path);
}

std::vector<fs::path> files_in(fs::path const& place, bool (*fits)(fs::path const&)) {
    std::vector<fs::path> files;
    if (!fs::is_directory(place)) return files;
    for (auto const& entry : fs::directory_iterator(place))
        if (entry.is_regular_file() && fits(entry.path())) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

// Keeps the good ones and collects what is wrong with the others.
class Compiling {
  public:
    Compiling(std::vector<Source>& sources, CompileOptions const& options)
        : sources_(sources), options_(options) {}

    void read_tools() {
        for (auto& source : sources_) {
            if (source.kind == "tool") {
                if (auto contract = take(
                        tools::read_contract(source.text, source.file, options_.environment))) {
                    source.name = contract->name;
                    source.version = contract->version;
                    parts.contracts.push_back(std::move(*contract));
                }
            } else if (source.kind == "server") {
                if (auto server =
                        take(tools::read_server(source.text, source.file, options_.environment))) {
                    source.name = server->name;
                    source.version = "1";
                    parts.servers.push_back(std::move(*server));
                }
            }
        }
        auto const reach = std::make_shared<tools::Reach const>(options_.reach);
        for (auto& contract : tools::request_contracts(reach))
            parts.contracts.push_back(std::move(contract));
        for (auto& contract : tools::peer_contracts(reach))
            parts.contracts.push_back(std::move(contract));
        for (auto& contract : tools::program_contracts(options_.programs))
            parts.contracts.push_back(std::move(contract));
        parts.retired = options_.retired;
        parts.functions = options_.functions;
    }

    void read_workflows() {
        for (auto& source : sources_) {
            if (source.kind != "workflow") continue;
            auto definition = take(workflow::load(source.text, source.file));
            if (!definition) continue;
            source.name = (*definition)->ref.name;
            source.version = (*definition)->ref.version;
            workflows.push_back(std::move(*definition));
        }
    }

    void check_workflows(workflow::Catalog const& catalog) {
        for (auto const& definition : workflows)
            for (auto const& diagnostic : workflow::lint(*definition, catalog))
                (diagnostic.severity == Severity::error ? problems : warnings)
                    .push_back(diagnostic);
    }

    template <class T>
    std::optional<T> take(Result<T> result) {
        if (result) return *std::move(result);
        problems.insert(problems.end(), result.diagnostics().begin(), result.diagnostics().end());
        return std::nullopt;
    }

    tools::Registry::Parts parts;
    std::vector<std::shared_ptr<workflow::Definition const>> workflows;
    Diagnostics problems;
    Diagnostics warnings;

  private:
    std::vector<Source>& sources_;
    CompileOptions const& options_;
};

workflow::Catalog catalog_of(tools::Registry const& registry, CompileOptions const& options,
                             std::vector<Source> const& sources) {
    workflow::Catalog catalog{.tools = {}, .models = options.models, .policies = {}};
    catalog.workflows = options.workflows;
    catalog.servers = options.reach.servers;
    for (auto const& source : sources) {
        if (source.kind == "policy") catalog.policies.insert(source.name);
        if (source.kind == "workflow") catalog.workflows->insert(source.name);
    }
    for (auto const* contract : registry.current())
        catalog.tools.emplace(
            contract->name,
            workflow::Catalog::Tool{contract->input, contract->effect,
                                    contract->idempotency_window.has_value(),
                                    contract->verify.has_value(), contract->resolves_by_person});
    return catalog;
}

}  // namespace

Result<std::string> read_text_file(std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return Diagnostic{.code = codes::invalid_setting,
                          .message = "The file cannot be read.",
                          .remedy = "Check its name and who may read it.",
                          .file = path};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<std::string> loose_files(std::string const& folder) {
    bool const is_project = fs::exists(fs::path(folder) / "resolute.yaml") ||
                            std::ranges::any_of(folders, [&](auto const& one) {
                                return fs::is_directory(fs::path(folder) / one.name);
                            });
    std::vector<std::string> files;
    if (!is_project)
        for (auto const& file : files_in(folder, is_definition)) files.push_back(file.string());
    return files;
}

std::vector<std::string> policy_tables(std::string const& folder) {
    std::vector<std::string> tables;
    for (auto const& file : files_in(fs::path(folder) / "policies", is_table))
        tables.push_back(file.string());
    return tables;
}

Result<std::vector<Source>> read_project(std::string const& folder) {
    if (!fs::is_directory(folder))
        return Diagnostic{
            .code = codes::invalid_setting,
            .message = "There is no such folder.",
            .remedy = "Name a project folder: one with workflows/, tools/ and policies/.",
            .file = folder};
    std::vector<Source> sources;
    Diagnostics problems;
    for (auto const& [name, kind] : folders) {
        for (auto const& file : files_in(fs::path(folder) / name, is_definition)) {
            auto text = read_text_file(file.string());
            if (text)
                sources.push_back({kind, file.string(), *std::move(text), {}, {}});
            else
                problems.insert(problems.end(), text.diagnostics().begin(),
                                text.diagnostics().end());
        }
    }
    if (!problems.empty()) return problems;
    return sources;
}

Result<Compiled> compile(std::vector<Source> sources, CompileOptions const& options) {
    Compiling compiling(sources, options);
    compiling.read_tools();
    compiling.read_workflows();
    auto registry = compiling.take(tools::Registry::make(compiling.parts));
    std::optional<policy::Set> policies;
    if (registry) {
        std::vector<policy::File> files;
        for (auto const& source : sources)
            if (source.kind == "policy") files.push_back({source.file, source.text});
        policies = compiling.take(
            policy::Set::compile(files, {.tools = (*registry)->for_policies(), .obligations = {}}));
        for (auto& source : sources)
            if (source.kind == "policy")
                if (auto const document = policy::read_policy({source.file, source.text},
                                                              (*registry)->for_policies())) {
                    source.name = document->name;
                    source.version = document->version;
                }
        compiling.check_workflows(catalog_of(**registry, options, sources));
    }
    if (!compiling.problems.empty()) return compiling.problems;
    auto warnings = compiling.warnings;
    warnings.insert(warnings.end(), policies->warnings().begin(), policies->warnings().end());
    return Compiled{std::move(sources), std::move(compiling.workflows), std::move(*registry),
                    std::move(*policies), std::move(warnings)};
}

}  // namespace resolute::cli
