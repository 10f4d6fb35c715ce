// A run as people look at it: its steps in order, what each did, and what it all added up to.
//
// Pure: made from what is stored alone. Throws CorruptHistory when an event cannot be read.
#pragma once

#include <functional>

#include "console/run_reading.h"

namespace resolute::console {

// What a node of a definition is: "call", "switch", "for", …; "" when the definition is not at
// hand.
using KindOfStep = std::function<std::string(WorkflowRef const& workflow, StepId const& step)>;

Json workflow_json(WorkflowRef const& workflow);
Json summary_json(RunRow const& row);                                // RunSummary of the API
Json event_json(EncodedEvent const& event);                          // Event of the API
// Run of the API; what cannot be read of its history is left out.
Json run_json(RunReading const& reading, KindOfStep const& kind_of);

}  // namespace resolute::console
