#include "examples/refund/services/payments/ledger.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <thread>

namespace refund::payments {
namespace {

[[noreturn]] void fail(std::string const& what, std::string const& path) {
    throw std::runtime_error("the ledger " + path + " cannot be " + what + ": " +
                             std::strerror(errno));
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

// A new file is only there after a power cut when its directory is on disk as well.
void make_name_durable(std::string const& path) {
    auto const parent = std::filesystem::absolute(path).parent_path();
    int const directory = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) fail("made durable", path);
    bool const ok = ::fsync(directory) == 0;
    ::close(directory);
    if (!ok) fail("made durable", path);
}

Json line_of(std::string const& request, Entry const& entry) {
    return {{"request", request},     {"type", entry.type},     {"key", entry.key},
            {"digest", entry.digest}, {"status", entry.status}, {"answer", entry.answer},
            {"body", entry.body}};
}

}  // namespace

Ledger::Ledger(std::string path) : path_(std::move(path)) {
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0) fail("opened", path_);
    lock();
    read_all();
    make_name_durable(path_);
}

void Ledger::lock() const {
    // The lock of a process that was just killed can outlive it for a moment.
    auto const patience = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    int why = 0;
    do {
        if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
        why = errno;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    } while (why == EWOULDBLOCK && std::chrono::steady_clock::now() < patience);
    errno = why;
    if (why != EWOULDBLOCK) fail("locked", path_);
    throw std::runtime_error("the ledger " + path_ + " is in use by another payments service");
}

Ledger::~Ledger() { ::close(file_); }

Entry Ledger::read_line(std::string const& line, int number, std::string& request) const {
    try {
        auto const json = Json::parse(line);
        request = json.at("request");
        return {json.at("type"),   json.at("key"),    json.at("digest"),
                json.at("status"), json.at("answer"), json.at("body")};
    } catch (Json::exception const& error) {
        throw std::runtime_error("line " + std::to_string(number) + " of the ledger " + path_ +
                                 " cannot be read, so nothing is served: " + error.what());
    }
}

void Ledger::read_all() {
    auto const text = read_file(file_, path_);
    std::size_t start = 0;
    int number = 0;
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
        std::string request;
        auto entry = read_line(text.substr(start, end - start), ++number, request);
        remember(request, std::move(entry));
        start = end + 1;
    }
    torn_ = start < text.size();
    if (::ftruncate(file_, static_cast<off_t>(start)) != 0)
        fail("cut behind its last whole line", path_);
    if (torn_ && ::fdatasync(file_) != 0) fail("made durable", path_);
    if (::lseek(file_, static_cast<off_t>(start), SEEK_SET) < 0) fail("read", path_);
}

void Ledger::refuse_if_broken() const {
    if (broken_)
        throw std::runtime_error("the ledger " + path_ +
                                 " could not be written; restart the service");
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
    refuse_if_broken();
    auto const found = by_key_.find({request, key});
    if (found == by_key_.end()) return std::nullopt;
    return found->second;
}

void Ledger::append(std::string const& request, Entry entry) {
    std::lock_guard lock(mutex_);
    refuse_if_broken();
    broken_ = true;
    write_all(file_, line_of(request, entry).dump() + "\n", path_);
    broken_ = false;
    remember(request, std::move(entry));
}

std::int64_t Ledger::refunded(std::string const& payment) const {
    std::lock_guard lock(mutex_);
    auto const found = refunded_.find(payment);
    return found == refunded_.end() ? 0 : found->second;
}

// A second effect of one key breaks our own promise. A second refund of one payment for one
// reference is a duplicate whatever its key: that is what a customer sees.
Json Ledger::totals() const {
    std::lock_guard lock(mutex_);
    std::set<std::string> keys;
    std::set<std::pair<std::string, std::string>> reasons;
    int duplicates = 0;
    std::int64_t amount = 0;
    Json entries = Json::array();
    for (auto const& entry : refunds_) {
        auto const& body = entry.body;
        bool const is_first = keys.insert(entry.key).second;
        bool const is_new = reasons.emplace(body.at("payment_id"), body.at("reference")).second;
        if (!is_first || !is_new) ++duplicates;
        amount += body.at("amount").get<std::int64_t>();
        entries.push_back({{"id", entry.answer.at("id")},
                           {"payment_id", body.at("payment_id")},
                           {"amount", body.at("amount")},
                           {"currency", body.at("currency")},
                           {"reference", body.at("reference")},
                           {"key", entry.key}});
    }
    return {{"refunds", refunds_.size()},      {"amount", amount},
            {"by_payment", refunded_},         {"notices", notices_},
            {"duplicate_effects", duplicates}, {"entries", std::move(entries)}};
}

}  // namespace refund::payments
