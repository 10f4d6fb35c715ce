// What must be true of every world, whatever went wrong in it: DESIGN's invariants, one named
// function each.
//
// They read what was committed and what really happened outside, nothing that the engine computed
// for itself.
#pragma once

#include "tests/simulation/ground.h"

namespace resolute::simulation {

// The history of one run, decoded.
struct History {
    RunId run;
    std::vector<EncodedEvent> encoded;
    std::vector<Event> events;
    Run fold;
};

// I1, at the moment when a write leaves a process.
void check_intent(Ground& ground, Attempt const& attempt);

// Decodes and folds; a breach of I10, and nothing, when it cannot be.
std::optional<History> check_chain(Ground& ground, RunId run);
// I8: between an unknown outcome and the next attempt stands a verdict.
void check_retries(Ground& ground, History const& history);
// I3 to I6, at every intent that used an approval or should have.
void check_approvals(Ground& ground, History const& history);
// I2 and I14: what the history says of each key, and what the system of record says.
void check_effects(Ground& ground, History const& history);
void check_keys(Ground& ground);
// I9: the run's row, its approvals and its unresolved attempts say what the history says.
void check_rows(Ground& ground, History const& history);
// I13: every row of a run carries the tenant of the run.
void check_tenant(Ground& ground, History const& history);
// Resumed from a snapshot of any of its prefixes, a run is the same as folded from the start.
void check_snapshot(Ground& ground, History const& history);
// A signal or a decision that was sent once counts once.
void check_messages(Ground& ground, History const& history);
// A run that faults or is cancelled has undone, or said that it could not, the last first; one that
// completes has undone nothing.
void check_undoing(Ground& ground, History const& history);
// Of a map: each item begins once and has one run, and there are never more than may be.
void check_items(Ground& ground, History const& history);
// An event goes to one step, which hears it once or gives it back.
void check_events(Ground& ground);
void check_places(Ground& ground);
// Whatever was sent to a run leaves the inbox.
void check_inbox(Ground& ground);
// I18 and liveness: when nothing goes wrong any more, every run comes to its end.
void check_end(Ground& ground, History const& history);

}  // namespace resolute::simulation
