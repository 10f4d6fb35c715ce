// The seam to durable storage, implemented in memory and on PostgreSQL; both pass one suite.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/append.h"
#include "engine/message.h"
#include "engine/snapshot.h"

namespace resolute {

// This process was declared dead by another: nothing that it still holds in memory may be used.
struct Fenced : std::runtime_error {
    Fenced() : std::runtime_error("this member was fenced: another process took over its shards") {}
};
// The database cannot be reached or refused to work; the call may be made again later.
struct StoreUnavailable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct DueRun {
    RunId run;
    int shard = 0;
    RunRow::Status status = RunRow::Status::running;
    std::optional<Timestamp> wake_at;
};
struct StoredRun {
    RunRow row;
    std::vector<EncodedEvent> events;
    std::optional<Snapshot> snapshot = {};  // then `events` begin with the one it ends with
};

// A run that was being resumed when its process died.
struct Suspect {
    RunId run;
    int deaths = 0;  // of processes, while no other suspect was tried beside it
};
// How the runs on probation of one member are doing.
struct Probation {
    std::vector<RunId> awake;  // on trial and neither asleep nor known to be harmless
    std::size_t left = 0;      // markers that stay, those of sleeping runs too
};

// One committer: used by one thread at a time; make one per connection. Blocking.
class EventStore {
  public:
    virtual ~EventStore() = default;

    // Commits all appends in one transaction, each with its own verdict, in order. The batch is
    // fenced: throws Fenced when this member's writer row says so. After StoreUnavailable it may be
    // unknown whether the COMMIT arrived: give the same batch again until there is an answer, or
    // drop everything in memory. Appending the same events twice is harmless and answers Committed.
    // Appends of one run may follow each other in one batch; once one of them is refused, the later
    // ones are stale. A value that the tables refuse (Unstorable) splits its batch into one
    // transaction per run.
    virtual std::vector<AppendVerdict> append(std::vector<Append> const& batch) = 0;

    // Does beforehand what `append` would have to do for this one. On any thread, while another one
    // appends. Changes nothing but what it takes.
    virtual void prepare(Append&) const {}

    // The run's row and its events after `after`, in order; none when there is no such run.
    static constexpr std::size_t all = ~std::size_t{0};
    virtual std::optional<StoredRun> load(RunId run, std::uint64_t after = 0,
                                          std::size_t limit = all) = 0;

    // What each of these runs is to be resumed from, in order; none for one that does not exist:
    // its row, and its newest snapshot with the events from the snapshot's last one on, or all of
    // its events where there is no snapshot of this version. Of them limits::events_per_load, and
    // limits::load_bytes (one at least), as with any limit of `load`, which has what follows.
    virtual std::vector<std::optional<StoredRun>> resume(std::vector<RunId> const& runs) = 0;

    // Keeps these snapshots in place of older ones. A cache: nothing depends on it.
    virtual void keep(std::vector<Snapshot> const& snapshots) = 0;

    // Open runs of these shards, most urgent first: waiting ones with wake_at <= `until`, and, with
    // `everything`, those that are running too (after a takeover: nobody works on them), the oldest
    // first, from after the run `after` on.
    enum class Scope { waiting, everything };
    virtual std::vector<DueRun> due(std::vector<int> const& shards, Timestamp until, Scope scope,
                                    std::size_t limit, RunId after = {}) = 0;

    // Names, durably, the runs that this member is about to resume after a takeover. `alone`: no
    // other suspect is tried beside it.
    enum class Trial { together, alone };
    virtual void put_on_probation(std::vector<RunId> const& runs, Trial trial, Timestamp at) = 0;
    // Forgets those that got on since: closed, a step ended, an attempt began and ended, or a long
    // time without harm.
    virtual Probation acquit(Timestamp now) = 0;
    // After shards were taken: the runs in them that were named by a member that died and were not
    // asleep then (waiting, and not to be woken before its lease was over), the most suspicious
    // first. The one that was tried alone last is blamed for the death, once.
    virtual std::vector<Suspect> suspects(std::vector<int> const& shards, Timestamp now) = 0;

    // Messages for runs of these shards that no append has consumed yet, oldest first; those for a
    // run that is set aside wait until it is released.
    virtual std::vector<Message> inbox(std::vector<int> const& shards, std::size_t limit) = 0;

    // Gives the events that wait to the steps that listen for them, each to one, by posting it to
    // the listener's run; answers how many. Cheap when neither an event nor a listener came since.
    // Does a bounded part of what there is to do; 0 does not mean that nothing is left.
    virtual std::size_t match_events() = 0;

    // Puts a message aside that cannot be applied: it stays, with the reason, and nobody gets it
    // any more, so that those behind it do not wait for ever.
    virtual void refuse(MessageId message, std::string const& reason) = 0;

    // Puts a run aside after an impossible history, or because it brings its process down: its row
    // says so and why, nobody loads it again, and `bundle` (JSON) is kept for whoever looks into
    // it.
    virtual void quarantine(RunId run, std::string const& reason, Timestamp at,
                            std::string const& bundle = {}) = 0;
};

// Which member owns which shard. One conformance suite for both implementations.
class Membership {
  public:
    virtual ~Membership() = default;

    // Registers this incarnation with a lease; `writers` committers may write for it.
    virtual MemberId join(std::string const& name, int writers, Duration lease) = 0;
    // Extends the lease. Throws Fenced when another member has declared this one dead.
    virtual void renew(MemberId member, Duration lease) = 0;
    // Fences members whose lease is over and takes this member's fair share of the shards that have
    // no live owner. Returns all shards this member owns now, in order. Throws Fenced like `renew`.
    virtual std::vector<int> claim(MemberId member) = 0;
    // The shards of this member that a live member who came later should have. Stop working on
    // them, let what is under way commit, then `release` them: the other's next `claim` takes them.
    virtual std::vector<int> surplus(MemberId member) = 0;
    virtual void release(MemberId member, std::vector<int> const& shards) = 0;
    // Gives everything back: shards become free, the member row goes.
    virtual void leave(MemberId member) = 0;
};

}  // namespace resolute
