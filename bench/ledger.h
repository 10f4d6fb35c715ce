// A payments system of record: one line for each payment in a file that outlives its process.
//
// A key that was paid already is answered as the first time. Thread-safe.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <unordered_set>

namespace resolute::bench {

class Ledger {
  public:
    explicit Ledger(std::filesystem::path file);  // reads what was paid before
    ~Ledger();
    Ledger(Ledger const&) = delete;
    Ledger& operator=(Ledger const&) = delete;

    void pay(std::string const& key);

    std::size_t payments() const;          // different keys
    std::size_t repeated_calls() const;    // of keys that were paid already

    // Lines of the file whose key another line has too: payments that were made twice.
    static std::size_t doubled(std::filesystem::path const& file);

  private:
    mutable std::mutex mutex_;
    int file_ = -1;
    std::unordered_set<std::string> paid_;
    std::size_t repeated_ = 0;
};

}  // namespace resolute::bench
