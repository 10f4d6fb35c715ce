// Group commit: one thread, one connection, and whatever is queued goes in one batch. No timer.
//
// Nothing is acknowledged before it is durable. While the store is away the same batch is tried
// again; when this member is fenced the committer stops and says so, and everything queued is void.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/event_store.h"
#include "engine/shard.h"

namespace resolute::shell {

class Committer {
  public:
    struct Callbacks {  // on the committer's thread
        std::function<void(std::vector<std::pair<RunId, ShardInput>>)> settled;
        std::function<void(std::vector<Append> const&)> committed;  // for those who watch
        std::function<void()> fenced;
    };

    Committer(std::unique_ptr<EventStore> store, Callbacks callbacks);
    ~Committer();

    void enqueue(std::vector<CommitAppend> appends);  // thread-safe
    void stop(bool drain);  // waits for the thread

    // What waits or is being committed. Never refused here: it has been decided already.
    struct Backlog {
        std::size_t appends = 0;
        std::size_t bytes = 0;
    };
    Backlog backlog() const { return {appends_.load(), bytes_.load()}; }

  private:
    struct Batch {
        std::vector<Append> appends;
        std::vector<std::uint64_t> numbers;  // of each append
    };

    void loop();
    Batch take();
    bool commit(Batch batch);  // false: fenced or stopped

    std::unique_ptr<EventStore> store_;
    Callbacks callbacks_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<CommitAppend> queue_;  // guarded by mutex_
    std::atomic<std::size_t> appends_ = 0;
    std::atomic<std::size_t> bytes_ = 0;
    bool stopping_ = false;  // guarded by mutex_
    bool draining_ = false;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace resolute::shell
