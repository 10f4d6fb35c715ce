// Many worlds, on several threads: what was tried in all of them, and which seeds failed.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "tests/simulation/simulate.h"

namespace resolute::simulation {

struct Failure {
    std::uint64_t seed = 0;
    std::vector<Breach> breaches;
};

struct Campaign {
    std::uint64_t from = 1;
    std::uint64_t seeds = 1;
    int threads = 1;
    // Every so many worlds run twice: the same seed must give the same bytes.
    std::uint64_t repeat_every = 50;
};

struct Findings {
    Report total;                          // counts of all worlds
    std::vector<Failure> failures;         // by seed
    std::vector<Fault> never_struck;       // looked at only when there were worlds enough
    std::vector<Check> never_looked;
    std::uint64_t repeated = 0;
    double seconds = 0;

    bool is_clean() const {
        return failures.empty() && never_struck.empty() && never_looked.empty();
    }
};

// From so many seeds on, a fault that never struck or a check that never looked is a failure.
inline constexpr std::uint64_t seeds_that_see_all = 1000;

// `progress` is called now and then with the number of worlds that are done, from any thread.
Findings run(Campaign const& campaign, std::function<void(std::uint64_t done)> const& progress);

}  // namespace resolute::simulation
