// What all commands of the command line share: the options that each has, and what parsing leaves.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/config.h"

namespace resolute::cli {

// Parsing fills this in; the chosen command runs afterwards with the configuration in force.
struct Invocation {
    Flags flags;
    bool json = false;
    bool quiet = false;   // commands that print an answer log warnings only
    std::function<int(Config const&)> run;
};

// A command with the options that every one has. `examples` stands at the end of its help.
CLI::App* command(CLI::App& app, Invocation& invocation, char const* name, char const* about,
                  char const* examples);

// policy test, test, schema, completion: what authors need and operators do not.
void add_author_commands(CLI::App& app, Invocation& in);
// replay, migrate-runs, fork.
void add_version_commands(CLI::App& app, Invocation& in);
// schedule list, show, pause, resume, trigger, backfill.
void add_schedule_commands(CLI::App& app, Invocation& in);
// webhooks list, show, retry, forget.
void add_webhook_commands(CLI::App& app, Invocation& in);

}  // namespace resolute::cli
