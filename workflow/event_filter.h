// Whether an event is one that a `listen` or a `schedule` asks for.
#pragma once

#include "workflow/arguments.h"

namespace resolute::workflow {

// By its attributes, and by its correlation with `first`, the first event that was heard. The type
// is not looked at: whoever offers the event has done that. Leaves another `.` in the arguments.
// Throws Fault.
bool fits(EventFilter const& filter, Json const& event, Json const& first, Arguments& arguments);

}  // namespace resolute::workflow
