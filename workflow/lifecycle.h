// Lifecycle events of the standard, `io.serverlessworkflow.workflow.*` and `task.*`: what whoever
// listens for them is told of other runs.
//
// Pure. Only events of the types that somebody listens for are made, in the append that they tell
// of, so that none is lost and none is made twice. Runs of workflows that listen for them are not
// told of: they would hear themselves.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "engine/append.h"
#include "engine/run.h"
#include "workflow/tree.h"

namespace resolute::workflow {

// Every type of lifecycle event there is.
std::set<std::string> const& all_lifecycle_types();

// The lifecycle events that a workflow listens for, or is started by; types written as expressions
// are not seen.
std::set<std::string> lifecycle_types(Definition const& definition);

// Who listens, and for what.
struct Audience {
    std::set<std::string> types;
    std::set<std::string> listeners;  // workflows by name

    void add(Definition const& definition);
};

// What a step is ("set", "call", …), "" when that is not known.
using KindOfStep = std::function<std::string(WorkflowRef const&, StepId const&)>;

// Adds what the append's events tell of; `run` is as it is after them.
void tell(Audience const& audience, KindOfStep const& kind_of, Run const& run, Append& append);

}  // namespace resolute::workflow
