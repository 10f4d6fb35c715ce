// `call: openapi`: a block of two steps. The first reads the document and finds the operation,
// whose request it puts out; the second makes that request, as `call: http` would, through the same
// gate.
//
// Internal to the loader. The request is a fact of the history, so a document that changes later
// changes no run.
#pragma once

#include "workflow/reading.h"

namespace resolute::workflow {

// Fills `step.what`; `with` is the map of the call.
void read_openapi(Reading& reading, Fields& with, Step& step);

}  // namespace resolute::workflow
