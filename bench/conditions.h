// What a condition costs: expressions as workflows write them, on a state of 1 KB.
#pragma once

#include "bench/report.h"

namespace resolute::bench {

inline constexpr char conditions_name[] = "conditions";

// Adds the p50 and p99 of each, evaluated so many times. Throws when one does not hold.
void measure_conditions(Report& report, int times);

}  // namespace resolute::bench
