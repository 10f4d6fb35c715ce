// Between a process and the outside: requests that are refused, lost, late or doubled on their way.
#pragma once

#include "tests/simulation/life.h"

namespace resolute::simulation {

// Performs one attempt on behalf of a process; its outcome comes back as an input to the run.
void send_outside(Ground& ground, Life& life, Attempt const& attempt);
// Asks the system of record what became of an attempt.
void ask_outside(Ground& ground, Life& life, Attempt const& attempt);

}  // namespace resolute::simulation
