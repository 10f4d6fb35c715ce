#include "engine/store/history_row.h"

#include <algorithm>
#include <limits>
#include <span>
#include <stdexcept>

#include "base/limits.h"
#include "engine/chain.h"
#include "engine/corrupt_history.h"
#include "engine/store/compression.h"

namespace resolute::store {
namespace {

// Of a row's form.
constexpr char compressed_bit = 1;
constexpr char unchained_bit = 2;
constexpr std::size_t chain_bytes = sizeof(Digest::bytes);

void put_number(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

// What is left of a row's body to be read.
class Rest {
  public:
    explicit Rest(std::string_view bytes) : bytes_(bytes) {}

    std::string_view take(std::size_t size) {
        if (size > bytes_.size()) throw CorruptHistory("it ends too early");
        auto const taken = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return taken;
    }
    std::string_view take_all() { return take(bytes_.size()); }
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            auto const byte = static_cast<unsigned char>(take(1).front());
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) return value;
        }
        throw CorruptHistory("a number in it is too long");
    }

  private:
    std::string_view bytes_;
};

// Whether the chain of these can be computed from them alone.
bool holds_its_chain(std::span<StoredEvent const> events) {
    return events.front().event->sequence == 1 &&
           std::ranges::all_of(events, [](auto const& one) { return one.body == one.event->body; });
}

HistoryRow pack(std::span<StoredEvent const> events) {
    HistoryRow row{.sequence = events.front().event->sequence,
                   .at = events.front().event->at,
                   .kinds = {},
                   .body = {'\0'},
                   .chain = events.back().event->chain};
    bool const is_chained = !holds_its_chain(events);
    if (!is_chained) row.body.front() |= unchained_bit;
    std::string content;
    for (std::size_t i = 0; i < events.size(); ++i) {
        auto const& event = *events[i].event;
        if (event.kind < 0 || event.kind > std::numeric_limits<unsigned char>::max())
            throw std::invalid_argument("the kind of an event must fit in a byte");
        row.kinds += static_cast<char>(event.kind);
        if (is_chained && i + 1 < events.size()) row.body += event.chain.view();
        if (i == 0) continue;
        put_number(content, zigzag(event.at.microseconds - events[i - 1].event->at.microseconds));
        put_number(content, events[i - 1].body.size());
    }
    for (auto const& event : events) content += event.body;
    auto const smaller = compressed(content);
    bool const is_smaller = smaller.size() < content.size();
    if (is_smaller) row.body.front() |= compressed_bit;
    row.body += is_smaller ? smaller : content;
    return row;
}

Digest chain_at(std::string_view bytes) {
    Digest digest;
    std::ranges::copy(bytes, digest.bytes.begin());
    return digest;
}

// The chain values of a row that begins a history, but for the last.
void follow_chain(RunId run, std::vector<EncodedEvent>& events) {
    std::string salt;
    try {
        salt = salt_of(events.front());
    } catch (CorruptHistory const&) {
        // Whoever verifies these events finds the same in the first of them.
    }
    auto head = chain_start(run);
    for (std::size_t i = 0; i + 1 < events.size(); ++i)
        head = events[i].chain = chain_next(head, events[i], salt);
}

std::vector<EncodedEvent> unpack(RunId run, HistoryRow const& row) {
    if (row.kinds.empty()) throw CorruptHistory("it holds no event");
    Rest body(row.body);
    auto const form = body.take(1).front();
    if ((form & ~(compressed_bit | unchained_bit)) != 0)
        throw CorruptHistory("it is in the form " + std::to_string(form) +
                             ", which this version does not know");
    bool const is_compressed = (form & compressed_bit) != 0;
    bool const is_chained = (form & unchained_bit) == 0;
    auto chains = Rest(body.take(is_chained ? chain_bytes * (row.kinds.size() - 1) : 0));
    std::string text;
    if (is_compressed) text = expanded(body.take_all());
    Rest content(is_compressed ? std::string_view(text) : body.take_all());

    std::vector<EncodedEvent> events(row.kinds.size());
    std::vector<std::size_t> sizes;
    auto at = row.at;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (i > 0) {
            at.microseconds += unzigzag(content.number());
            sizes.push_back(content.number());
        }
        events[i].sequence = row.sequence + i;
        events[i].at = at;
        events[i].kind = static_cast<unsigned char>(row.kinds[i]);
        if (is_chained && i + 1 < events.size())
            events[i].chain = chain_at(chains.take(chain_bytes));
    }
    events.back().chain = row.chain;
    for (std::size_t i = 0; i < sizes.size(); ++i) events[i].body = content.take(sizes[i]);
    events.back().body = content.take_all();
    if (!is_chained) follow_chain(run, events);
    return events;
}

}  // namespace

std::vector<HistoryRow> packed(std::vector<StoredEvent> const& events) {
    std::vector<HistoryRow> rows;
    std::span const all(events);
    for (std::size_t begin = 0; begin < all.size();) {
        auto end = begin;
        for (std::size_t bytes = 0; end < all.size() && end - begin < limits::history_row_events;
             ++end) {
            bytes += all[end].body.size();
            if (end > begin && bytes > limits::history_row_bytes) break;
        }
        rows.push_back(pack(all.subspan(begin, end - begin)));
        begin = end;
    }
    return rows;
}

std::vector<EncodedEvent> unpacked(RunId run, HistoryRow const& row) {
    try {
        return unpack(run, row);
    } catch (CorruptHistory const& error) {
        throw CorruptHistory("event " + std::to_string(row.sequence) +
                             " and those stored with it cannot be read: " + error.what());
    }
}

void EventPage::add(HistoryRow const& row) {
    if (events_left_ == 0 || row.last() < first_) return;
    for (auto& event : unpacked(run_, row)) {
        if (event.sequence < first_ || events_left_ == 0) continue;
        bool const is_last = event.body.size() >= bytes_left_;
        bytes_left_ -= is_last ? 0 : event.body.size();
        events_left_ = is_last ? 0 : events_left_ - 1;
        events_.push_back(std::move(event));
    }
}

}  // namespace resolute::store
