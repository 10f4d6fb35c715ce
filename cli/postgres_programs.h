// Where this machine keeps PostgreSQL's own programs; Debian leaves them out of PATH.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <vector>

namespace resolute::cli {

// The server cannot be had; the message says why and what to do about it.
struct PostgresUnavailable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct PostgresPrograms {
    std::filesystem::path folder;  // holds initdb and postgres
    int version = 0;               // major, such as 15
};

// Every installed version, newest first: what pg_config names, then Debian's version folders.
std::vector<PostgresPrograms> installed_postgres();

// The newest of `installed`, or exactly `data_version` when a data directory already has one: a
// server cannot open the files of another major version. Throws PostgresUnavailable.
PostgresPrograms choose_postgres(std::vector<PostgresPrograms> const& installed,
                                 std::optional<int> data_version);

// The version that a data directory was made by, or nothing when it holds none.
std::optional<int> data_version(std::filesystem::path const& data);

}  // namespace resolute::cli
