// A program with a workflow of its own: the engine, its API and console, and a case in C++.
//
//   refund_in_code --project examples/refund [--database URL] [--listen HOST:PORT] [--letters
//   FOLDER]
//
// Like `resolute serve`; without a database it starts the project's private one, and in any case it
// deploys the project's tools and policies. Start cases with `resolute start
// refunds/refund-in-code` or through the API.
#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/database.h"
#include "cli/definitions.h"
#include "cli/host.h"
#include "cli/project.h"
#include "engine/store/schema.h"
#include "examples/code_first/refund.h"
#include "examples/code_first/statement.h"

namespace {

using namespace resolute;

void deploy(cli::Config const& config, std::string const& database) {
    auto sources = cli::read_project(config.project).value();
    auto compiled = cli::compile(std::move(sources), cli::compile_options(config)).value();
    cli::Library(database).publish(compiled.sources, cli::Library::Extent::these, config.name,
                                   SystemClock().now());
}

int serve(cli::Flags const& flags, std::string const& letters) {
    auto const config = cli::read_config(flags).value();
    auto const database = cli::open_database(config, cli::MayStart::yes);
    store::migrate(database.url);
    deploy(config, database.url);
    sdk::Workflows workflows;
    workflows.add(refund_in_code::refund_workflow());
    workflows.add(refund_in_code::statement_workflow());
    SystemClock const clock;
    sdk::Activities activities(clock);
    refund_in_code::add_letters(activities, letters);
    cli::Host host(config, database.url,
                   {.mode = "serve", .code = &workflows, .activities = &activities});
    std::cout << Json{{"listening", host.url()}, {"database", database.url}}.dump() << std::endl;
    host.wait_for_signal();
    host.stop();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"The refund example with its workflow in C++: an engine of its own."};
    cli::Flags flags;
    flags.project = "examples/refund";
    app.add_option("--project", flags.project, "folder with tools/, servers/ and policies/");
    app.add_option("--database", flags.database, "of PostgreSQL");
    app.add_option("--listen", flags.listen, "HOST:PORT of the API");
    std::string letters = "letters";
    app.add_option("--letters", letters, "folder for the statements that it writes");
    CLI11_PARSE(app, argc, argv);
    try {
        return serve(flags, letters);
    } catch (std::exception const& error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
