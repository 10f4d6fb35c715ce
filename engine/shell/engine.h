// The engine of one process: joins the members of a database, owns shards, moves their runs.
//
// Thread-safe. When another process declares this one dead, everything in memory is dropped and the
// engine joins again as a new member.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "engine/event_store.h"
#include "engine/live_run.h"
#include "engine/shell/definitions.h"
#include "engine/shell/keeper.h"

namespace resolute::shell {

class Incarnation;

// One for every two cores, 4 at most: where the server shares the cores, a second one makes batches
// half as large, and each batch has its price (docs/performance.md).
int usual_committers();

struct EngineOptions {
    std::string name = "resolute";  // of the process, for operators
    int committers = usual_committers();  // connections that write
    Keeper::Options keeper;
    // The definition in force by this name, and version unless that is "": what a step starts as a
    // run of its own. Throws with a plain sentence when there is none.
    std::function<WorkflowRef(std::string const& name, std::string const& version)> resolve =
        nullptr;
    // Sees each append before it is committed, with its run after it, and may add to it. On the
    // engine's own thread: it must be quick, and must not throw.
    std::function<void(Run const&, Append&)> watch = nullptr;
};

// How the engine reaches its database. `store(member, writer)` opens the connection of one
// committer; a writer of -1 only reads. All of it is called from the engine's own threads.
struct Database {
    std::function<std::unique_ptr<EventStore>(MemberId, int writer)> store;
    std::unique_ptr<Membership> membership;
    std::function<void(Message const&)> post;  // into the inbox of a run that another member owns
};

class Engine {
  public:
    Engine(EngineOptions options, Database database, Handlers handlers,
           DefinitionCache::Source definitions, Clock const& clock);
    ~Engine();

    // returns when this process owns shards or the database cannot be reached: throws
    // StoreUnavailable
    void start();
    void stop();  // commits what is under way, then gives its shards back

    // A run id in a shard that this process owns, so that starting it needs no hand-over.
    RunId mint_run_id();
    // `done` is called once what was asked is durable, from any thread. Throws when the workflow
    // cannot be loaded.
    void submit(Message message, std::function<void(Reply)> done);
    Reply submit_and_wait(Message message);

    void poke();  // something was posted from outside: look now
    void members_changed();  // another process came, went or released shards: look now
    // Called after each commit with what changed, on a committer's thread; must be quick.
    void on_commit(std::function<void(std::vector<Append> const&)> listener);

    MemberId member() const;
    std::vector<int> owned_shards() const;

  private:
    friend class Incarnation;
    void supervise();
    std::shared_ptr<Incarnation> current() const;

    EngineOptions options_;
    Database database_;
    Handlers handlers_;
    DefinitionCache definitions_;
    Clock const& clock_;
    std::function<void(std::vector<Append> const&)> listener_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::shared_ptr<Incarnation> incarnation_;  // guarded by mutex_
    bool fenced_ = false;  // guarded by mutex_
    bool stopping_ = false;  // guarded by mutex_
    std::thread supervisor_;
    std::atomic<std::uint64_t> minted_ = 0;
};

}  // namespace resolute::shell
