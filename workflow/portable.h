// A workflow as other runtimes of the standard can read it: `$tasks.NAME` becomes what steps
// export.
//
// Pure; thread-safe.
#pragma once

#include <string>

#include "workflow/tree.h"

namespace resolute::workflow {

struct Portable {
    std::string text;  // of the whole document; comments and layout are kept
    Diagnostics notes;  // warnings: what another runtime needs besides
};

// Each step that `$tasks` names exports its output into `$context.tasks`, and what read it reads
// that. Refused, with their places: `$tasks` of a step inside a fork, where nothing may export;
// `$tasks` that is read otherwise than by a name; steps that export themselves, because each export
// replaces the context.
Result<Portable> portable(Definition const& definition);

}  // namespace resolute::workflow
