// The database's schema: brought up to date by the migrations that this program was built with.
//
// Blocking; safe when several programs do it at once: an advisory lock lets one work and the others
// wait.
#pragma once

#include <string>

#include "engine/store/connection.h"

namespace resolute::store {

struct MigrationReport {
    int applied = 0;
    int version = 0;
};

// Applies what is missing, each migration in a transaction of its own. Throws StoreUnavailable when
// a migration fails, when one that was applied has other contents now, or when the schema is newer
// than this program.
MigrationReport migrate(std::string const& url);

// Throws StoreUnavailable, with what to do, unless the schema is exactly the one of this program.
void check_schema(Connection& connection);

// The version that this program needs.
int schema_version();

}  // namespace resolute::store
