// The one thread on which shards live: inputs come from anywhere, outputs go to committers,
// handlers and timers.
//
// `post` is thread-safe. Everything else happens on the loop's own thread. Shared ownership,
// because answers of effects may come after an incarnation of the engine is gone; they are dropped
// then.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "engine/shard.h"

namespace resolute::shell {

// Where the loop's outputs go. Called on the loop's thread; must not block.
struct Sinks {
    std::function<void(std::vector<CommitAppend>)> commit;
    // May add to what is committed with the run's events, such as events for others; none: nobody.
    std::function<void(Run const&, Append&)> watch;
    std::function<void(RunId)> load;
    std::function<void(RunId, std::string)> quarantine;
    // Messages of the inbox that are to come again, once the store hands them out again.
    std::function<void(std::vector<MessageId>)> returned;
    std::function<void(Snapshot)> keep;
    // A message for a shard that is not ours (any more): into the inbox of whoever owns it.
    std::function<void(Message, std::function<void(Reply)>)> forward;
    // Nothing of these is under way here any more: they can be released.
    std::function<void(std::vector<int> const&)> drained;
    std::shared_ptr<Lease const> lease;  // what keeps a zombie from sending
    Duration patience;  // with what is under way in a shard that goes elsewhere
};

class CoreLoop : public std::enable_shared_from_this<CoreLoop> {
  public:
    CoreLoop(Clock const& clock, Definitions definitions, Handlers const& handlers, Sinks sinks);
    ~CoreLoop();

    void start();
    void stop();  // waits for the thread; unanswered tickets are refused

    void post(RunId run, ShardInput input);
    void post(std::vector<std::pair<RunId, ShardInput>> inputs);
    void deliver(Message message, std::function<void(Reply)> done);
    // From now on these take work, and no others. What was owned before takes no new work, finishes
    // what is under way, and is reported as drained.
    void own(std::vector<int> shards);
    void lease_renewed();  // sends what was held back
    void expect(std::vector<std::pair<RunId, Timestamp>> due);  // runs that will be due soon
    std::size_t backlog() const { return backlog_.load(std::memory_order_relaxed); }
    std::size_t resident_runs() const { return resident_.load(std::memory_order_relaxed); }

  private:
    struct Posted {
        RunId run;
        ShardInput input;
        std::function<void(Reply)> done;
    };

    void enqueue(std::vector<Posted> posted);
    void change_owned(std::vector<int> const& shards);
    void retire(std::vector<int> const& shards);
    void give_up(std::vector<int> const& shards);
    void report_drained();
    void turn_away(Posted posted);
    void pump();
    std::size_t feed_local();
    void count_resident();
    void feed(Posted posted);
    void flush();
    void hand_over();
    void watch(Append& append);
    void route(std::vector<ShardOutput>& outputs);
    void perform(Dispatch&& dispatch);
    void set_timer(RunId run, Timestamp at);
    void arm();
    void fire();
    Shard& shard(int number);

    Clock const& clock_;
    Definitions definitions_;
    Handlers const& handlers_;
    Sinks sinks_;
    std::unique_ptr<Random> random_;

    boost::asio::io_context context_;
    boost::asio::steady_timer timer_;
    std::thread thread_;

    std::mutex mutex_;
    std::vector<Posted> inbox_;  // guarded by mutex_
    std::vector<std::vector<int>> changes_;  // of what is owned, in order; guarded by mutex_
    bool stopped_ = false;  // guarded by mutex_
    std::atomic<std::size_t> backlog_ = 0;
    std::atomic<std::size_t> resident_ = 0;

    std::map<int, std::unique_ptr<Shard>> shards_;
    std::set<int> owned_;
    std::set<int> leaving_;  // not owned any more, and not drained yet
    std::set<int> dirty_;
    std::vector<Posted> local_;  // answers that came while their effect was being started
    std::multimap<Timestamp, RunId> timers_;
    std::unordered_map<Ticket, std::function<void(Reply)>> tickets_;
    std::vector<Dispatch> held_;  // while the lease is in doubt
    std::vector<CommitAppend> staged_;
    std::vector<ShardOutput> outputs_;  // room that is used again
    Ticket last_ticket_ = 0;
};

}  // namespace resolute::shell
