// Functions of `use.functions` that are steps: a call of one is a block of two steps, the arguments
// and the function itself, whose input they are.
//
// Internal to the loader.
#pragma once

#include "workflow/reading.h"

namespace resolute::workflow {

void read_function_call(Reading& reading, Fields& fields, Step& step, std::string const& name,
                        Node const& function);

// Finds its mistakes where it is written, whether or not anything calls it.
void check_step_function(Reading& reading, std::string const& name, Node const& function);

}  // namespace resolute::workflow
