// The seam to durable storage. Two implementations, in memory and PostgreSQL, pass one conformance suite.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/append.h"
#include "engine/message.h"

namespace resolute {

// This process was declared dead by another: nothing that it still holds in memory may be used.
struct Fenced : std::runtime_error {
    Fenced() : std::runtime_error("this member was fenced: another process took over its shards") {}
};
// The database cannot be reached or refused to work; the call may be made again later. When thrown by
// `append`, nothing of the batch is committed: an in-doubt COMMIT was resolved by reading back first.
struct StoreUnavailable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct DueRun { RunId run; int shard = 0; RunRow::Status status = RunRow::Status::running; std::optional<Timestamp> wake_at; };
struct StoredRun { RunRow row; std::vector<EncodedEvent> events; };

// One committer: used by one thread at a time; make one per connection. Blocking.
class EventStore {
  public:
    virtual ~EventStore() = default;

    // Commits all appends in one transaction, each with its own verdict, in order. The batch is fenced:
    // throws Fenced when this member's writer row says so, StoreUnavailable when nothing was committed.
    // Appends of one run may follow each other in one batch.
    virtual std::vector<AppendVerdict> append(std::vector<Append> const& batch) = 0;

    // The run's row and its events after `after`, in order; none when there is no such run.
    virtual std::optional<StoredRun> load(RunId run, std::uint64_t after = 0) = 0;

    // Open runs of these shards, most urgent first: waiting ones with wake_at <= `until`, and, with
    // `everything`, those that are running too (after a takeover: nobody works on them).
    enum class Scope { waiting, everything };
    virtual std::vector<DueRun> due(std::vector<int> const& shards, Timestamp until, Scope scope, std::size_t limit) = 0;

    // Messages for runs of these shards that no append has consumed yet, oldest first.
    virtual std::vector<Message> inbox(std::vector<int> const& shards, std::size_t limit) = 0;

    // Puts a run aside after an impossible history: its row says so and why; nobody loads it again.
    virtual void quarantine(RunId run, std::string const& reason, Timestamp at) = 0;
};

// Which member owns which shard. One conformance suite for both implementations.
class Membership {
  public:
    virtual ~Membership() = default;

    // Registers this incarnation with a lease; `writers` committers may write for it.
    virtual MemberId join(std::string const& name, int writers, Duration lease) = 0;
    // Extends the lease. Throws Fenced when another member has declared this one dead.
    virtual void renew(MemberId member, Duration lease) = 0;
    // Fences members whose lease is over and takes shards that have no live owner (and this member's fair share
    // from none but the dead). Returns all shards this member owns now.
    virtual std::vector<int> claim(MemberId member) = 0;
    // Gives everything back: shards become free, the member row goes.
    virtual void leave(MemberId member) = 0;
};

}  // namespace resolute
