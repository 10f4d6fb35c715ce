// What nearly every file includes, parsed once (RESOLUTE_PRECOMPILE).
//
// No file may rely on it: the GCC preset compiles without, so a missing include is an error there.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/json_library.h"
