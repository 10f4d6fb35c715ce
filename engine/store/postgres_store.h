// The event store on PostgreSQL: one statement, one round trip and one COMMIT for a whole batch.
//
// Used by one thread at a time, each with its own connection; reconnects by itself. `append` may be
// repeated after StoreUnavailable with the same batch: what had arrived is recognised by its chain.
#pragma once

#include <optional>
#include <string>

#include "engine/event_store.h"
#include "engine/store/append_parameters.h"
#include "engine/store/connection.h"

namespace resolute::store {

struct PostgresStoreOptions {
    std::string url;
    MemberId member;  // on whose behalf
    int writer = -1;  // which of its writers this connection is; -1 only reads
};

class PostgresStore final : public EventStore {
  public:
    // Does not connect yet. Every call throws StoreUnavailable while the database cannot be reached
    // or has another schema than this program.
    explicit PostgresStore(PostgresStoreOptions options) : options_(std::move(options)) {}

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
    using Parts = std::vector<Part const*>;

    Connection& connected();
    void claim_writer();
    Rows read(Query const& query, Parameters const& parameters);
    std::vector<AppendVerdict> write(Parts const& parts);
    std::vector<AppendVerdict> write_one_by_one(Parts const& parts);
    std::vector<AppendVerdict> write_once(Parts const& parts);
    void keep_in_mind(Parts const& parts, std::vector<AppendVerdict> const& verdicts);
    void make_whole(StoredRun& stored, std::size_t most_bytes);
    void explain(Parts const& parts, std::vector<std::size_t> const& refused,
                 std::vector<AppendVerdict>& verdicts);

    PostgresStoreOptions options_;
    std::optional<Connection> connection_;
    std::int64_t epoch_ = 0;
    std::int64_t batch_ = 0;
    KnownBlobs known_blobs_;  // that this connection committed: another server may lack them
};

}  // namespace resolute::store
