#include "examples/refund/services/payments/ledger.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace refund::payments {
namespace {

[[noreturn]] void fail(std::string const& what, std::string const& path) {
    throw std::runtime_error("the ledger " + path + " cannot be " + what + ": " + std::strerror(errno));
}

void write_all(int file, std::string const& bytes, std::string const& path) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        auto const n = ::write(file, bytes.data() + written, bytes.size() - written);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail("written", path);
        written += static_cast<std::size_t>(n);
    }
    if (::fdatasync(file) != 0) fail("made durable", path);
}

std::string read_file(int file, std::string const& path) {
    std::string text;
    char buffer[65536];
    while (true) {
        auto const n = ::read(file, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail("read", path);
        if (n == 0) return text;
        text.append(buffer, static_cast<std::size_t>(n));
    }
}

Json line_of(std::string const& request, Entry const& entry) {
    return {{"request", request}, {"type", entry.type}, {"key", entry.key}, {"digest", entry.digest},
            {"status", entry.status}, {"answer", entry.answer}, {"body", entry.body}};
}

}  // namespace

Ledger::Ledger(std::string path) : path_(std::move(path)) {
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0) fail("opened", path_);
    read_all();
}

Ledger::~Ledger() { ::close(file_); }

void Ledger::read_all() {
    auto const text = read_file(file_, path_);
    std::size_t start = 0;
    while (true) {
        auto const end = text.find('\n', start);
        if (end == std::string::npos) break;
        auto line = Json::parse(text.substr(start, end - start));
        remember(line.at("request"), {line.at("type"), line.at("key"), line.at("digest"), line.at("status"), line.at("answer"), line.at("body")});
        start = end + 1;
    }
    torn_ = start < text.size();
    if (::ftruncate(file_, static_cast<off_t>(start)) != 0) fail("cut behind its last whole line", path_);
    if (::lseek(file_, static_cast<off_t>(start), SEEK_SET) < 0) fail("read", path_);
}

void Ledger::remember(std::string const& request, Entry entry) {
    if (entry.type == "refund") {
        refunds_.push_back(entry);
        refunded_[entry.body.at("payment_id")] += entry.body.at("amount").get<std::int64_t>();
    }
    if (entry.type == "notice") ++notices_;
    auto const key = std::pair(request, entry.key);
    by_key_.insert_or_assign(key, std::move(entry));
}

std::optional<Entry> Ledger::find(std::string const& request, std::string const& key) const {
    std::lock_guard lock(mutex_);
    auto const found = by_key_.find({request, key});
    if (found == by_key_.end()) return std::nullopt;
    return found->second;
}

void Ledger::append(std::string const& request, Entry entry) {
    std::lock_guard lock(mutex_);
    write_all(file_, line_of(request, entry).dump() + "\n", path_);
    remember(request, std::move(entry));
}

std::int64_t Ledger::refunded(std::string const& payment) const {
    std::lock_guard lock(mutex_);
    auto const found = refunded_.find(payment);
    return found == refunded_.end() ? 0 : found->second;
}

// A second refund of one payment for one reference is a duplicate, whatever its key: that is what a customer sees.
Json Ledger::totals() const {
    std::lock_guard lock(mutex_);
    std::map<std::pair<std::string, std::string>, int> effects;
    std::int64_t amount = 0;
    Json refunds = Json::array();
    for (auto const& entry : refunds_) {
        ++effects[{entry.body.at("payment_id"), entry.body.at("reference")}];
        amount += entry.body.at("amount").get<std::int64_t>();
        refunds.push_back({{"id", entry.answer.at("id")}, {"payment_id", entry.body.at("payment_id")}, {"amount", entry.body.at("amount")},
                           {"currency", entry.body.at("currency")}, {"reference", entry.body.at("reference")}, {"key", entry.key}});
    }
    int duplicates = 0;
    for (auto const& [what, times] : effects) duplicates += times - 1;
    return {{"refunds", refunds_.size()}, {"amount", amount}, {"notices", notices_}, {"duplicate_effects", duplicates},
            {"entries", std::move(refunds)}};
}

}  // namespace refund::payments
