// One slice of the run space as a machine without input or output: feed it, it says what must be
// done.
//
// The shell drives it with real time, threads and PostgreSQL; the simulator with virtual ones. It
// keeps only runs that are moving; a parked run is in the store and nowhere else. Not thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "engine/live_run.h"
#include "engine/message.h"
#include "engine/snapshot.h"

namespace resolute {

using Ticket = std::uint64_t;  // who waits for an answer; 0 = nobody

// ---- inputs
// ------------------------------------------------------------------------------------------

struct Deliver {
    Message message;
    Ticket ticket = 0;
};
// The answer to LoadRun: its row and its history folded; or why that could not be done.
struct RunLoaded {
    RunId run;
    RunRow row;
    Run fold;
    std::uint64_t snapshot_sequence = 0;  // of the snapshot that it was folded from; 0 = none
};
struct LoadFailed {
    RunId run;
    Failure why;
    enum class Kind { missing, aside, corrupt } kind = Kind::missing;
};
struct AppendSettled {
    RunId run;
    std::uint64_t number = 0;  // of the CommitAppend that it answers
    AppendVerdict verdict;
};
struct EffectFinished {
    RunId run;
    StepId step;
    int attempt = 1;
    Outcome outcome;
};
struct EffectVerified {
    RunId run;
    StepId step;
    int attempt = 1;
    Verification answer;
};
struct TimerDue {
    RunId run;
};
struct Wake {
    RunId run;
};          // found in the store: running without an owner, or due
struct MemberFenced {};              // everything in memory is void

using ShardInput = std::variant<Deliver, RunLoaded, LoadFailed, AppendSettled, EffectFinished,
                                EffectVerified, TimerDue, Wake, MemberFenced>;

// ---- outputs
// -----------------------------------------------------------------------------------------

struct CommitAppend {
    Append append;
    std::uint64_t number = 0;  // of this very append, in no other shard and at no other time
};
struct PerformEffect {
    Dispatch dispatch;
};
struct SetTimer {
    RunId run;
    Timestamp at;
};
struct LoadRun {
    RunId run;
};
struct EvictRun {
    RunId run;
};
struct Answer {
    Ticket ticket = 0;
    Reply reply;
};
struct QuarantineRun {
    RunId run;
    std::string reason;
};
// Of the inbox, and not used, because their run is set aside: they stay there, and are delivered
// again once the store hands them out again.
struct ReturnMessages {
    std::vector<MessageId> messages;
};
// May be dropped: it only saves the next owner from folding a long history.
struct KeepSnapshot {
    Snapshot snapshot;
};

using ShardOutput = std::variant<CommitAppend, PerformEffect, SetTimer, LoadRun, EvictRun, Answer,
                                 QuarantineRun, ReturnMessages, KeepSnapshot>;

// Where definitions come from: the orchestrator of a digest, or nullptr when it is not loaded.
// Definitions of runs are loaded before their RunLoaded or Deliver is fed in.
using Definitions = std::function<Orchestrator const*(Digest const&)>;

// How many events since the last snapshot make another one worth its row.
struct SnapshotRule {
    std::uint64_t parked = limits::snapshot_events_parked;  // of a run that goes to sleep
    std::uint64_t moving = limits::snapshot_events_moving;
    // of the last snapshot, how much must fall on each event since
    std::uint64_t bytes_per_event = limits::snapshot_bytes_per_event;
};

class Shard {
  public:
    // `linger`: how long a run that waits for other runs stays here.
    Shard(Definitions definitions, Handlers const& handlers, Random& random, SnapshotRule rule = {},
          Duration linger = std::chrono::milliseconds(limits::linger_ms))
        : definitions_(std::move(definitions)),
          handlers_(handlers),
          random_(random),
          snapshots_(rule),
          linger_(linger),
          last_number_(random.next()) {}

    // Outputs of reads come at once; everything that must be durable first waits for `flush`.
    void on(ShardInput input, Timestamp now, std::vector<ShardOutput>& out);

    // Hands over what was recorded since the last flush, one append per run; runs that yielded go
    // on.
    void flush(Timestamp now, std::vector<ShardOutput>& out);
    bool wants_flush() const { return !dirty_.empty(); }

    // The shard goes to another process: from now on runs go only as far as what is under way here
    // takes them, and are forgotten then. Messages, wakes and loads are refused or dropped.
    void retire(std::vector<ShardOutput>& out);
    // What is left after `retire` is given up: whoever waits for an answer is told. Appends that
    // were handed over are under way all the same.
    void abandon(std::vector<ShardOutput>& out);

