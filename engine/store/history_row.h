// A row of the table `history`: what one commit adds to a run's history. Its events share a row's
// head and an index entry, and what they repeat is stored once.
//
// Both ways are here, and nobody else knows how a row's body looks:
//
//   form       1 byte: 1 = the content is compressed (compression.h), 2 = there are no chains here
//   chains     32 bytes for each event but the last, whose value is the column `chain`. A row that
//              begins a history and holds all of its bodies has all that they are made of
//              (engine/chain.h), and so has none.
//   content:
//     steps    for each event but the first: its time less that of the one before, in microseconds
//              and zigzag, and the bytes of the body before; both as LEB128
//     bodies   one after the other, as they are stored (blobs.h)
//
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/append.h"

namespace resolute::store {

struct StoredEvent {
    EncodedEvent const* event;
    std::string_view body;       // as it is stored
};

// Events that follow each other, in as few rows as limits::history_row_* permit.
std::vector<HistoryRow> packed(std::vector<StoredEvent> const& events);

// Chain values that the row does not have are those that its events come to, so that damage to one
// of them shows in the last. Throws CorruptHistory, which names the row's first event.
std::vector<EncodedEvent> unpacked(RunId run, HistoryRow const& row);

// The events that somebody wants of a history, from its rows.
class EventPage {
  public:
    // From the event `first` on, until there are `events` or their bodies have `bytes`; the one
    // that goes beyond is still there.
    EventPage(RunId run, std::uint64_t first, std::size_t events, std::size_t bytes)
        : run_(run), first_(first), events_left_(events), bytes_left_(bytes) {}

    void add(HistoryRow const& row);  // in order
    std::vector<EncodedEvent> take() { return std::move(events_); }

  private:
    RunId run_;
    std::uint64_t first_;
    std::size_t events_left_;
    std::size_t bytes_left_;
    std::vector<EncodedEvent> events_;
};

}  // namespace resolute::store
