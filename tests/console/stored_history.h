// Stored events that say what these facts say, a second apart.
#pragma once

#include "console/run_reading.h"
#include "engine/chain.h"

namespace resolute::testing {

// From sequence 1 on, with their chain.
inline std::vector<EncodedEvent> stored(RunId run, std::vector<Fact> const& facts, Timestamp at) {
    std::vector<EncodedEvent> events;
    auto head = chain_start(run);
    for (auto const& fact : facts) {
        EncodedEvent event{.sequence = events.size() + 1,
                           .at = at,
                           .kind = kind_number(fact),
                           .body = encode(fact),
                           .chain = {}};
        head = event.chain = chain_next(head, event, "00");
        events.push_back(std::move(event));
    }
    return events;
}

// What is read of a run whose history is these events, all of them.
inline console::RunReading reading_of(RunRow row, std::vector<EncodedEvent> events) {
    console::RunReading reading{.row = std::move(row),
                                .state = Run{},
                                .sequence = events.size(),
                                .updated_at = events.back().at,
                                .window = std::move(events)};
    reading.state->id = reading.row.run;
    reading.row.sequence = reading.sequence;
    for (auto const& event : reading.window) apply(*reading.state, decode(event));
    return reading;
}

}  // namespace resolute::testing
