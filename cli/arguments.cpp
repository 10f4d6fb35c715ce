#include "cli/arguments.h"

#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/output.h"

namespace resolute::cli {

CLI::App* command(CLI::App& app, Invocation& invocation, char const* name, char const* about,
                  char const* examples) {
    auto* sub = app.add_subcommand(name, about);
    sub->footer(std::string("Examples:\n") + examples);
    sub->add_flag("--json", invocation.json, "print JSON, one object per line");
    sub->add_option("--database", invocation.flags.database,
                    "libpq connection string (RESOLUTE_DATABASE_URL)");
    sub->add_option("--project", invocation.flags.project,
                    "folder with resolute.yaml (RESOLUTE_PROJECT; default: here)");
    sub->add_option("--log", invocation.flags.log_level,
                    "debug, info, warn or error (RESOLUTE_LOG)");
    return sub;
}

namespace {

void add_policy_commands(CLI::App& app, Invocation& in) {
    auto* policy = app.add_subcommand("policy", "test what the policies decide");
    policy->require_subcommand(1);
    auto paths = std::make_shared<std::vector<std::string>>();
    auto* test = command(*policy, in, "test",
                         "run the tables of cases beside the policies, policies/*.test.yaml",
                         "  resolute policy test\n  resolute policy test --project examples/refund "
                         "--json\nExit codes: 0 all pass, 1 one fails, 2 bad input.");
    test->add_option("table", *paths, "files with cases (default: all of the project)");
    test->callback([&in, paths] {
        in.quiet = true;
        in.run = [&in, paths](Config const& c) { return test_policies(c, *paths, in.json); };
    });
}

void add_test_command(CLI::App& app, Invocation& in) {
    auto paths = std::make_shared<std::vector<std::string>>();
    auto* sub =
        command(app, in, "test",
                "play the tests of workflows: scripted tools, models and people, no waiting",
                "  resolute test\n  resolute test --project examples/refund\n  resolute test "
                "tests/refund.yaml --json\nExit codes: 0 all pass, 1 one fails, 2 bad input.");
    sub->add_option("path", *paths, "files or folders with tests (default: tests/ of the project)");
    sub->callback([&in, paths] {
        in.quiet = true;
        in.run = [&in, paths](Config const& c) { return test_workflows(c, *paths, in.json); };
    });
}

void add_schema_command(CLI::App& app, Invocation& in) {
    auto* sub = command(app, in, "schema",
                        "print a JSON Schema of workflows, with this project's tools, for editors",
                        "  resolute schema > .resolute.schema.json\n"
                        "Then write this as the first line of a workflow:\n"
                        "  # yaml-language-server: $schema=../.resolute.schema.json");
    sub->callback([&in] {
        in.quiet = true;
        in.run = [](Config const& c) { return print_schema(c); };
    });
}

void add_completion_command(CLI::App& app, Invocation& in) {
    auto what = std::make_shared<std::string>();
    auto* sub = command(app, in, "completion", "print the script of a shell's tab completion",
                        "  source <(resolute completion bash)\n  resolute completion zsh > "
                        "\"${fpath[1]}/_resolute\"\n  resolute completion fish | source");
    sub->add_option("shell", *what, "bash, zsh or fish; or workflows, to list their names")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish", "workflows"}));
    sub->callback([&app, &in, what] {
        in.quiet = true;
        in.run = [&app, what](Config const& c) {
            if (*what == "workflows") return list_workflows(c);
            std::cout << completion_script(app, *what);
            return exit_ok;
        };
    });
}

}  // namespace

void add_author_commands(CLI::App& app, Invocation& in) {
    add_policy_commands(app, in);
    add_test_command(app, in);
    add_schema_command(app, in);
    add_completion_command(app, in);
}

}  // namespace resolute::cli
