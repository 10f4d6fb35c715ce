#include "cli/database.h"

#include <filesystem>
#include <fstream>

#include "engine/store/connection.h"
#include "engine/store/schema.h"

namespace resolute::cli {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(Config const& config) { return fs::absolute(config.project) / ".resolute"; }
fs::path note_of(Config const& config) { return folder_of(config) / "database"; }

std::optional<std::string> noted(Config const& config) {
    std::ifstream in(note_of(config));
    std::string url;
    if (!std::getline(in, url)) return std::nullopt;
    try {
        store::Connection probe({.url = url});
        return url;
    } catch (StoreUnavailable const&) {
        return std::nullopt;  // left behind by a process that was killed
    }
}

}  // namespace

Database open_database(Config const& config, MayStart may_start) {
    if (!config.database.empty()) return {config.database, nullptr};
    if (auto const url = noted(config)) return {*url, nullptr};
    if (may_start == MayStart::no)
        throw StoreUnavailable(
            "No database is configured and none runs for this project. Set RESOLUTE_DATABASE_URL, "
            "or start `resolute dev`.");
    Database database;
    database.own = std::make_unique<PrivatePostgres>(
        PrivatePostgresOptions{.folder = folder_of(config) / "postgres", .settings = {}});
    database.url = database.own->connection_string();
    store::migrate(database.url);
    return database;
}

void leave_note(Config const& config, std::string const& url) {
    std::ofstream(note_of(config)) << url << "\n";
}

void remove_note(Config const& config) {
    std::error_code ignored;  // it may never have been there
    fs::remove(note_of(config), ignored);
}

}  // namespace resolute::cli
