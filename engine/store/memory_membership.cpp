#include <algorithm>

#include "engine/shard_of.h"
#include "engine/store/memory_store.h"
#include "engine/store/shares.h"

namespace resolute::store {

// Ids count up, so that a simulation repeats byte by byte.
MemberId MemoryMembership::join(std::string const& name, int, Duration lease) {
    std::lock_guard const lock(database_.mutex);
    auto& id = database_.tables.last_member;
    for (std::size_t i = id.value.size(); i-- > 0 && ++id.value[i] == 0;) {
    }
    database_.tables.members[id] = {.name = name, .expires_at = database_.now() + lease};
    return id;
}

MemoryTables::Member& MemoryMembership::live(MemberId member) {
    auto const found = database_.tables.members.find(member);
    if (found == database_.tables.members.end() || found->second.fenced) throw Fenced();
    return found->second;
}

std::vector<MemberId> MemoryMembership::all_live() const {
    std::vector<MemberId> live;
    for (auto const& [id, member] : database_.tables.members)
        if (!member.fenced) live.push_back(id);
    return live;
}

std::vector<std::optional<MemberId>> MemoryMembership::live_owners() const {
    auto owners = database_.tables.owners;
    auto const live = all_live();
    for (auto& owner : owners)
        if (owner && std::ranges::find(live, *owner) == live.end()) owner.reset();
    return owners;
}

void MemoryMembership::renew(MemberId member, Duration lease) {
    std::lock_guard const lock(database_.mutex);
    live(member).expires_at = database_.now() + lease;
}

std::vector<int> MemoryMembership::claim(MemberId member) {
    std::lock_guard const lock(database_.mutex);
    auto const now = database_.now();
    for (auto& [id, other] : database_.tables.members)
        if (id != member && other.expires_at < now) other.fenced = true;
    live(member);
    auto& owners = database_.tables.owners;
    for (int const shard : share_of(member, live_owners(), all_live()))
        owners[static_cast<std::size_t>(shard)] = member;
    std::vector<int> owned;
    for (int shard = 0; shard < shard_count; ++shard)
        if (owners[static_cast<std::size_t>(shard)] == member) owned.push_back(shard);
    return owned;
}

std::vector<int> MemoryMembership::surplus(MemberId member) {
    std::lock_guard const lock(database_.mutex);
    live(member);
    return surplus_of(member, live_owners(), all_live());
}

void MemoryMembership::release(MemberId member, std::vector<int> const& shards) {
    std::lock_guard const lock(database_.mutex);
    for (int const shard : shards)
        if (auto& owner = database_.tables.owners.at(static_cast<std::size_t>(shard));
            owner == member)
            owner.reset();
    // Their runs did it no harm: what happens to it from now on is none of their doing.
    std::erase_if(database_.tables.probation, [&](auto const& item) {
        return item.second.member == member &&
               std::ranges::find(shards, shard_of(item.first)) != shards.end();
    });
}

void MemoryMembership::leave(MemberId member) {
    std::lock_guard const lock(database_.mutex);
    for (auto& owner : database_.tables.owners)
        if (owner == member) owner.reset();
    database_.tables.members.erase(member);
}

}  // namespace resolute::store
