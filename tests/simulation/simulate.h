// Runs one simulated world from its seed to its report.
//
// The same seed gives the same bytes, everywhere: workflows, answers, losses, crashes and people
// are all drawn from it. First everything goes wrong that can, then nothing does any more, and
// every run must come to its end. Thread-safe: worlds share nothing.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulation/report.h"

namespace resolute::simulation {

enum class Trace { off, on };

Report simulate(std::uint64_t seed, Trace trace = Trace::off);

}  // namespace resolute::simulation
