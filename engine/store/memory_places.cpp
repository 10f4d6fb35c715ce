// The places of runs under their keys, of the database without a disk.
#include <algorithm>
#include <set>

#include "engine/shard_of.h"
#include "engine/store/memory_events.h"

namespace resolute::store {
namespace {

using Wait = MemoryTables::PlaceWait;

std::int64_t held(MemoryTables const& tables, std::string const& key,
                  std::string const* tenant = nullptr) {
    return std::ranges::count_if(tables.places, [&](auto const& item) {
        return item.second.key == key && (!tenant || item.second.tenant == *tenant);
    });
}

// What the run that came last says of its key holds for all.
bool has_room(MemoryTables const& tables, std::string const& key, Timestamp now) {
    Wait const* newest = nullptr;
    for (auto const& [run, one] : tables.place_waits)
        if (one.place.at("key") == key && (!newest || one.since > newest->since)) newest = &one;
    if (!newest) return false;
    auto const& wait = *newest;
    if (wait.place.contains("most") && held(tables, key) >= wait.place.at("most").get<int>())
        return false;
    if (!wait.place.contains("many")) return true;
    auto const since =
        now - Duration(std::chrono::milliseconds(wait.place.at("perMs").get<std::int64_t>()));
    auto const [first, last] = tables.place_begun.equal_range(key);
    auto const begun =
        std::count_if(first, last, [&](auto const& item) { return item.second > since; });
    return begun < wait.place.at("many").get<int>();
}

// Tenants take turns; within one by priority, then by who came first.
auto turn_of(MemoryTables const& tables, Wait const& wait) {
    auto const key = wait.place.at("key").get<std::string>();
    auto const served = tables.place_turns.find({key, wait.tenant});
    return std::tuple(held(tables, key, &wait.tenant),
                      served == tables.place_turns.end() ? 0 : served->second,
                      -wait.place.at("priority").get<std::int64_t>(), wait.since);
}

std::map<RunId, Wait>::iterator next_of(MemoryTables& tables, std::string const& key) {
    auto best = tables.place_waits.end();
    for (auto wait = tables.place_waits.begin(); wait != tables.place_waits.end(); ++wait) {
        if (wait->second.place.at("key") != key) continue;
        bool const is_first = best == tables.place_waits.end();
        if (is_first || turn_of(tables, wait->second) < turn_of(tables, best->second)) best = wait;
    }
    return best;
}

}  // namespace

void await_place(MemoryTables& tables, Append const& append, Json const& wanted) {
    auto const& first = wanted.at("filters").at(0);
    tables.place_waits.try_emplace(
        append.run, MemoryTables::PlaceWait{append.tenant, first.at("place"), first.at("slot"),
                                            ++tables.last_place});
}

std::size_t give_places(MemoryTables& tables, Random& random, Timestamp now) {
    std::set<std::string> keys;
    for (auto const& [run, wait] : tables.place_waits)
        keys.insert(wait.place.at("key").get<std::string>());
    std::size_t given = 0;
    for (auto const& key : keys)
        for (auto next = next_of(tables, key); has_room(tables, key, now);
             next = next_of(tables, key)) {
            auto const [run, wait] = *next;
            tables.places.emplace(run, MemoryTables::Place{key, wait.tenant});
            tables.place_turns[{key, wait.tenant}] = ++tables.last_place;
            if (wait.place.contains("many")) tables.place_begun.emplace(key, now);
            Message const letter{MessageId::make(now, random), run,
                                 OfferEvent{StepId{}, wait.slot, "0", Payload(Json{{"key", key}})}};
            tables.inbox.push_back({letter, shard_of(run), false});
            tables.place_waits.erase(next);
            ++given;
        }
    return given;
}

}  // namespace resolute::store
