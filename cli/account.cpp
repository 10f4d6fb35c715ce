#include "cli/account.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace resolute::cli {
namespace {

std::optional<Account> account_of(passwd const* entry) {
    if (!entry) return std::nullopt;
    return Account{entry->pw_name, entry->pw_uid, entry->pw_gid};
}

bool may_pass(Account const& account, struct stat const& folder) {
    if (folder.st_uid == account.user) return folder.st_mode & S_IXUSR;
    if (folder.st_gid == account.group) return folder.st_mode & S_IXGRP;
    return folder.st_mode & S_IXOTH;
}

}  // namespace

std::optional<Account> server_account(std::filesystem::path const& data) {
    if (geteuid() != 0) return std::nullopt;
    struct stat owner {};
    if (stat(data.c_str(), &owner) == 0 && owner.st_uid != 0)
        if (auto account = account_of(getpwuid(owner.st_uid))) return account;
    for (auto name : {"postgres", "nobody"})
        if (auto account = account_of(getpwnam(name))) return account;
    throw std::runtime_error(
        "PostgreSQL refuses to run as root, and this machine has neither the account postgres nor "
        "nobody: run as an ordinary user");
}

bool can_reach(Account const& account, std::filesystem::path const& directory) {
    auto const absolute = std::filesystem::absolute(directory);
    for (auto folder = absolute;; folder = folder.parent_path()) {
        struct stat found {};
        if (stat(folder.c_str(), &found) == 0 && !may_pass(account, found)) return false;
        if (folder == folder.parent_path()) return true;
    }
}

void give_to(Account const& account, std::filesystem::path const& path) {
    if (chown(path.c_str(), account.user, account.group) != 0)
        throw std::system_error(errno, std::generic_category(),
                                "cannot give " + path.string() + " to " + account.name);
}

}  // namespace resolute::cli
