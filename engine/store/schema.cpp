#include "engine/store/schema.h"

#include <charconv>

#include "base/limits.h"
#include "base/log.h"
#include "engine/store/migrations.h"
#include "engine/store/queries.h"
#include "engine/store/scripts.h"

namespace resolute::store {
namespace {

struct Applied {
    int version;
    std::string name;
    Digest checksum;
};

int version_of(Query const& migration) {
    int version = 0;
    std::from_chars(migration.name.data(), migration.name.data() + migration.name.size(), version);
    return version;
}

std::vector<Applied> applied_migrations(Connection& connection) {
    std::vector<Applied> applied;
    auto const rows = connection.run(queries::schema_applied);
    for (std::size_t i = 0; i < rows.size(); ++i)
        applied.push_back({static_cast<int>(rows.at(i, 0).integer()), rows.at(i, 1).text(),
                           rows.at(i, 2).digest()});
    return applied;
}

// Refuses a server that is too old or keeps text in another encoding. Answers whether there is a
// schema.
bool look_at_server(Connection& connection) {
    auto const found = connection.run(queries::schema_present);
    if (found.at(0, 2).integer() < limits::postgres_version * 10'000)
        throw StoreUnavailable("This PostgreSQL is too old. Resolute needs version " +
                               std::to_string(limits::postgres_version) + " or later.");
    if (found.at(0, 1).view() != "UTF8")
        throw StoreUnavailable("The database's encoding is " + found.at(0, 1).text() +
                               ". Resolute needs UTF8: create the database with `createdb -E UTF8 "
                               "-T template0 NAME`.");
    return found.at(0, 0).boolean();
}

// The applied ones must be a prefix of ours, unchanged.
void compare(std::vector<Applied> const& applied, std::vector<Query> const& ours) {
    for (std::size_t i = 0; i < applied.size(); ++i) {
        if (i >= ours.size())
            throw StoreUnavailable("The database's schema (version " +
                                   std::to_string(applied.back().version) +
                                   ") is newer than this program (version " +
                                   std::to_string(schema_version()) + "). Use the newer program.");
        if (applied[i].version != version_of(ours[i]) || applied[i].checksum != sha256(ours[i].sql))
            throw StoreUnavailable("Migration " + applied[i].name +
                                   " was changed after it was applied to this database. "
                                   "Restore its file; put the change into a new migration.");
    }
}

void apply(Connection& connection, Query const& migration) {
    try {
        Transaction transaction(connection);
        connection.run_script(migration.sql);
        connection.run(queries::schema_record, Parameters()
                                                   .int4(version_of(migration))
                                                   .text(migration.name)
                                                   .bytes(sha256(migration.sql).view()));
        transaction.commit();
    } catch (StatementRefused const& error) {
        throw StoreUnavailable("Migration " + std::string(migration.name) +
                               " failed and was undone. " + error.what());
    }
    log::info("migration=" + std::string(migration.name) + " applied");
}

}  // namespace

int schema_version() { return version_of(migrations::all().back()); }

MigrationReport migrate(std::string const& url) {
    Connection connection({.url = url, .application = "resolute migrate", .statement_timeout = {}});
    look_at_server(connection);
    connection.run(queries::schema_lock);
    connection.run_script(scripts::bootstrap.sql);
    auto const ours = migrations::all();
    auto const applied = applied_migrations(connection);
    compare(applied, ours);
    for (auto i = applied.size(); i < ours.size(); ++i) apply(connection, ours[i]);
    return {.applied = static_cast<int>(ours.size() - applied.size()), .version = schema_version()};
}

void check_schema(Connection& connection) {
    if (!look_at_server(connection))
        throw StoreUnavailable("The database has no Resolute schema. Run `resolute migrate`.");
    auto const ours = migrations::all();
    auto const applied = applied_migrations(connection);
    compare(applied, ours);
    if (applied.size() < ours.size())
        throw StoreUnavailable("The database's schema is at version " +
                               std::to_string(applied.size()) + " and this program needs " +
                               std::to_string(schema_version()) + ". Run `resolute migrate`.");
}

}  // namespace resolute::store
