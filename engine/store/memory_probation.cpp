// Of MemoryStore: runs that are resumed with care after their process died.
#include <algorithm>

#include "base/limits.h"
#include "engine/shard_of.h"
#include "engine/store/memory_store.h"

namespace resolute::store {
namespace {

using OnProbation = MemoryTables::OnProbation;

// Who has a message to take is not asleep: it is being resumed for that.
bool is_asleep(MemoryTables const& tables, RunId run, Timestamp now) {
    auto const known = tables.runs.find(run);
    if (known == tables.runs.end()) return false;
    auto const& row = known->second.row;
    if (row.status != RunRow::Status::waiting || (row.wake_at && *row.wake_at <= now)) return false;
    return std::ranges::none_of(tables.inbox, [&](MemoryTables::Posted const& posted) {
        return posted.message.run == run && !posted.is_consumed && posted.refused.empty();
    });
}

bool is_closed(MemoryTables const& tables, RunId run) {
    auto const known = tables.runs.find(run);
    if (known == tables.runs.end()) return false;
    auto const status = known->second.row.status;
    return status != RunRow::Status::running && status != RunRow::Status::waiting;
}

bool is_harmless(MemoryTables const& tables, RunId run, OnProbation const& trial, Timestamp now) {
    if (trial.resumed_at < now - std::chrono::seconds(limits::probation_longest_s)) return true;
    auto const known = tables.runs.find(run);
    if (known == tables.runs.end()) return false;
    if (is_closed(tables, run)) return true;
    bool has_begun = false;  // an attempt; else the end of one is that of an earlier process
    for (auto const& event : known->second.events) {
        if (event.sequence <= trial.sequence) continue;
        auto const kind = kind_name(event.kind);
        if (kind == "step_completed" || kind == "activity_succeeded") return true;
        if (has_begun && (kind == "activity_failed" || kind == "activity_unknown")) return true;
        has_begun = has_begun || kind == "activity_started";
    }
    return false;
}

}  // namespace

void MemoryStore::put_on_probation(std::vector<RunId> const& runs, Trial trial, Timestamp at) {
    std::lock_guard const lock(database_.mutex);
    auto& tables = database_.tables;
    for (auto const& run : runs) {
        auto const known = tables.runs.find(run);
        auto& marker = tables.probation[run];
        marker.member = options_.member;
        marker.alone = trial == Trial::alone;
        marker.sequence = known == tables.runs.end() ? 0 : known->second.events.size();
        marker.resumed_at = at;
    }
}

Probation MemoryStore::acquit(Timestamp now) {
    std::lock_guard const lock(database_.mutex);
    auto& tables = database_.tables;
    std::erase_if(tables.probation, [&](auto const& item) {
        return item.second.member == options_.member &&
               is_harmless(tables, item.first, item.second, now);
    });
    Probation probation;
    for (auto const& [run, marker] : tables.probation) {
        if (marker.member != options_.member) continue;
        ++probation.left;
        if (!is_asleep(tables, run, now)) probation.awake.push_back(run);
    }
    return probation;
}

std::vector<Suspect> MemoryStore::suspects(std::vector<int> const& shards, Timestamp now) {
    std::lock_guard const lock(database_.mutex);
    auto& tables = database_.tables;
    auto const foreign = [&](RunId run, OnProbation const& marker) {
        return marker.member != options_.member &&
               std::ranges::find(shards, shard_of(run)) != shards.end();
    };
    std::erase_if(tables.probation, [&](auto const& item) {  // its member left in good order
        auto const& [run, marker] = item;
        if (!foreign(run, marker)) return false;
        auto const member = tables.members.find(marker.member);
        return member == tables.members.end() || (member->second.fenced && is_closed(tables, run));
    });
    auto const slept = [&](RunId run, OnProbation const& marker) {
        return is_asleep(tables, run, std::min(now, tables.members.at(marker.member).expires_at));
    };
    std::map<MemberId, OnProbation*> tried_last;
    std::vector<Suspect> suspects;
    std::vector<std::pair<RunId, OnProbation*>> inherited;
    for (auto& [run, marker] : tables.probation) {
        if (!foreign(run, marker) || !tables.members.at(marker.member).fenced) continue;
        inherited.emplace_back(run, &marker);
        if (!marker.alone || slept(run, marker)) continue;
        auto& last = tried_last[marker.member];
        if (!last || last->resumed_at < marker.resumed_at) last = &marker;
    }
    for (auto& [member, last] : tried_last) ++last->deaths;
    std::ranges::sort(inherited, {}, [](auto const& item) {
        return std::tuple(-item.second->deaths, item.second->resumed_at, item.first);
    });
    for (auto& [run, marker] : inherited) {
        if (!slept(run, *marker)) suspects.push_back({run, marker->deaths});
        marker->member = options_.member;
        marker->alone = false;
    }
    return suspects;
}

}  // namespace resolute::store
