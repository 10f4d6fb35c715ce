// A named line at which a test makes this process die, stop, or lose its database.
//
//   RESOLUTE_FAILPOINT=commit.answered:kill       SIGKILL to itself when the line is reached
//   RESOLUTE_FAILPOINT=lease.renewed:stop:3       SIGSTOP to itself, the third time
//   RESOLUTE_FAILPOINT=commit.sending:cut         the connection that the line is about is lost
//
// Only files that CMake compiles with RESOLUTE_FAILPOINTS have any; elsewhere, and in the release
// preset, nothing is left of them. Thread-safe. Names are those of failpoint_names.h.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "base/failpoint_names.h"

namespace resolute::failpoint {

// "name:action[:hit]"; throws std::invalid_argument for what cannot be meant. Call it before any
// other thread runs.
void arm(std::string_view plan);

// Says so on standard error and acts when this point is armed and it is its turn. True: cut.
bool reached(std::string_view name);

consteval std::string_view known(std::string_view name) {
    if (std::ranges::find(names, name) == std::ranges::end(names))
        throw std::invalid_argument("not in failpoint_names.h");
    return name;
}

}  // namespace resolute::failpoint

#ifdef RESOLUTE_FAILPOINTS
// Kill and stop.
#define RESOLUTE_FAILPOINT(name) \
    static_cast<void>(::resolute::failpoint::reached(::resolute::failpoint::known(name)))
// Kill, stop, and `cut`: a statement.
#define RESOLUTE_CUTPOINT(name, cut) \
    if (::resolute::failpoint::reached(::resolute::failpoint::known(name))) cut
#else
#define RESOLUTE_FAILPOINT(name) static_cast<void>(0)
#define RESOLUTE_CUTPOINT(name, cut) static_cast<void>(0)
#endif
