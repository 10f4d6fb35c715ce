// Thrown when a history says what cannot have happened: that run is set aside, its shard goes on.
#pragma once

#include <stdexcept>

namespace resolute {

struct CorruptHistory : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace resolute
