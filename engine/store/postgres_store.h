// The event store on PostgreSQL: one statement, one round trip and one COMMIT for a whole batch.
//
// An append goes on from where a history ended once, as this connection knows because it wrote that
// end or asked for it. Whoever else goes on from there begins a row with the same event, and the
// primary key keeps one of the two (docs/decisions/0038-ends-are-known.md).
//
// Used by one thread at a time, each with its own connection; reconnects by itself. `append` may be
// repeated after StoreUnavailable with the same batch: what had arrived is recognised by its chain.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

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
    void prepare(Append& append) const override;
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
    void learn_ends(Parts const& parts);
    bool follows(Part const& part) const;
    void keep_in_mind(Parts const& parts, std::vector<std::size_t> const& refused);
    void make_whole(StoredRun& stored, std::size_t most_bytes);
    static bool holds(RunId run, HistoryRow const& row, EncodedEvent const& wanted);
    void explain(Parts const& parts, std::vector<std::size_t> const& refused,
                 std::vector<AppendVerdict>& verdicts);

    PostgresStoreOptions options_;
    std::optional<Connection> connection_;
    std::int64_t epoch_ = 0;
    std::int64_t batch_ = 0;
    std::unordered_map<RunId, Head> ends_;  // of histories, as this connection last knew them
    KnownBlobs known_blobs_;  // that this connection committed: another server may lack them
};

}  // namespace resolute::store
