// A run resumed from a snapshot is the run that its history makes, wherever the snapshot was taken.
#pragma once

#include "engine/snapshot.h"
#include "tests/catch.h"

namespace resolute::testing {

// Folds the history; at every prefix takes a snapshot, restores it, and folds the rest on top.
inline void check_snapshots_at_every_prefix(RunId id, std::vector<Event> const& history) {
    auto const whole = state_of(fold(id, history));
    Run run{.id = id};
    for (std::size_t length = 0; length < history.size(); ++length) {
        CAPTURE(length);
        auto resumed = restore(snapshot_of(run, {}), run.started.workflow.digest);
        REQUIRE(resumed);
        REQUIRE(state_of(*resumed) == state_of(run));
        for (auto i = length; i < history.size(); ++i) apply(*resumed, history[i]);
        REQUIRE(state_of(*resumed) == whole);
        apply(run, history[length]);
    }
}

}  // namespace resolute::testing
