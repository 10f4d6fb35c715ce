// A run as people look at it: its steps in order, what each did, and what it all added up to.
//
// Pure: made from the stored history alone. Throws CorruptHistory when the history cannot be read.
#pragma once

#include <functional>

#include "engine/event_store.h"
#include "engine/run.h"

namespace resolute::console {

// What a node of a definition is: "call", "switch", "for", …; "" when the definition is not at
// hand.
using KindOfStep = std::function<std::string(WorkflowRef const& workflow, StepId const& step)>;

Json workflow_json(WorkflowRef const& workflow);
Json summary_json(RunRow const& row);                                // RunSummary of the API
Json event_json(EncodedEvent const& event);                          // Event of the API
Json run_json(StoredRun const& stored, KindOfStep const& kind_of);   // Run of the API

}  // namespace resolute::console
