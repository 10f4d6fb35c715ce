// test: the tests of workflows that their authors wrote.
#include <algorithm>
#include <filesystem>

#include "cli/commands.h"
#include "cli/definitions.h"
#include "cli/output.h"
#include "cli/rehearsal/coverage.h"
#include "cli/rehearsal/expectation.h"

namespace resolute::cli {
namespace {

using rehearsal::Coverage;
using rehearsal::TestCase;

// Files are taken as they are, of folders every YAML file below.
std::vector<std::string> test_files(std::vector<std::string> const& paths) {
    namespace fs = std::filesystem;
    std::vector<std::string> files;
    for (auto const& path : paths) {
        if (!fs::is_directory(path)) {
            files.push_back(path);
            continue;
        }
        for (auto const& entry : fs::recursive_directory_iterator(path))
            if (entry.path().extension() == ".yaml" || entry.path().extension() == ".yml")
                files.push_back(entry.path().string());
    }
    std::ranges::sort(files);
    return files;
}

Result<Compiled> compile_project(Config const& config) {
    auto sources = read_project(config.project);
    if (!sources) return sources.diagnostics();
    auto options = compile_options(config);
    options.models = {"*"};  // a test answers for every model
    return compile(*std::move(sources), options);
}

Result<std::vector<TestCase>> read_all(std::vector<std::string> const& files,
                                       Compiled const& project) {
    rehearsal::Vocabulary known{{}, project.registry->names()};
    for (auto const& workflow : project.workflows) known.workflows.push_back(workflow->ref.name);
    std::vector<TestCase> all;
    Diagnostics problems;
    for (auto const& file : files) {
        auto const text = read_text_file(file);
        auto cases = text ? rehearsal::read_tests(*text, file, known)
                          : Result<std::vector<TestCase>>(text.diagnostics());
        if (cases)
            all.insert(all.end(), cases->begin(), cases->end());
        else
            problems.insert(problems.end(), cases.diagnostics().begin(), cases.diagnostics().end());
    }
    if (!problems.empty()) return problems;
    return all;
}

std::string indented(std::string const& text) {
    std::string out = "      ";
    for (char const c : text) {
        out += c;
        if (c == '\n') out += "      ";
    }
    return out;
}

void show(TestCase const& test, rehearsal::Report const& report,
          std::vector<std::string> const& found, bool json) {
    if (json)
        return print_json({{"file", test.file},
                           {"line", test.line},
                           {"name", test.name},
                           {"workflow", test.workflow},
                           {"passed", found.empty()},
                           {"problems", found},
                           {"status", report.status},
                           {"events", report.history.size()},
                           {"elapsed", to_string(report.elapsed)}});
    if (found.empty()) return say(toned(Tone::good, "ok    ") + test.name);
    say(toned(Tone::bad, "FAIL  ") + test.name + "  " +
        toned(Tone::dim, test.file + ":" + std::to_string(test.line)));
    for (auto const& difference : found) say(indented(difference));
}

void show(workflow::Definition const& definition, Coverage::Of const& of, bool json) {
    if (json) {
        auto missed = Json::array();
        for (auto const& one : of.missed)
            missed.push_back({{"line", one.line}, {"what", one.what}});
        return print_json({{"workflow", definition.ref.name},
                           {"steps", of.steps},
                           {"stepsSeen", of.steps_seen},
                           {"branches", of.branches},
                           {"branchesSeen", of.branches_seen},
                           {"missed", missed}});
    }
    auto const part = [](std::size_t seen, std::size_t all) {
        return std::to_string(seen) + " of " + std::to_string(all);
    };
    say(definition.ref.name + ": " + part(of.steps_seen, of.steps) + " steps, " +
        part(of.branches_seen, of.branches) + " branches");
    for (auto const& one : of.missed)
        say(toned(Tone::dim, "      not seen: " + definition.file + ":" + std::to_string(one.line) +
                                 ": " + one.what));
}

}  // namespace

int test_workflows(Config const& config, std::vector<std::string> const& paths, bool json) {
    auto const folder = (std::filesystem::path(config.project) / "tests").string();
    auto const files = test_files(paths.empty() ? std::vector<std::string>{folder} : paths);
    if (paths.empty() && files.size() == 1 && files.front() == folder) {
        complain("There are no tests: write cases into tests/NAME.yaml of the project `" +
                 config.project + "`.");
        return exit_bad_input;
    }
    auto const project = compile_project(config);
    auto const tests =
        project ? read_all(files, *project) : Result<std::vector<TestCase>>(project.diagnostics());
    if (!tests) {
        print_diagnostics(tests.diagnostics(), json);
        return exit_bad_input;
    }
    Coverage coverage;
    std::size_t passed = 0;
    std::vector<std::shared_ptr<workflow::Definition const>> tested;
    for (auto const& test : *tests) {
        auto const definition =
            *std::ranges::find(project->workflows, test.workflow,
                               [](auto const& workflow) { return workflow->ref.name; });
        auto const report = rehearsal::rehearse(*project, definition->ref, test.script);
        auto const found = rehearsal::differences(test.expected, report);
        show(test, report, found, json);
        passed += found.empty() ? 1 : 0;
        coverage.add(definition->ref.digest, report.history);
        for (auto const& [workflow, history] : report.children) coverage.add(workflow, history);
        if (std::ranges::find(tested, definition) == tested.end()) tested.push_back(definition);
    }
    for (auto const& definition : tested) show(*definition, coverage.of(*definition), json);
    if (!json)
        say(std::to_string(passed) + " passed, " + std::to_string(tests->size() - passed) +
            " failed");
    return passed == tests->size() ? exit_ok : exit_failed;
}

}  // namespace resolute::cli
