// Runs workflows that are coroutines: the engine's seam `Orchestrator` for code.
//
// One for each definition, shared by all its runs; thread-safe, as long as each run is worked on by
// one thread at a time. Coroutines of runs in memory are kept, as many as limits say; what is
// missing is replayed against the run's ledger. Throws CorruptHistory for a run that the code does
// not fit.
#pragma once

#include <list>
#include <mutex>

#include "base/limits.h"
#include "engine/orchestrator.h"
#include "workflow/sdk/code.h"

namespace resolute::sdk {

class Instance;

class Coroutines final : public Orchestrator {
  public:
    explicit Coroutines(std::shared_ptr<Code const> code,
                        std::size_t kept = limits::resident_coroutines);
    ~Coroutines() override;

    Commands decide(Run const& run, Event const& event) const override;
    Commands resume(Run const& run, Timestamp now) const override;
    void forget(RunId run) const override;

    std::size_t kept() const;  // coroutines

  private:
    struct Kept {
        std::unique_ptr<Instance> instance;
        std::list<RunId>::iterator age;
    };
    std::unique_ptr<Instance> take(RunId run) const;
    void keep(RunId run, std::unique_ptr<Instance> instance) const;
    std::unique_ptr<Instance> replayed(Run const& run) const;
    Commands begin_work(Run const& run) const;

    std::shared_ptr<Code const> code_;
    std::size_t most_;
    mutable std::mutex mutex_;
    mutable std::unordered_map<RunId, Kept> kept_;  // guarded by mutex_
    mutable std::list<RunId> ages_;  // guarded by mutex_; the one used last is at the end
};

}  // namespace resolute::sdk
