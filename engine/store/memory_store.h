// The event store in memory: the twin of the one on PostgreSQL, for tests and for the simulator.
//
// Used by one thread at a time; several stores share one MemoryDatabase. Behaves as the twin does,
// and fails when it is told to.
#pragma once

#include "engine/store/memory_database.h"

namespace resolute::store {

struct Part;

struct MemoryStoreOptions {
    MemberId member;
    int writer = -1;             // -1 only reads
    FaultPlan fault = nullptr;
};

class MemoryStore final : public EventStore {
  public:
    MemoryStore(MemoryDatabase& database, MemoryStoreOptions options)
        : database_(database), options_(std::move(options)) {}

    std::vector<AppendVerdict> append(std::vector<Append> const& batch) override;
    std::optional<StoredRun> load(RunId run, std::uint64_t after, std::size_t limit = all) override;
    std::vector<std::optional<StoredRun>> resume(std::vector<RunId> const& runs) override;
    void keep(std::vector<Snapshot> const& snapshots) override;
    std::vector<DueRun> due(std::vector<int> const& shards, Timestamp until, Scope scope,
                            std::size_t limit, RunId after) override;
    void put_on_probation(std::vector<RunId> const& runs, Trial trial, Timestamp at) override;
    Probation acquit(Timestamp now) override;
    std::vector<Suspect> suspects(std::vector<int> const& shards, Timestamp now) override;
    std::vector<Message> inbox(std::vector<int> const& shards, std::size_t limit) override;
    std::size_t match_events() override;
    void refuse(MessageId message, std::string const& reason) override;
    void quarantine(RunId run, std::string const& reason, Timestamp at,
                    std::string const& bundle) override;

  private:
    void check_fence() const;
    AppendVerdict write(Part const& part);
    std::optional<AppendVerdict> refusal_of(Part const& part) const;
    void write_rows(Part const& part);

    MemoryDatabase& database_;
    MemoryStoreOptions options_;
};

// Leases run on the database's clock. Thread-safe.
class MemoryMembership final : public Membership {
  public:
    explicit MemoryMembership(MemoryDatabase& database) : database_(database) {}

    MemberId join(std::string const& name, int writers, Duration lease) override;
    void renew(MemberId member, Duration lease) override;
    std::vector<int> claim(MemberId member) override;
    std::vector<int> surplus(MemberId member) override;
    void release(MemberId member, std::vector<int> const& shards) override;
    void leave(MemberId member) override;

  private:
    MemoryTables::Member& live(MemberId member);
    std::vector<MemberId> all_live() const;
    std::vector<std::optional<MemberId>> live_owners() const;

    MemoryDatabase& database_;
};

}  // namespace resolute::store
