// The identities of the engine's things, each its own type.
#pragma once

#include <string>

#include "base/id.h"

namespace resolute {

using RunId = Id<struct RunTag>;
using ApprovalId = Id<struct ApprovalTag>;
using MessageId = Id<struct MessageTag>;
using MemberId = Id<struct MemberTag>;

// One node of a workflow at one occurrence, written as a path: "/do/0/pay", inside a loop's fourth
// turn "/do/1/each#3/do/0/pay", and the second time that a backward jump reaches it "/do/0/pay@1".
// Names are escaped so that '/', '#', '@' and '%' in them never read as structure. The root is "".
struct StepId {
    std::string path;

    auto operator<=>(StepId const&) const = default;
};

// The last segment's plain name: "pay" for "/do/1/each#3/do/0/pay@1".
std::string name_of(StepId const& step);
// The enclosing step at its occurrence: "/do/1/each" for "/do/1/each#3/do/0/pay"; "" for a top
// step.
StepId parent_of(StepId const& step);
// The node of the definition, without occurrences: "/do/1/each/do/0/pay".
std::string node_of(StepId const& step);
// True when `step` lies inside `ancestor` (any occurrence of its body) or is it.
bool is_within(StepId const& step, StepId const& ancestor);
// Where the effect of this step is undone.
StepId undoing(StepId const& step);
bool is_undoing(StepId const& step);
std::string escape_name(std::string_view name);

}  // namespace resolute
