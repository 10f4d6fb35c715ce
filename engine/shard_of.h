// Which slice of the run space a run belongs to. Fixed for the life of a database.
#pragma once

#include "engine/ids.h"

namespace resolute {

inline constexpr int shard_count = 256;

// A run carries its shard in its last byte, so a member that mints a run id can choose a shard that
// it owns.
inline int shard_of(RunId run) { return run.value[15]; }
inline RunId with_shard(RunId run, int shard) {
    run.value[15] = static_cast<std::uint8_t>(shard);
    return run;
}

}  // namespace resolute
