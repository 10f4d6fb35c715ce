#include "engine/store/batch.h"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

#include "base/limits.h"

namespace resolute::store {
namespace {

void check(Append const& append) {
    for (std::size_t i = 0; i < append.events.size(); ++i) {
        if (append.events[i].sequence != append.events.front().sequence + i ||
            append.events[i].sequence == 0)
            throw std::invalid_argument("the events of an append must follow each other from 1 on");
    }
    if (append.events.empty()) return;
    auto const first = append.events.front().sequence;
    if (!append.after || append.after->sequence + 1 != first)
        throw std::invalid_argument("an append must say what its events follow");
    if (first == 1 && !append.row)
        throw std::invalid_argument("the append that starts a run must bring its row");
}

// Where the history ends once the part is written, as far as the part says so.
std::optional<Head> end_of(Part const& part) {
    if (part.events.empty()) return part.after;
    return Head{part.events.back()->sequence, part.events.back()->chain};
}

bool follows(Part const& part, Append const& append) {
    auto const end = end_of(part);
    return !append.after || !end || *append.after == *end;
}

void add_approval(Part& part, ApprovalRow const& row) {
    auto const known = std::ranges::find_if(part.approvals, [&](ApprovalChange const& change) {
        return change.last->approval == row.approval;
    });
    if (known == part.approvals.end())
        part.approvals.push_back({&row, &row});
    else
        known->last = &row;
}

void add_unresolved(Part& part, UnresolvedRow const& row) {
    auto const known = std::ranges::find_if(
        part.unresolved, [&](UnresolvedRow const* before) { return before->step == row.step; });
    if (known == part.unresolved.end())
        part.unresolved.push_back(&row);
    else
        *known = &row;
}

void add(Part& part, Append const& append) {
    if (!part.after && part.events.empty()) part.after = append.after;
    part.appends.push_back(&append);
    for (auto const& event : append.events) {
        part.events.push_back(&event);
        if (event.body.size() < limits::blob_bytes) continue;
        if (auto apart = without_large_values(part.run, event.body))
            part.apart.emplace(&event, *std::move(apart));
    }
    if (append.row) part.row = &*append.row;
    for (auto const& row : append.approvals) add_approval(part, row);
    for (auto const& row : append.unresolved) add_unresolved(part, row);
}

}  // namespace

std::string_view states_before(ApprovalStatus status) {
    switch (status) {
        case ApprovalStatus::pending: return "";
        case ApprovalStatus::approved:
        case ApprovalStatus::rejected:
        case ApprovalStatus::answered: return "pending";
        case ApprovalStatus::expired:
        case ApprovalStatus::revoked: return "pending approved";
        case ApprovalStatus::consumed: return "approved";
    }
    return "";
}

Part::Needs Part::needs() const {
    auto has_more = [](Append const* append) {
        return !append->decisions.empty() || !append->consumed.empty() || !append->posted.empty() ||
               !append->events_changed.empty();
    };
    if (!approvals.empty() || !unresolved.empty() || !apart.empty() ||
        std::ranges::any_of(appends, has_more))
        return Needs::everything;
    if (!row && !events.empty()) return Needs::events;
    return is_start() ? Needs::starts : Needs::runs;
}

std::string_view Part::stored_body(EncodedEvent const& event) const {
    if (apart.empty()) return event.body;
    auto const found = apart.find(&event);
    return found == apart.end() ? std::string_view(event.body) : found->second.text;
}

std::vector<StoredEvent> Part::stored_events() const {
    std::vector<StoredEvent> stored;
    stored.reserve(events.size());
    for (auto const* event : events) stored.push_back({event, stored_body(*event)});
    return stored;
}

std::vector<HistoryRow> const* Part::prepared_rows() const {
    for (auto const* append : appends)
        if (!append->rows.empty() && append->events.size() == events.size()) return &append->rows;
    return nullptr;
}

Batch take_apart(std::vector<Append> const& appends) {
    Batch batch;
    batch.part_of.reserve(appends.size());
    struct Place {
        std::size_t part;
        bool broken;
    };
    std::unordered_map<RunId, Place> places;
    for (auto const& append : appends) {
        check(append);
        auto const [found, is_first] =
            places.try_emplace(append.run, Place{batch.parts.size(), false});
        auto& place = found->second;
        if (is_first) batch.parts.push_back({.run = append.run, .tenant = append.tenant});
        // What was built on a refused append never happened either.
        place.broken = place.broken || !follows(batch.parts[place.part], append);
        if (place.broken) {
            batch.part_of.emplace_back();
            continue;
        }
        add(batch.parts[place.part], append);
        batch.part_of.emplace_back(place.part);
    }
    return batch;
}

}  // namespace resolute::store
