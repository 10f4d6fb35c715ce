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
#include "engine/message.h"
#include "engine/shard.h"
#include "engine/shell/recovery.h"

namespace resolute::shell {

class Keeper {
  public:
    struct Options {
        Duration lease = std::chrono::seconds(10);
        Duration poll = std::chrono::milliseconds(500);
        Duration patience = std::chrono::seconds(5);  // with what is under way in a leaving shard
    };
    struct Callbacks {  // on the keeper's thread
        std::function<void(Duration lease_until)> renewed;       // by the monotonic clock
        // these take work from now on; what is missing since the last time is to be drained
        std::function<void(std::vector<int> const&)> owns;
        std::function<void(std::vector<std::pair<RunId, ShardInput>>)> found;
        // false: what is due stays in the store for the next look
        std::function<bool()> has_room;
        // will be due before the next look
        std::function<void(std::vector<std::pair<RunId, Timestamp>>)> expect;
        std::function<std::size_t()> loading;  // runs on their way into memory
        std::function<void(RunId, std::string)> quarantine;
        // a definition is needed; may throw
        std::function<void(Digest const&)> prepare;
        // The definition in force of a child's workflow; throws with a plain sentence.
        std::function<WorkflowRef(std::string const& name, std::string const& version)> resolve;
        std::function<void(Message const&)> post;  // into the inbox of a run; may throw
        std::function<void()> fenced;
    };

    Keeper(MemberId member, Membership& membership, std::unique_ptr<EventStore> store,
           Clock const& clock, Options options, Callbacks callbacks);
    ~Keeper();

    // thread-safe, all of them
    void poke();
    void members_changed();  // somebody came, went or released shards
    void drained(std::vector<int> const& shards);  // what `owns` left out is quiet now
    void forward(Message message, std::function<void(Reply)> done);  // to the inbox of its owner
    // These were handed over in vain: they are again when the store has them for us.
    void returned(std::vector<MessageId> messages);
    void give_all_away();  // returns when every shard was drained, at the latest after `patience`
    void stop();

  private:
    void loop();
    void look();
    void renew();
    void claim();
    void sweep();
    void give_away(std::vector<int> const& shards);
    void release_drained();
    void forward_messages();
    bool is_departing();
    Duration pause() const;
    void find_due();
    void find_messages();
    bool can_follow(Message& message);

    MemberId member_;
    Membership& membership_;
    std::unique_ptr<EventStore> store_;
    Clock const& clock_;
    Options options_;
    Callbacks callbacks_;
    std::vector<int> shards_;  // that take work
    std::set<int> unswept_;  // taken, and their running runs not found yet
    std::set<int> leaving_;  // still ours in the store, until they are drained
    Recovery recovery_;
    bool more_ = false;  // the store had more than one page
    std::set<MessageId> delivered_;        // handed over, not yet seen to be gone from the inbox
    Duration renewed_at_{};
    Duration claimed_at_{};

    std::mutex mutex_;
    std::condition_variable changed_;
    bool poked_ = false;     // guarded by mutex_
    bool members_changed_ = true;  // guarded by mutex_
    bool departing_ = false;  // guarded by mutex_
    bool departed_ = false;  // guarded by mutex_
    std::vector<int> drained_;  // guarded by mutex_
    struct Letter {
        Message message;
        std::function<void(Reply)> done;
    };
    std::vector<Letter> letters_;  // guarded by mutex_
    std::vector<MessageId> returned_;  // guarded by mutex_
    bool stopping_ = false;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace resolute::shell
