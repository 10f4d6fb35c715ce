// Where two JSON values differ, for people: each place by its JSON pointer, with both values.
#pragma once

#include <string>

#include "base/json.h"

namespace resolute {

// "/arguments/amount: 1850 was recorded, 1900 is asked for; /reason: …". Empty for equal values;
// the first few places of many.
std::string differences(Json const& recorded, Json const& asked);

}  // namespace resolute
