#include "engine/store/memory_database.h"

#include <algorithm>

#include "engine/shard_of.h"
#include "engine/store/memory_store.h"

namespace resolute::store {

MemoryDatabase::MemoryDatabase(std::function<Timestamp()> now)
    : now_(std::move(now)), membership_(std::make_unique<MemoryMembership>(*this)) {
    tables.owners.resize(shard_count);
}

MemoryDatabase::~MemoryDatabase() = default;

std::unique_ptr<EventStore> MemoryDatabase::open(MemberId member, int writer, FaultPlan fault) {
    return std::make_unique<MemoryStore>(*this,
                                         MemoryStoreOptions{member, writer, std::move(fault)});
}

void MemoryDatabase::post(Message const& message) {
    std::lock_guard const lock(mutex);
    auto const is_same = [&](MemoryTables::Posted const& posted) {
        return posted.message.id == message.id;
    };
    if (std::ranges::any_of(tables.inbox, is_same)) return;
    tables.inbox.push_back({message, shard_of(message.run), false});
}

bool MemoryDatabase::release(RunId run) {
    std::lock_guard const lock(mutex);
    if (tables.quarantined.erase(run) == 0) return false;
    auto& row = tables.runs.at(run).row;
    row.status = RunRow::Status::waiting;
    row.waits_code = "released";
    row.waits_sentence = "to be resumed: it was released from quarantine";
    row.wake_at = row.updated_at = now();
    return true;
}

std::vector<EncodedEvent> MemoryDatabase::history(RunId run) const {
    std::lock_guard const lock(mutex);
    auto const known = tables.runs.find(run);
    if (known == tables.runs.end()) return {};
    auto events = known->second.events;
    make_whole(run, events, EventStore::all, find_in(tables, run));
    return events;
}

FindBlobs find_in(MemoryTables const& tables, RunId run) {
    return [&tables, run](std::vector<Digest> const& digests) {
        Blobs found;
        auto const kept = tables.blobs.find(run);
        if (kept == tables.blobs.end()) return found;
        for (auto const& digest : digests)
            if (auto const blob = kept->second.find(digest); blob != kept->second.end())
                found.insert(*blob);
        return found;
    };
}

std::optional<RunRow> MemoryDatabase::row(RunId run) const {
    std::lock_guard const lock(mutex);
    auto const known = tables.runs.find(run);
    if (known == tables.runs.end()) return std::nullopt;
    return known->second.row;
}

}  // namespace resolute::store
