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

// Each step that `$tasks` names exports its output into `$context.__tasks`, and what read it reads
// that; a branch is exported by its `fork`. Where steps export themselves or the whole context is
// read, what the author keeps there moves to `$context.__context`, and is read from there.
//
// Refused, with their places: outputs that no `fork` puts out, such as of steps inside a branch and
// of branches that race; outputs that `$tasks` forgets and an export would keep (of a block that
// failed and was caught); `$tasks` read otherwise than by a name; an `export` with a `schema`.
Result<Portable> portable(Definition const& definition);

}  // namespace resolute::workflow
