// policy test: the tables of cases beside the policies.
#include "cli/commands.h"
#include "cli/definitions.h"
#include "cli/output.h"
#include "policy/test_table.h"

namespace resolute::cli {
namespace {

Result<std::vector<policy::TestOutcome>> run(Config const& config,
                                             std::vector<std::string> const& tables) {
    auto sources = read_project(config.project);
    if (!sources) return sources.diagnostics();
    auto const compiled = compile(*std::move(sources), compile_options(config));
    if (!compiled) return compiled.diagnostics();
    std::vector<policy::File> files;
    Diagnostics problems;
    for (auto const& table : tables) {
        auto text = read_text_file(table);
        if (text)
            files.push_back({table, *std::move(text)});
        else
            problems.insert(problems.end(), text.diagnostics().begin(), text.diagnostics().end());
    }
    if (!problems.empty()) return problems;
    return policy::run_tests(compiled->policies, files);
}

void show(policy::TestOutcome const& test, bool json) {
    if (json)
        return print_json({{"file", test.file},
                           {"line", test.line},
                           {"name", test.name},
                           {"passed", test.passed},
                           {"problem", test.passed ? Json() : Json(test.problem)},
                           {"decision", policy::to_json(test.decision)}});
    if (test.passed) return say(toned(Tone::good, "ok    ") + test.name);
    say(toned(Tone::bad, "FAIL  ") + test.name + "\n      " + test.file + ":" +
        std::to_string(test.line) + ": " + test.problem);
}

}  // namespace

int test_policies(Config const& config, std::vector<std::string> const& paths, bool json) {
    auto const tables = paths.empty() ? policy_tables(config.project) : paths;
    if (tables.empty()) {
        complain("There are no tests: write cases into policies/NAME.test.yaml of the project `" +
                 config.project + "`.");
        return exit_bad_input;
    }
    auto const tests = run(config, tables);
    if (!tests) {
        print_diagnostics(tests.diagnostics(), json);
        return exit_bad_input;
    }
    std::size_t passed = 0;
    for (auto const& test : *tests) {
        show(test, json);
        passed += test.passed ? 1 : 0;
    }
    if (!json)
        say(std::to_string(passed) + " passed, " + std::to_string(tests->size() - passed) +
            " failed");
    return passed == tests->size() ? exit_ok : exit_failed;
}

}  // namespace resolute::cli
