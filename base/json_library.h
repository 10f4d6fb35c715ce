// nlohmann::json as this program compiles it: with its assertions, but for one.
//
// The one checks after every construction, move and copy that the value is whole; several hundred
// times in a step of a run, it was a tenth of the engine's work. Include base/json.h instead.
#pragma once

#include <cassert>

#define JSON_ASSERT(condition) \
    (__builtin_strcmp(__func__, "assert_invariant") == 0 ? void(0) : assert(condition))

#include <nlohmann/json.hpp>
