// A new run that begins with what another one has done: how much it may share, and what may be
// edited in it. The other run is not touched.
//
// Pure. Events keep their times and contents; steps that come after are new ones, with idempotency
// keys of the new run.
#pragma once

#include <map>
#include <vector>

#include "base/result.h"
#include "engine/message.h"

namespace resolute {

struct ForkWish {
    std::string at;  // the last event that is shared, or a step: by path or name, before it began
    std::string case_id;
    std::string by;
    std::map<std::string, Payload> outputs = {};  // by path or name of a step that is shared
};

// The start of the new run, still without a definition other than its origin's. `history` may end
// anywhere after the place. A place where something is under way cannot be shared: the diagnostic
// names the last one before that can.
Result<StartRun> plan_fork(RunId origin, std::vector<Event> const& history, ForkWish const& wish);

}  // namespace resolute
