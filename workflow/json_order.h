// jq's total order over JSON values: null, false, true, numbers, strings, arrays, objects.
//
// Unlike jq, numbers are compared exactly: two integers beyond 2^53 never count as equal by
// rounding.
#pragma once

#include <compare>

#include "base/json.h"

namespace resolute::workflow {

std::weak_ordering compare_json(Json const& a, Json const& b);

}  // namespace resolute::workflow
