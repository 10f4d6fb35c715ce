// A database without a disk: the rows that the in-memory store and the in-memory membership share.
//
// Thread-safe; whoever looks at `tables` from several threads holds `mutex`. Outlives its stores.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/event_store.h"
#include "engine/schedule.h"
#include "engine/store/blobs.h"

namespace resolute::store {

struct MemoryTables {
    struct Member {
        std::string name;
        Timestamp expires_at;
        bool fenced = false;
    };
    struct Posted {
        Message message;
        int shard = 0;
        bool is_consumed = false;
        std::string refused = {};  // why it was put aside
    };
    struct EventIn {
        std::string tenant;
        Json event;
        std::optional<RunId> taken_by = {};
    };
    struct Listener {
        std::string tenant;
        Json wanted;  // {filters, declined}
    };
    struct OnProbation {
        MemberId member;
        bool alone = false;
        int deaths = 0;
        std::uint64_t sequence = 0;
        Timestamp resumed_at;
    };
    using Case = std::tuple<std::string, std::string, std::string>;  // tenant, case, workflow

    std::map<RunId, StoredRun> runs;  // bodies without their large values
    std::map<RunId, Blobs> blobs;
    std::map<Case, RunId> cases;
    std::map<ApprovalId, ApprovalRow> approvals;
    std::vector<ApprovalDecisionRow> decisions;
    std::map<std::pair<RunId, StepId>, UnresolvedRow> unresolved;
    std::vector<Posted> inbox;                        // in order of arrival
    std::map<std::int64_t, EventIn> events;  // by position
    std::map<std::pair<RunId, StepId>, Listener> listeners;
    struct PlaceWait {
        std::string tenant;
        Json place;  // {key, priority, most?, many?, perMs?}
        int slot = 0;
        std::uint64_t since = 0;  // who came first
    };
    struct Place {
        std::string key;
        std::string tenant;
    };
    std::map<RunId, PlaceWait> place_waits;
    std::multimap<RunId, Place> places;
    std::map<std::pair<std::string, std::string>, std::uint64_t> place_turns;  // key, tenant
    std::multimap<std::string, Timestamp> place_begun;  // by key
    std::uint64_t last_place = 0;  // counts up, in place of time
    std::map<RunId, Snapshot> snapshots;
    std::map<ScheduleId, ScheduleRow> schedules;
    std::map<RunId, OnProbation> probation;
    std::map<RunId, std::string> quarantined;         // run and why
    std::map<MemberId, Member> members;
    MemberId last_member;                             // ids count up and are never used again
    std::vector<std::optional<MemberId>> owners;      // by shard
};

// Reads the tables, which must outlive it.
FindBlobs find_in(MemoryTables const& tables, RunId run);

enum class Fault {
    none,
    refuse,       // nothing is committed: StoreUnavailable
    answer_lost,  // everything is committed, and StoreUnavailable all the same: the batch is in
                  // doubt
};
// Asked once for every batch, before anything is written.
using FaultPlan = std::function<Fault(std::vector<Append> const&)>;

class MemoryDatabase {
  public:
    // `now` is the time by which leases end.
    explicit MemoryDatabase(std::function<Timestamp()> now);
    ~MemoryDatabase();

    Membership& membership() { return *membership_; }
    // A writer of -1 only reads. The store must not outlive the database.
    std::unique_ptr<EventStore> open(MemberId member, int writer, FaultPlan fault = nullptr);
    // A message for a run; one whose id is known already changes nothing.
    void post(Message const& message);

    // Gives a run that was set aside back to its owner; false: it was not.
    bool release(RunId run);

    // An event from outside; false: it is known already.
    bool post_event(std::string const& tenant, Json const& event);

    std::vector<EncodedEvent> history(RunId run) const;  // throws CorruptHistory, as `load` does
    std::optional<RunRow> row(RunId run) const;

    Timestamp now() const { return now_(); }
    mutable std::mutex mutex;
    MemoryTables tables;

  private:
    std::function<Timestamp()> now_;
    std::unique_ptr<Membership> membership_;
};

}  // namespace resolute::store
