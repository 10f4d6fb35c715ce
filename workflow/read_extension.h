// `use.extensions`: steps that stand before and after others.
//
// Internal to the loader. A step that is extended becomes a block of the steps before it, itself,
// and those after it. What the others put out is dropped again: the step gets the input that it
// would have had, and its output is the block's. `then: exit` before it leaves the block, and so
// replaces it. Extensions do not extend each other's steps.
#pragma once

#include "workflow/reading.h"

namespace resolute::workflow {

// Into reading.offers, with all mistakes in them.
void read_extensions(Reading& reading, Node const& node);

// Those that extend such a step.
std::vector<Extension> extensions_of(Reading const& reading, Node const& step);

// Reads the step into a block around it.
void read_extended(Reading& reading, Node const& node, Step& step,
                   std::vector<Extension> const& extensions);

}  // namespace resolute::workflow
