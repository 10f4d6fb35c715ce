// What a JSON Schema document must not contain before it is compiled: schemas come from strangers.
//
// Pure functions, used by json_schema.cpp alone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"

namespace resolute {

// Everything in the document that is too deep, too long or too large a pattern; empty when the
// schema may be compiled. It errs on the side of refusal: a default that contains the member
// "pattern" is held to the same limit as the keyword.
Diagnostics schema_problems(Json const& schema);

// The number of states that an ECMAScript regular expression has when its counted repeats ({2,5})
// are written out: an estimate from above, capped just over limits::schema_pattern_states.
std::size_t pattern_states(std::string_view pattern);

}  // namespace resolute
