// Workflows that begin with a race: a competing fork, whose first branch to end wins.
#pragma once

#include "tests/workflow/driver.h"

namespace resolute::testing {

// `branches`: a line of YAML each; `after`: the steps that follow.
inline std::string race_of(std::vector<std::string> const& branches,
                           std::string const& after = {}) {
    std::string yaml = "  - race:\n      fork:\n        compete: true\n        branches:\n";
    for (auto const& branch : branches) yaml += "          - " + branch + "\n";
    return steps(yaml + after);
}

inline constexpr char tell_winner[] = "  - after: { set: { winner: '${ . }' } }\n";

}  // namespace resolute::testing
