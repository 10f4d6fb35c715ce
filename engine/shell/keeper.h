// Keeps this member alive and its shards moving: renews the lease, claims shards, finds due runs
// and messages.
//
// One thread with its own connection. `poke` makes it look at the store at once; otherwise it polls
// slowly.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "engine/event_store.h"
#include "engine/shard.h"

namespace resolute::shell {

class Keeper {
  public:
    struct Options {
        Duration lease = std::chrono::seconds(10);
        Duration poll = std::chrono::milliseconds(500);
    };
    struct Callbacks {  // on the keeper's thread
        std::function<void(Duration lease_until)> renewed;       // by the monotonic clock
        std::function<void(std::vector<int> const&)> owns;       // the set changed
        std::function<void(std::vector<std::pair<RunId, ShardInput>>)> found;
        // a definition is needed; may throw
        std::function<void(Digest const&)> prepare;
        std::function<void()> fenced;
    };

    Keeper(MemberId member, Membership& membership, std::unique_ptr<EventStore> store,
           Clock const& clock, Options options, Callbacks callbacks);
    ~Keeper();

    void poke();  // thread-safe
    void stop();

  private:
    void loop();
    void look();
    void renew();
    void claim();
    void find_due(std::vector<int> const& shards, EventStore::Scope scope);
    void find_messages();

    MemberId member_;
    Membership& membership_;
    std::unique_ptr<EventStore> store_;
    Clock const& clock_;
    Options options_;
    Callbacks callbacks_;
    std::vector<int> shards_;
    std::set<MessageId> delivered_;        // handed over, not yet seen to be gone from the inbox
    Duration renewed_at_{};
    Duration claimed_at_{};

    std::mutex mutex_;
    std::condition_variable changed_;
    bool poked_ = false;     // guarded by mutex_
    bool stopping_ = false;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace resolute::shell
