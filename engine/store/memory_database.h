// A database without a disk: the rows that the in-memory store and the in-memory membership share.
//
// Thread-safe through `mutex`, which whoever looks at the tables must hold. Outlives its stores.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/clock.h"
#include "engine/event_store.h"

namespace resolute::store {

struct MemoryTables {
    struct Member { std::string name; Timestamp expires_at; bool fenced = false; };
    struct Posted { Message message; int shard = 0; bool is_consumed = false; };
    using Case = std::tuple<std::string, std::string, std::string>;  // tenant, case, workflow

    std::map<RunId, StoredRun> runs;
    std::map<Case, RunId> cases;
    std::map<ApprovalId, ApprovalRow> approvals;
    std::vector<ApprovalDecisionRow> decisions;
    std::map<std::pair<RunId, StepId>, UnresolvedRow> unresolved;
    std::vector<Posted> inbox;                        // in order of arrival
    std::map<RunId, std::string> quarantined;         // run and why
    std::map<MemberId, Member> members;
    MemberId last_member;                             // ids count up and are never used again
    std::vector<std::optional<MemberId>> owners;      // by shard
};

class MemoryDatabase {
  public:
    explicit MemoryDatabase(Clock const& clock);

    // A message for a run; one that has an id which is known already is dropped.
    void post(Message const& message);

    Clock const& clock;
    mutable std::mutex mutex;
    MemoryTables tables;
};

}  // namespace resolute::store
