// What every process of a simulated world stands on: one database, one outside, the same
// definitions.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>

#include "engine/shard.h"
#include "engine/store/memory_database.h"
#include "tests/simulation/outside.h"
#include "tests/simulation/setting.h"

namespace resolute::simulation {

class Ground {
  public:
    explicit Ground(Setting& setting) : setting(setting) {}

    // Of what is committed, folded as it grows.
    Run const& fold_of(RunId run);
    bool is_fenced(MemberId member) const;
    // Whether folding this kills the process that does it.
    bool is_poison(Run const& run) const;
    // It is poison, and nobody will resume it.
    bool is_set_aside_for_good(RunId run);

    Setting& setting;
    store::MemoryDatabase database{[this] { return setting.now(); }};
    Outside outside;
    PolicyLog policies;
    SimulatedTools tools{policies};
    Handlers handlers{{"tool", &tools}};
    std::map<Digest, std::unique_ptr<Orchestrator const>> definitions;
    std::map<std::string, Digest> names;  // of workflows that other runs may start
    int joins = 0;                       // processes that joined so far
    struct Poison {
        Digest workflow;
        std::uint64_t sequence = 0;      // from this event on
    };
    std::optional<Poison> poison;
    std::set<RunId> aside_by_chance;     // an operator will release them
    std::map<RunId, int> ends_while_alone;  // of processes, while they tried this run alone

  private:
    std::map<RunId, Run> folds_;
};

}  // namespace resolute::simulation
