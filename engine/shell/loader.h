// Brings parked runs back into memory: reads their snapshots and histories, many at a time, checks
// the chain and folds. Off the core's thread. Also keeps snapshots, when nothing else is to be
// done.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "engine/event_store.h"
#include "engine/shard.h"

namespace resolute::shell {

// Whether the store may have events after these, of which so many were asked for: what is read at a
// time is bounded by bytes too (limits::load_bytes).
bool may_have_more(std::vector<EncodedEvent> const& events, std::size_t wanted);

// The fold that the snapshot stands for, when the history says that it is one of its own.
std::optional<Run> restored(StoredRun const& stored);

// The input that a stored run makes; LoadFailed when there is none or its history cannot be true.
// `stored` is what `resume` gave; a snapshot that does not fit is ignored, and what is missing is
// read from the store. Throws StoreUnavailable.
ShardInput fold_stored(EventStore& store, RunId run, std::optional<StoredRun> stored);

class Loader {
  public:
    // `prepare` makes the definition of a digest available, or throws; called on the loader's
    // thread.
    Loader(std::unique_ptr<EventStore> store, Clock const& clock,
           std::function<void(Digest const&)> prepare,
           std::function<void(RunId, ShardInput)> loaded);
    ~Loader();

    void load(RunId run);  // thread-safe
    void quarantine(RunId run, std::string reason);  // thread-safe
    void keep(Snapshot snapshot);  // thread-safe; may be dropped
    std::size_t waiting() const;  // thread-safe: runs that are to be loaded
    void stop();

  private:
    struct Aside {
        RunId run;
        std::string reason;
    };
    struct Work {
        std::vector<RunId> runs;
        std::vector<Aside> aside;
        std::vector<Snapshot> snapshots;
    };
    void loop();
    bool take(Work& work);  // false: stopping
    void perform(Work& work);
    void load_all(std::vector<RunId> const& runs);
    void hand_over(RunId run, std::optional<StoredRun> stored);

    std::unique_ptr<EventStore> store_;
    Clock const& clock_;
    std::function<void(Digest const&)> prepare_;
    std::function<void(RunId, ShardInput)> loaded_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<RunId> runs_;  // guarded by mutex_
    std::size_t loading_ = 0;  // guarded by mutex_: taken from it, not handed over yet
    std::deque<Aside> aside_;  // guarded by mutex_
    std::map<RunId, Snapshot> snapshots_;  // guarded by mutex_
    bool stopping_ = false;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace resolute::shell
