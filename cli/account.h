// The account that a private PostgreSQL server runs under, because PostgreSQL refuses to be root.
//
// Every function reads the user database and file modes at the moment of the call; none keeps
// state.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace resolute::cli {

struct Account {
    std::string name;
    uid_t user = 0;
    gid_t group = 0;
};

// Nothing unless this process is root: then the owner of `data` when it exists and is not root's,
// otherwise `postgres`, otherwise `nobody`. Throws std::runtime_error when none of them exists.
std::optional<Account> server_account(std::filesystem::path const& data);

// Whether the account may pass through every folder down to `directory`. Reads modes, not ACLs.
bool can_reach(Account const& account, std::filesystem::path const& directory);

// Makes the account the owner. Throws std::system_error.
void give_to(Account const& account, std::filesystem::path const& path);

}  // namespace resolute::cli
