#include "cli/postgres_programs.h"

#include <algorithm>
#include <fstream>
#include <string>

#include "base/limits.h"
#include "cli/child_program.h"

namespace resolute::cli {
namespace fs = std::filesystem;
namespace {

// "postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)" -> 15
std::optional<int> version_of(fs::path const& server) {
    auto const answer = output_of({server.string(), "--version"});
    if (!answer) return std::nullopt;
    auto const digit = answer->find_first_of("0123456789");
    if (digit == std::string::npos) return std::nullopt;
    return std::atoi(answer->c_str() + digit);
}

std::vector<fs::path> candidate_folders() {
    std::vector<fs::path> folders;
    if (auto answer = output_of({"pg_config", "--bindir"}))
        folders.emplace_back(answer->substr(0, answer->find('\n')));
    std::error_code absent;
    for (auto const& entry : fs::directory_iterator("/usr/lib/postgresql", absent))
        folders.push_back(entry.path() / "bin");
    return folders;
}

std::string oldest() { return std::to_string(limits::postgres_version); }

}  // namespace

std::vector<PostgresPrograms> installed_postgres() {
    std::vector<PostgresPrograms> found;
    for (auto const& folder : candidate_folders()) {
        if (!fs::exists(folder / "initdb") || !fs::exists(folder / "postgres")) continue;
        auto const version = version_of(folder / "postgres");
        auto const same = [&](auto const& known) { return known.version == version; };
        if (version && std::ranges::none_of(found, same)) found.push_back({folder, *version});
    }
    std::ranges::sort(found, std::ranges::greater{}, &PostgresPrograms::version);
    return found;
}

PostgresPrograms choose_postgres(std::vector<PostgresPrograms> const& installed,
                                 std::optional<int> data_version) {
    if (data_version) {
        auto const match = std::ranges::find(installed, *data_version, &PostgresPrograms::version);
        if (match != installed.end()) return *match;
        throw PostgresUnavailable("the data directory was made by PostgreSQL " +
                                  std::to_string(*data_version) +
                                  ", which is not installed: install postgresql-" +
                                  std::to_string(*data_version) + ", or remove the data directory");
    }
    if (installed.empty())
        throw PostgresUnavailable(
            "no PostgreSQL server is installed: `./dev setup` installs it, or "
            "`apt-get install postgresql`");
    if (installed.front().version < limits::postgres_version)
        throw PostgresUnavailable("PostgreSQL " + std::to_string(installed.front().version) +
                                  " is too old: install version " + oldest() + " or newer");
    return installed.front();
}

std::optional<int> data_version(fs::path const& data) {
    std::ifstream file(data / "PG_VERSION");
    int version = 0;
    if (file >> version) return version;
    return std::nullopt;
}

}  // namespace resolute::cli
