// Brings back the runs that their dead owners left behind: a bounded number at a time, the oldest
// first, each named in the store before it is resumed.
//
// If this process dies too, what was named then comes back on probation: one run at a time, so that
// the one that brings processes down is found and set aside instead of taking everything with it.
// On the keeper's thread. Runs that are due or have messages are found by the keeper as ever, which
// asks `resume_now` first.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "base/clock.h"
#include "engine/event_store.h"
#include "engine/shard.h"

namespace resolute::shell {

class Recovery {
  public:
    struct Callbacks {
        std::function<void(std::vector<std::pair<RunId, ShardInput>>)> found;
        std::function<std::size_t()> loading;  // how many runs are being read right now
        std::function<void(RunId, std::string)> quarantine;
    };
    Recovery(EventStore& store, Clock const& clock, Callbacks callbacks);

    void took_over(std::vector<int> const& shards);
    void owns(std::vector<int> const& shards);  // all of them; what was given away is forgotten
    void step();

    // Of these runs, those that may be resumed now; while shards are being taken over they are
    // named first.
    std::set<RunId> resume_now(std::vector<RunId> const& runs);
    bool is_busy() const { return !shards_.empty() || !suspects_.empty() || trial_; }

  private:
    void resume_page();
    void try_next();
    void watch();

    EventStore& store_;
    Clock const& clock_;
    Callbacks callbacks_;
    std::vector<int> shards_;  // being taken over
    RunId after_;  // the last run that was resumed in them
    std::deque<Suspect> suspects_;  // to be tried alone
    std::set<RunId> held_;  // the same, by id
    struct Trial {
        RunId run;
        Duration until;
    };
    std::optional<Trial> trial_;
    bool has_markers_ = false;
    Duration watched_at_{};
};

}  // namespace resolute::shell
