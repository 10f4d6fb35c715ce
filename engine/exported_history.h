// A history as text, one event a line: what `resolute history RUN --json` prints and tests keep.
//
// Each line is a map with `sequence`, `at`, `kind` and `body`; other members are for people. Pure.
#pragma once

#include <vector>

#include "base/result.h"
#include "engine/fact.h"

namespace resolute {

// Everything that is wrong, with its line.
Result<std::vector<Event>> read_exported(std::string_view lines, std::string const& file = {});

std::string exported(Event const& event);  // without the end of the line

}  // namespace resolute
