// A run's whole state as bytes, so that a long history need not be folded again from its start.
//
// A cache, never the truth: it is taken only of what is committed, it names the sequence and the
// chain it belongs to, and whoever cannot read it folds the history. The front end's state is in
// the frames, so the definition that wrote it is named too. Pure.
#pragma once

#include <optional>
#include <string>

#include "engine/run.h"

namespace resolute {

// Of the bytes in `state` AND of what folding means: to be raised when either changes.
inline constexpr int snapshot_format = 11;

struct Snapshot {
    RunId run;
    std::string tenant;
    std::uint64_t sequence = 0;  // of the last event that is in it
    Digest head;                 // chain of that event
    Digest definition;           // that the run is pinned to
    int format = snapshot_format;
    std::string state;
    Timestamp at;
};

Snapshot snapshot_of(Run const& run, Timestamp at);

// None when it is of another format or definition, cut short, or not what its columns say.
std::optional<Run> restore(Snapshot const& snapshot, Digest const& definition);

// Every member of the run in a fixed order: equal runs have equal bytes.
std::string state_of(Run const& run);

}  // namespace resolute
