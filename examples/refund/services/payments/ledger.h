// The payments service's book: every effect is a line that is on disk before anyone is answered.
//
// One JSON object per line, appended and fsynced. Thread-safe. Reopening reads all lines; a torn
// last line, left by a crash in the middle of writing, is cut off and reported: its request was
// never answered. A file that another process has open, or whose other lines cannot be read, is
// refused. After a write that failed nothing more is written until the file is opened again.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace refund::payments {

using resolute::Json;

// What was answered to a key, and for which body: the whole of idempotency.
struct Entry {
    std::string type;     // refund, notice, refusal
    std::string key;
    std::string digest;   // of the request's canonical body
    int status = 0;
    Json answer;          // exactly as it was sent
    Json body;            // exactly as it came
};

class Ledger {
  public:
    explicit Ledger(std::string path);  // throws std::runtime_error with the path and the reason
    ~Ledger();

    std::optional<Entry> find(std::string const& type_of_request, std::string const& key) const;
    // Durable when it returns.
    void append(std::string const& type_of_request, Entry entry);

    std::int64_t refunded(std::string const& payment) const;  // minor units
    Json totals() const;
    bool was_torn() const { return torn_; }

  private:
    void lock() const;
    void refuse_if_broken() const;
    void read_all();
    Entry read_line(std::string const& line, int number, std::string& request) const;
    void remember(std::string const& type_of_request, Entry entry);

    std::string path_;
    int file_ = -1;
    bool torn_ = false;
    bool broken_ = false;  // a write failed: what the file holds is not known
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, Entry> by_key_;
    std::vector<Entry> refunds_;
    std::map<std::string, std::int64_t> refunded_;
    int notices_ = 0;
};

}  // namespace refund::payments
