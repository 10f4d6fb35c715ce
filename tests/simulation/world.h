// One simulated world: the real core, a store in memory, virtual time, and everything that can go
// wrong.
//
// A seed decides all: workflows, answers, losses, crashes, reviewers. The same seed gives the same
// histories.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "engine/shard.h"
#include "engine/store/memory_database.h"
#include "tests/engine/scripted_workflow.h"
#include "tests/simulation/outside.h"

namespace resolute::simulation {

struct Report {
    std::vector<std::string> breaches;   // of invariants; empty = the world is sound
    std::string digest;                  // of all histories
    std::map<std::string, int> faults;   // what was injected
    int runs = 0;
    int events = 0;
};

class World {
  public:
    explicit World(std::uint64_t seed);
    Report run();

  private:
    // One life of a process: its shards and nothing that survives it.
    struct Process {
        MemberId member;
        std::unique_ptr<EventStore> store;
        std::map<int, std::unique_ptr<Shard>> shards;
        std::vector<int> owned;
        bool alive = true;      // false: dead
        Timestamp free_at;      // its one committer takes batches in order
    };
    using Life = std::shared_ptr<Process>;

    void at(Duration delay, std::function<void()> action);
    bool chance(double probability) { return faults_on_ && random_->unit() < probability; }
    Duration some(Duration most) {
        return Duration(static_cast<Duration::rep>(
            random_->below(static_cast<std::uint64_t>(most.count()) + 1)));
    }
    void count(std::string const& fault) { ++report_.faults[fault]; }
    void breach(std::string what) { report_.breaches.push_back(std::move(what)); }

    void make_runs();
    void boot();
    void crash();
    // due runs and messages, as the keeper does
    void look(Life const& life);
    void post(Message message);
    void feed(Life const& life, RunId run, ShardInput input);
    void flush(Life const& life, Shard& shard);
    void route(Life const& life, std::vector<ShardOutput>& outputs);
    void commit(Life const& life, std::vector<CommitAppend> appends);
    void write(Life const& life, std::vector<CommitAppend> const& appends);
    store::Fault commit_fault();
    void perform(Life const& life, Dispatch dispatch);
    void verify(Life const& life, Dispatch dispatch);
    void load(Life const& life, RunId run);
    void keep(Life const& life, Snapshot snapshot);
    // reviewers, senders of signals, cancellers
    void people();
    void adopt();
    bool resolve(Life const& life, Message& message);
    // I1, at the moment when a write arrives outside
    bool was_started(Attempt const& attempt);
    void check_intent(Attempt const& attempt);
    void check_all();
    void check_history(RunId run, std::vector<EncodedEvent> const& events);
    void check_snapshot(RunId run, std::vector<EncodedEvent> const& events);
    bool all_closed();
    Run const& fold_of(RunId run);  // of what is committed, folded as it grows

    Timestamp now_{1'760'000'000'000'000};
    std::unique_ptr<Random> random_;
    store::MemoryDatabase database_{[this] { return now_; }};
    SimulatedTools tools_;
    Handlers handlers_{{"tool", &tools_}};
    Outside outside_;
    std::map<Digest, std::unique_ptr<testing::ScriptedWorkflow>> workflows_;
    Digest child_ = sha256("sim/child");
    std::vector<RunId> runs_;
    std::set<RunId> begun_;
    std::map<RunId, Run> folds_;
    std::map<RunId, Message> starts_;
    Life life_;
    bool faults_on_ = true;
    bool over_ = false;  // every run has ended
    Report report_;

    struct Action {
        Timestamp at;
        std::uint64_t order;
        std::function<void()> act;
    };
    struct Later {
        bool operator()(Action const& a, Action const& b) const {
            return std::tie(a.at, a.order) > std::tie(b.at, b.order);
        }
    };
    std::priority_queue<Action, std::vector<Action>, Later> agenda_;
    std::uint64_t order_ = 0;
};

}  // namespace resolute::simulation
