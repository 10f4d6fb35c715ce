// Durations as workflows write them: `PT5S`, or `{ minutes: 1, seconds: 30 }` in whole numbers.
#pragma once

#include "base/clock.h"
#include "base/json.h"

namespace resolute::workflow {

// Refuses months and years, negative durations and those beyond limits::longest_wait_days.
Result<Duration> duration_from(Json const& value);

}  // namespace resolute::workflow
