// Brings parked runs back into memory: reads their history, checks its chain, folds it. Off the
// core's thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "engine/event_store.h"
#include "engine/shard.h"

namespace resolute::shell {

// The input that a stored run makes; LoadFailed when there is none or its history cannot be true.
ShardInput fold_stored(RunId run, std::optional<StoredRun> const& stored);

class Loader {
  public:
    // `prepare` makes the definition of a digest available, or throws; called on the loader's
    // thread.
    Loader(std::unique_ptr<EventStore> store, Clock const& clock,
           std::function<void(Digest const&)> prepare,
           std::function<void(RunId, ShardInput)> loaded);
    ~Loader();

    void load(RunId run);                              // thread-safe
    void quarantine(RunId run, std::string reason);    // thread-safe
    void stop();

  private:
    struct Job { RunId run; std::optional<std::string> quarantine; };
    void loop();
    void perform(Job const& job);

    std::unique_ptr<EventStore> store_;
    Clock const& clock_;
    std::function<void(Digest const&)> prepare_;
    std::function<void(RunId, ShardInput)> loaded_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> queue_;    // guarded by mutex_
    bool stopping_ = false;    // guarded by mutex_
    std::thread thread_;
};

}  // namespace resolute::shell
