// A group commit taken apart: what the appends of each run come to together, as both stores write
// it.
//
// Pure. Points into the appends that it was made from, which must outlive it.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/append.h"
#include "engine/store/blobs.h"
#include "engine/store/history_row.h"

namespace resolute::store {

// What the rows of one approval in one part come to.
struct ApprovalChange {
    ApprovalRow const* first = nullptr;  // says which event asks when it is new
    ApprovalRow const* last = nullptr;   // holds the state that it ends in
    bool is_new() const { return first->status == ApprovalStatus::pending; }
};
// The states that an approval may be in before it gets this one, separated by spaces; "" for a new
// one.
std::string_view states_before(ApprovalStatus status);

// All appends of one run: written together or not at all.
struct Part {
    RunId run;
    std::string_view tenant;
    std::optional<Head> after;           // where the stored history must end; none: anywhere
    std::vector<Append const*> appends;
    std::vector<EncodedEvent const*> events;
    std::map<EncodedEvent const*, ApartBody> apart;  // of those whose large values leave them
    RunRow const* row = nullptr;         // the last one
    std::vector<ApprovalChange> approvals;
    std::vector<UnresolvedRow const*> unresolved;  // the last one of each step

    bool is_start() const { return !events.empty() && events.front()->sequence == 1; }
    std::string_view stored_body(EncodedEvent const& event) const;  // one of `events`
    std::vector<StoredEvent> stored_events() const;
    // The rows of its events, when they all are of one append that brings them; else none.
    std::vector<HistoryRow> const* prepared_rows() const;

    // What a statement must be able to write for it, each with all before: events that follow
    // others; runs that start; changes of their rows; everything.
    enum class Needs { events, starts, runs, everything };
    Needs needs() const;
};

struct Batch {
    std::vector<Part> parts;
    // For each append the part that it went into; none when it does not follow an earlier append of
    // its run in this very batch, so that it is stale whatever the store holds.
    std::vector<std::optional<std::size_t>> part_of;
};

// Throws std::invalid_argument for what no caller may hand over: events with gaps, or that do not
// say what they follow; a start without a row.
Batch take_apart(std::vector<Append> const& appends);

}  // namespace resolute::store
