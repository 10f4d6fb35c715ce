#include "bench/ledger.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <system_error>

namespace resolute::bench {

Ledger::Ledger(std::filesystem::path path) {
    std::ifstream before(path);
    for (std::string key; std::getline(before, key);) paid_.insert(key);
    file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file_ < 0)
        throw std::system_error(errno, std::generic_category(), "cannot open " + path.string());
}

Ledger::~Ledger() { ::close(file_); }

// One write of one line: a process that is killed leaves whole lines only.
void Ledger::pay(std::string const& key) {
    std::lock_guard const lock(mutex_);
    if (!paid_.insert(key).second) {
        ++repeated_;
        return;
    }
    auto const line = key + "\n";
    if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        throw std::system_error(errno, std::generic_category(), "cannot write the ledger");
}

std::size_t Ledger::payments() const {
    std::lock_guard const lock(mutex_);
    return paid_.size();
}

std::size_t Ledger::repeated_calls() const {
    std::lock_guard const lock(mutex_);
    return repeated_;
}

std::size_t Ledger::doubled(std::filesystem::path const& path) {
    std::ifstream file(path);
    std::unordered_set<std::string> seen;
    std::size_t doubled = 0;
    for (std::string key; std::getline(file, key);)
        if (!seen.insert(key).second) ++doubled;
    return doubled;
}

}  // namespace resolute::bench
