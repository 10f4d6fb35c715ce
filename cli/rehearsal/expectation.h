// Compares what came of a rehearsal with what the test expects.
#pragma once

#include "cli/rehearsal/rehearsal.h"

namespace resolute::cli::rehearsal {

// One sentence or small block for each difference; none: the test passed. Members of an expected
// object must be equal, others may be there; lists are equal item by item.
std::vector<std::string> differences(Expectation const& expected, Report const& report);

}  // namespace resolute::cli::rehearsal
