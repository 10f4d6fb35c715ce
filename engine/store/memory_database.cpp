#include "engine/store/memory_database.h"

#include <algorithm>

#include "engine/shard_of.h"

namespace resolute::store {

MemoryDatabase::MemoryDatabase(Clock const& time) : clock(time) { tables.owners.resize(shard_count); }

void MemoryDatabase::post(Message const& message) {
    std::lock_guard const lock(mutex);
    auto const is_same = [&](MemoryTables::Posted const& posted) { return posted.message.id == message.id; };
    if (std::ranges::any_of(tables.inbox, is_same)) return;
    tables.inbox.push_back({message, shard_of(message.run), false});
}

}  // namespace resolute::store