    std::size_t resident_runs() const { return runs_.size(); }
    // No run is here and every append has its verdict. Only then may somebody else own the shard:
    // of two that write to one run, the store could take the beginning of one and the end of the
    // other.
    bool is_at_rest() const { return runs_.empty() && unanswered_ == 0; }
    Run const* resident(RunId run) const;

  private:
    struct Held {  // becomes real when its append has committed
        std::uint64_t number = 0;  // of the append
        std::uint64_t last_sequence = 0;  // of its events
        std::vector<Dispatch> dispatches;
        std::vector<Answer> answers;
        std::vector<Deliver> from_inbox;  // given again, should the append be refused
        std::optional<Snapshot> snapshot;
    };
    struct Resident {
        LiveRun live;
        Orchestrator const* workflow = nullptr;
        bool loading = false;
        bool yielded = false;
        bool dirty = false;
        int reads_under_way = 0;
        std::optional<RunRow> stored;  // the row as last handed to an append
        std::deque<Deliver> waiting;  // came while loading
        std::set<MessageId> received;  // an inbox delivers again what is not committed yet
        std::vector<MessageId> consumed;  // by the fresh events
        std::vector<Deliver> from_inbox;  // that nobody waits for: what the fresh events consume
        std::vector<Answer> answers;  // when the fresh events are durable
        std::deque<Held> in_flight;
        std::uint64_t snapshot_sequence = 0;  // of the last snapshot that was taken
        std::uint64_t snapshot_size = 0;  // in bytes, of the one taken here last
        Timestamp moved_at;  // when it last had something to be made durable
        std::optional<Timestamp> lingers;  // when it is to be asked whether it should stay
        std::optional<Timestamp> rings;  // what it is to be woken for while it is moving
        std::uint64_t handed_over = 0;  // last sequence that an append took
        std::uint64_t committed = 0;  // last sequence that is durable
    };

    void deliver(Deliver input, Timestamp now, std::vector<ShardOutput>& out);
    void start(Deliver const& input, Timestamp now, std::vector<ShardOutput>& out);
    std::optional<Failure> migrate(Resident& resident, class Recorder& recorder,
                                   MigrateRun const& message);
    void receive(Resident& resident, Deliver const& input, Timestamp now);
    void loaded(RunLoaded input, Timestamp now, std::vector<ShardOutput>& out);
    void load_failed(LoadFailed const& input, Timestamp now, std::vector<ShardOutput>& out);
    bool start_after_all(RunId run, Timestamp now, std::vector<ShardOutput>& out);
    void settled(AppendSettled const& input, Timestamp now, std::vector<ShardOutput>& out);
    void refused(RunId run, AppendVerdict const& verdict, Held held, std::vector<ShardOutput>& out);
    void go_on(RunId run, Resident& resident, Timestamp now, std::vector<ShardOutput>& out);
    void hand_over(Append append, std::vector<ShardOutput>& out);
    void consume(RunId run, std::vector<MessageId> messages, std::vector<ShardOutput>& out);
    void wake(RunId run, Timestamp now, std::vector<ShardOutput>& out);
    void work(RunId run, Resident& resident, Timestamp now, std::vector<ShardOutput>& out,
              std::function<void(class Recorder&)> const& step);
    Append append_of(RunId run, Resident& resident, Timestamp now);
    std::optional<Snapshot> snapshot_if_due(Resident& resident, Timestamp now) const;
    // What is due beside the effects that are under way; the timer of a parked run is its row.
    void set_alarm(RunId run, Resident& resident, Timestamp now, std::vector<ShardOutput>& out);
    void park_or_evict(RunId run, Resident& resident, Timestamp now, std::vector<ShardOutput>& out);
    bool is_to_linger(Resident const& resident, Timestamp now) const;
    void load(RunId run, std::vector<ShardOutput>& out);
    static bool is_parked(Resident const& resident);
    static bool is_row_behind(Resident const& resident, Timestamp now);
    bool may_forget(Resident const& resident) const;
    bool is_far_ahead(Resident const& resident) const;
    void forget(std::unordered_map<RunId, Resident>::iterator found);
    void set_aside(RunId run, std::string const& why, std::vector<ShardOutput>& out);

    Definitions definitions_;
    Handlers const& handlers_;
    Random& random_;
    SnapshotRule snapshots_;
    Duration linger_;
    std::unordered_map<RunId, Resident> runs_;
    std::vector<RunId> dirty_;
    // Under way out of the inbox, by the number of their append: of runs that are not there.
    std::unordered_map<std::uint64_t, std::vector<MessageId>> consuming_;
    std::uint64_t last_number_ = 0;
    std::size_t unanswered_ = 0;  // appends that were handed over
    std::size_t uncommitted_ = 0;  // events that were handed over and are not durable
    bool retiring_ = false;
};

}  // namespace resolute
