// One life of a process, from joining the members until it leaves, dies or is fenced: the engine's
// shards in the place of threads and sockets.
//
// It does what the shell does, in virtual time: looks at the store, feeds shards, commits in groups
// through several writers, sends when its lease is good by its own clock. Shared ownership, because
// answers may come after its end; they are dropped.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/shell/recovery.h"
#include "tests/simulation/ground.h"

namespace resolute::simulation {

// A clock that is not quite right: it was set wrongly and runs too fast or too slow.
struct OwnClock {
    Duration ahead{};
    int drift_ppm = 0;
    Timestamp epoch;

    Timestamp read(Timestamp now) const {
        return now + ahead + Duration((now - epoch).count() * drift_ppm / 1'000'000);
    }
};

class Life : public std::enable_shared_from_this<Life> {
  public:
    enum class End { killed, left, fenced };

    Life(Ground& ground, std::string name, OwnClock const& clock, std::function<void(End)> on_end);

    void begin();  // once, after it is owned
    void kill();
    void pause(Duration length);
    void leave();  // commits what is under way first

    bool is_over() const { return is_over_; }
    bool is_paused() const;
    bool is_leaving() const { return is_leaving_; }
    bool has_lease() const { return clock() < lease_until_; }
    Timestamp clock() const { return clock_.read(ground_.setting.now()); }
    std::vector<int> const& owned() const { return owned_; }
    std::string const& name() const { return name_; }
    MemberId member() const { return member_; }

    // As an API call to this process: the reply comes once it is durable, or never.
    void deliver(Message message, std::function<void(Reply const&)> done);
    void poke();  // something was posted: look now
    // What this process does later: not while it is paused, and not after its end.
    void later(Duration delay, std::function<void()> action);
    void feed(RunId run, ShardInput input);

  private:
    using Batch = std::shared_ptr<std::vector<CommitAppend> const>;
    struct Writer {
        std::unique_ptr<EventStore> store;
        std::deque<CommitAppend> queue;
        Batch under_way;
        std::deque<CommitAppend> stale;  // of the same batch, and never committed
    };

    void turn(std::function<void()> action);
    void look();
    void claim();
    void hand_over();
    void give_up(std::set<int> const& shards);
    void find_due();
    void find_messages();
    bool resolve(Message& message);
    void begin_recovery();
    void sweep();
    void note_trials();
    void set_aside(RunId run, std::string const& reason);
    bool owns(int shard) const;
    void flush_soon();
    void flush();
    void route(std::vector<ShardOutput>& outputs);
    void load(RunId run);
    void keep(Snapshot snapshot);
    void send(Dispatch dispatch);

    void commit(std::size_t writer);
    void call_stale(Writer& writer);
    void write(std::size_t writer, Batch const& batch);
    void settle(std::size_t writer, Batch const& batch, std::vector<AppendVerdict> verdicts);
    store::Fault commit_fault(std::size_t writer, std::vector<Append> const& batch);
    void arrive_late(std::size_t writer, std::vector<Append> batch);
    std::string told(std::string_view what, Append const& append) const;  // for the trace
    void check_batch(Batch const& batch, bool was_fenced);
    bool is_at_work(std::set<int> const& shards) const;
    void leave_when_drained();
    void end(End how);

    Ground& ground_;
    std::string name_;
    OwnClock clock_;
    std::function<void(End)> on_end_;
    MemberId member_;
    std::unique_ptr<EventStore> reader_;
    std::unique_ptr<Clock> recovery_clock_;
    std::unique_ptr<shell::Recovery> recovery_;
    std::set<int> unswept_;  // shards that came, and whose runs nobody works on yet
    std::size_t loading_ = 0;
    std::vector<Writer> writers_;
    std::map<int, std::unique_ptr<Shard>> shards_;
    std::vector<int> owned_;  // sorted
    std::set<int> handing_over_;  // still ours in the store, not worked on
    Timestamp handing_over_since_;
    std::set<int> dirty_;
    std::set<MessageId> delivered_;
    std::map<Ticket, std::function<void(Reply const&)>> tickets_;
    std::vector<Dispatch> held_;  // while the lease is in doubt
    Ticket last_ticket_ = 0;
    Timestamp lease_until_;  // by its own clock
    Timestamp paused_until_;  // by the world's
    int joins_seen_ = -1;
    bool flush_is_due_ = false;
    bool look_is_due_ = false;
    bool is_leaving_ = false;
    bool is_over_ = false;
};

}  // namespace resolute::simulation
