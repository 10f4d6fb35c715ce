// `run: shell` and `run: script` as calls of the built-in tools `run.shell`, `run.javascript` and
// `run.python` (tools/program_contracts.h).
//
// Internal to the loader.
#pragma once

#include "workflow/reading.h"

namespace resolute::workflow {

// `kind` is "shell" or "script", a member of `run` that is there.
Call read_program(Reading& reading, Fields& run, std::string const& kind);

}  // namespace resolute::workflow
