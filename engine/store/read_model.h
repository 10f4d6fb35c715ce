// What people and programs ask about runs, approvals and members: the reading side of the console
// and the CLI.
//
// Thread-safe: one connection behind a mutex, so make several for answers in parallel. Every call
// blocks for one round trip or two and throws StoreUnavailable while the database cannot be
// reached. Reads what is committed.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/store/session.h"

namespace resolute::store {

struct RunFilter {
    std::string tenant = "default";
    std::optional<RunRow::Status> status;
    std::string workflow;                  // "" = any
    std::string case_id;                   // "" = any
    std::optional<RunId> parent = {};      // whose steps started them
    std::optional<RunId> forked_from = {};  // whose beginning they share
};
// Newest first. A run's id carries the time at which it started, so the id alone is the cursor.
struct RunPage {
    std::vector<RunRow> runs;
    std::optional<RunId> next;  // `before` of the next page; none when this is the last one
};

// Counted no further than limits::list_page.
struct RelatedRuns {
    std::size_t children = 0;  // that its steps started
    std::size_t forks = 0;
};

struct ApprovalFilter {
    std::string tenant = "default";
    std::optional<ApprovalStatus> status;
    std::optional<RunId> run;
};
struct ApprovalCursor {
    Timestamp requested_at;
    ApprovalId approval;
};
struct ApprovalPage {
    std::vector<ApprovalRow> approvals;  // pending: oldest first; else newest first
    std::optional<ApprovalCursor> next;
};
struct ApprovalDetail {
    ApprovalRow approval;
    std::vector<ApprovalDecisionRow> decisions;  // the refused ones too, in order
};

struct MemberRow {
    MemberId member;
    std::string name;
    Timestamp joined_at;
    Timestamp expires_at;
    bool fenced = false;
    int shards = 0;
};

// Of the key that a run waits for a place under (migrations/0017_places.sql).
struct PlaceQueue {
    std::optional<RunId> holder;  // of the run's tenant, for the longest time
    std::int64_t held = 0;       // by runs of every tenant
    std::optional<Timestamp> opens_at;  // at which a rate allows more, or it is looked at anyway
};

struct Counts {
    std::map<std::string, std::int64_t> runs;  // by status; a status without runs is missing
    std::int64_t pending_approvals = 0;
    std::int64_t unresolved = 0;
    std::int64_t refused_messages = 0;
};

class ReadModel {
  public:
    explicit ReadModel(std::string url);

    // `limit` is at most limits::list_page everywhere.
    RunPage runs(RunFilter const& filter, std::size_t limit, std::optional<RunId> before = {});
    std::optional<RunRow> run(RunId run);
    RelatedRuns related(RunId run);
    std::vector<RunRow> runs_of_case(std::string const& tenant,
                                     std::string const& case_id);  // one per workflow
    // In order; no other one after so many that have limits::load_bytes. Throws CorruptHistory when
    // a large value of one of them is missing or was altered.
    std::vector<EncodedEvent> history(RunId run, std::uint64_t after, std::size_t limit);

    // What the run is to be folded from, as EventStore::resume gives it: its row, and its newest
    // snapshot of this version with the events from that one's last on, or its first events; at
    // most limits::events_per_load of them.
    std::optional<StoredRun> resume(RunId run);

    // What case steps made of a case, with its newest entries in order: {…, entries}; null when no
    // step opened it.
    Payload case_record(std::string const& tenant, std::string const& case_id);

    ApprovalPage approvals(ApprovalFilter const& filter, std::size_t limit,
                           std::optional<ApprovalCursor> before = {});
    std::optional<ApprovalDetail> approval(std::string const& tenant, ApprovalId approval);
    std::vector<UnresolvedRow> unresolved(std::string const& tenant,
                                          std::size_t limit);  // longest first

    std::optional<PlaceQueue> place_queue(RunId run);  // none: it waits for no place

    std::vector<MemberRow> members();
    // Who owns a shard, dead or alive; none when it is free.
    std::optional<MemberRow> owner_of(int shard);
    // The diagnostic bundle of a run that was set aside: JSON; "" = there is none.
    std::string bundle_of(RunId run);
    Counts counts(std::string const& tenant);

  private:
    Rows ask(Query const& query, Parameters const& parameters);
    std::vector<EncodedEvent> events(RunId run, std::uint64_t after, std::size_t limit);
    void make_whole(RunId run, std::vector<EncodedEvent>& events);
    ApprovalRow approval_at(Rows const& rows, std::size_t row);
    Payload card_at(Rows const& rows, std::size_t row, ApprovalRow const& approval);

    std::mutex mutex_;
    Session session_;
};

}  // namespace resolute::store
