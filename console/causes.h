// Why a run is where it is: what it waits for and what keeps it from moving, each with a stable
// code (console/cause_codes.h) and, where somebody can do something, what.
//
// Pure.
#pragma once

#include "console/run_reading.h"

namespace resolute::console {

// Who owns the run's shard; none: nobody does.
struct ShardOwner {
    std::string name;
    Timestamp expires_at;  // of its lease
    bool fenced = false;
};

struct Cause {
    std::string code;
    std::string sentence;
    StepId step;                     // "" = of the run as a whole
    std::optional<Timestamp> until;  // when it ends by itself
    std::string remedy;              // "" = wait
};

// What keeps it comes before what it waits for. Empty for a run that is over, and for one that is
// being worked on right now.
std::vector<Cause> causes_of(RunReading const& reading, std::optional<ShardOwner> const& owner,
                             Timestamp now);
Json causes_json(std::vector<Cause> const& causes);

}  // namespace resolute::console
