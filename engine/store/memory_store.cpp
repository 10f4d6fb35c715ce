#include "engine/store/memory_store.h"

#include <algorithm>
#include <stdexcept>

#include "base/limits.h"
#include "engine/names.h"
#include "engine/shard_of.h"
#include "engine/store/batch.h"
#include "engine/store/memory_events.h"

namespace resolute::store {
namespace {

MemoryTables::Case case_of(RunRow const& row) {
    return {row.tenant, row.case_id, row.workflow.name};
}

bool contains(std::vector<int> const& shards, int shard) {
    return std::ranges::find(shards, shard) != shards.end();
}

bool ends_at(std::vector<EncodedEvent> const& history, Head const& head) {
    return history.size() == head.sequence &&
           (history.empty() || history.back().chain == head.chain);
}

// What the tables of the twin refuse by their constraints.
std::optional<std::string> broken_constraint(Part const& part) {
    bool const writes_rows = part.row || !part.events.empty();
    if (writes_rows && part.tenant.empty()) return "the tenant is empty";
    if (part.row && part.row->status == RunRow::Status::waiting && part.row->waits_code.empty())
        return "a waiting run must name what it waits for";
    return std::nullopt;
}

}  // namespace

void MemoryStore::check_fence() const {
    auto const member = database_.tables.members.find(options_.member);
    if (member == database_.tables.members.end() || member->second.fenced) throw Fenced();
}

std::vector<AppendVerdict> MemoryStore::append(std::vector<Append> const& appends) {
    if (options_.writer < 0) throw std::logic_error("this store only reads");
    auto const fault = options_.fault ? options_.fault(appends) : Fault::none;
    auto const batch = take_apart(appends);
    std::lock_guard const lock(database_.mutex);
    if (fault == Fault::refuse) throw StoreUnavailable("the database refused the batch");
    check_fence();
    std::vector<AppendVerdict> verdicts;
    for (auto const& part : batch.parts) verdicts.push_back(write(part));
    if (fault == Fault::answer_lost) throw StoreUnavailable("the answer to the COMMIT was lost");
    std::vector<AppendVerdict> answers;
    for (auto const& part : batch.part_of)
        answers.push_back(part ? verdicts[*part] : AppendVerdict(Stale{}));
    return answers;
}

AppendVerdict MemoryStore::write(Part const& part) {
    if (auto const refused = refusal_of(part)) return *refused;
    if (auto const broken = broken_constraint(part)) return Unstorable{*broken};
    write_rows(part);
    return Committed{};
}

std::optional<AppendVerdict> MemoryStore::refusal_of(Part const& part) const {
    auto const& tables = database_.tables;
    auto const known = tables.runs.find(part.run);
    static std::vector<EncodedEvent> const nothing;
    auto const& stored = known == tables.runs.end() ? nothing : known->second.events;
    if (part.after && !ends_at(stored, *part.after)) {
        if (part.events.empty()) return Stale{};
        auto const end = part.events.back()->sequence;
        bool const is_ours =
            end <= stored.size() && stored[end - 1].chain == part.events.back()->chain;
        return is_ours ? AppendVerdict(Committed{}) : AppendVerdict(Stale{});
    }
    for (auto const& change : part.approvals) {
        auto const asked = tables.approvals.find(change.last->approval);
        if (change.is_new() != (asked == tables.approvals.end())) return Stale{};
        if (change.is_new()) continue;
        auto const allowed = states_before(change.first->status);
        bool const fits = allowed.find(name(asked->second.status)) != allowed.npos;
        if (!fits || asked->second.digest != change.last->digest) return Stale{};
    }
    if (part.is_start() && !part.row->case_id.empty())
        if (auto const owner = tables.cases.find(case_of(*part.row)); owner != tables.cases.end())
            return CaseTaken{owner->second};
    return std::nullopt;
}

void MemoryStore::write_rows(Part const& part) {
    auto& tables = database_.tables;
    if (part.is_start()) {
        tables.runs[part.run].row = *part.row;
        if (!part.row->case_id.empty()) tables.cases[case_of(*part.row)] = part.run;
    } else if (auto const known = tables.runs.find(part.run);
               part.row && known != tables.runs.end() &&
               known->second.row.status != RunRow::Status::quarantined) {
        known->second.row = *part.row;
    }
    for (auto const* event : part.events) {
        auto& stored = tables.runs[part.run].events.emplace_back(*event);
        if (auto const apart = part.apart.find(event); apart != part.apart.end())
            stored.body = apart->second.text;
    }
    for (auto const& [event, apart] : part.apart)
        for (auto const& blob : apart.values)
            tables.blobs[part.run].try_emplace(blob.digest, blob.content);
    for (auto const& change : part.approvals) {
        auto row = *change.last;
        row.asked_in =
            change.is_new() ? change.first->asked_in : tables.approvals.at(row.approval).asked_in;
        tables.approvals[row.approval] = std::move(row);
    }
    for (auto const* row : part.unresolved) {
        if (row->resolved)
            tables.unresolved.erase({row->run, row->step});
        else
            tables.unresolved[{row->run, row->step}] = *row;
    }
    for (auto const* append : part.appends) {
        tables.decisions.insert(tables.decisions.end(), append->decisions.begin(),
                                append->decisions.end());
        for (auto const& change : append->events_changed) change_events(tables, *append, change);
        for (auto& posted : tables.inbox)
            if (std::ranges::find(append->consumed, posted.message.id) != append->consumed.end())
                posted.is_consumed = true;
        for (auto const& message : append->posted) {
            auto const is_same = [&](auto const& posted) {
                return posted.message.id == message.id;
            };
            if (std::ranges::none_of(tables.inbox, is_same))
                tables.inbox.push_back({message, shard_of(message.run), false});
        }
    }
}

std::optional<StoredRun> MemoryStore::load(RunId run, std::uint64_t after, std::size_t limit) {
    std::lock_guard const lock(database_.mutex);
    auto const known = database_.tables.runs.find(run);
    if (known == database_.tables.runs.end()) return std::nullopt;
    auto const& events = known->second.events;
    auto const first = std::min<std::size_t>(after, events.size());
    auto last = first;
    auto const most_bytes = limit == all ? all : limits::load_bytes;
    for (std::size_t bytes = 0; last < events.size() && last - first < limit && bytes < most_bytes;)
        bytes += events[last++].body.size();
    auto const at = [&](std::size_t i) { return events.begin() + static_cast<std::ptrdiff_t>(i); };
    StoredRun stored{known->second.row, {at(first), at(last)}};
    make_whole(run, stored.events, most_bytes, find_in(database_.tables, run));
    return stored;
}

std::vector<std::optional<StoredRun>> MemoryStore::resume(std::vector<RunId> const& runs) {
    std::vector<std::optional<StoredRun>> stored;
    for (auto const& run : runs) {
        std::optional<Snapshot> snapshot;
        {
            std::lock_guard const lock(database_.mutex);
            auto const kept = database_.tables.snapshots.find(run);
            if (kept != database_.tables.snapshots.end() && kept->second.format == snapshot_format)
                snapshot = kept->second;
        }
        stored.push_back(load(run, snapshot ? snapshot->sequence - 1 : 0, limits::events_per_load));
        if (stored.back()) stored.back()->snapshot = std::move(snapshot);
    }
    return stored;
}

void MemoryStore::keep(std::vector<Snapshot> const& snapshots) {
    std::lock_guard const lock(database_.mutex);
    for (auto const& snapshot : snapshots) {
        auto& kept = database_.tables.snapshots[snapshot.run];
        if (kept.sequence < snapshot.sequence || kept.format != snapshot.format) kept = snapshot;
    }
}

std::vector<DueRun> MemoryStore::due(std::vector<int> const& shards, Timestamp until, Scope scope,
                                     std::size_t limit, RunId after) {
    std::lock_guard const lock(database_.mutex);
    std::vector<DueRun> running;
    std::vector<DueRun> waiting;
    for (auto const& [run, stored] : database_.tables.runs) {
        auto const& row = stored.row;
        if (!contains(shards, row.shard)) continue;
        DueRun const due{run, row.shard, row.status, row.wake_at};
        if (row.status == RunRow::Status::running && scope == Scope::everything && after < run)
            running.push_back(due);
        if (row.status == RunRow::Status::waiting && row.wake_at && *row.wake_at <= until)
            waiting.push_back(due);
    }
    std::ranges::sort(waiting, {},
                      [](DueRun const& due) { return std::pair(due.wake_at, due.run); });
    running.insert(running.end(), waiting.begin(), waiting.end());
    if (running.size() > limit) running.resize(limit);
    return running;
}

std::vector<Message> MemoryStore::inbox(std::vector<int> const& shards, std::size_t limit) {
    std::lock_guard const lock(database_.mutex);
    std::vector<Message> messages;
    auto const& tables = database_.tables;
    for (auto const& posted : tables.inbox)
        if (!posted.is_consumed && posted.refused.empty() && contains(shards, posted.shard) &&
            !tables.quarantined.contains(posted.message.run) && messages.size() < limit)
            messages.push_back(posted.message);
    return messages;
}

void MemoryStore::refuse(MessageId message, std::string const& reason) {
    std::lock_guard const lock(database_.mutex);
    for (auto& posted : database_.tables.inbox)
        if (posted.message.id == message && !posted.is_consumed) posted.refused = reason;
}

void MemoryStore::quarantine(RunId run, std::string const& reason, Timestamp at,
                             std::string const&) {
    std::lock_guard const lock(database_.mutex);
    check_fence();
    auto const known = database_.tables.runs.find(run);
    if (known == database_.tables.runs.end()) return;
    database_.tables.quarantined.try_emplace(run, reason);
    database_.tables.probation.erase(run);
    auto& row = known->second.row;
    row.status = RunRow::Status::quarantined;
    row.waits_code.clear();
    row.waits_sentence = reason;
    row.wake_at.reset();
    row.updated_at = at;
}

}  // namespace resolute::store
