// Which database a command works on: the one that is configured, or the project's own private
// PostgreSQL.
#pragma once

#include <memory>
#include <string>

#include "cli/config.h"
#include "cli/private_postgres.h"

namespace resolute::cli {

// Holds the private server while it is needed.
struct Database {
    std::string url;
    std::unique_ptr<PrivatePostgres> own;   // started by this process; stops with it
};

// `may_start`: without a configured database, and when no `resolute dev` runs one, start the
// private one of the project.
enum class MayStart { no, yes };
// Migrates a private database. Throws StoreUnavailable or PostgresUnavailable with a remedy.
Database open_database(Config const& config, MayStart may_start);

// Other commands of the same project find the private database by this note.
void leave_note(Config const& config, std::string const& url);
void remove_note(Config const& config);

}  // namespace resolute::cli
