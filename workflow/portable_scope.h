// Where what a step puts out can be exported, and whether that says the same as `$tasks` does.
//
// Pure; thread-safe.
#pragma once

#include <optional>
#include <string>

#include "workflow/tree.h"

namespace resolute::workflow {

// The step that exports: the one that is meant, or the `fork` around it, in whose output it has a
// place.
struct Origin {
    Step const* exporter = nullptr;
    std::string path;  // in its output, such as "[0][1]"; "": all of it
    bool is_conditional = false;  // a branch that is passed over has the place all the same
};

// Nothing when it is inside a branch, or in a race: then its output is nowhere in the fork's.
std::optional<Origin> origin_of(Step const& step);

// Whether it can complete more than once in a run.
bool is_repeated(Step const& step);

// Whether a `try` goes on after the block around the step has failed: `$tasks` forgets what was put
// out in there, and an export stays.
bool is_forgotten(Step const& step);

// Whether what stands at this pointer is only ever looked at after the step has completed, in the
// same pass through their list.
bool comes_before(Step const& step, std::string const& pointer);

// Whether some `end` leaves the workflow from inside a block.
bool ends_inside(Definition const& definition);

}  // namespace resolute::workflow
