// The runs that one step starts over a list, as their parent sees them: how far it is, which are
// under way, and what the others came to.
//
// What is over is kept as text, in the order of its end: as much memory as the step's output will
// take, however many items there are. Each change costs the same for the first item and the last.
// Pure.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/fact.h"

namespace resolute {

struct Mapping {
    struct Outcome {
        int index = 0;
        std::uint64_t bytes = 0;  // of `outcomes`
    };

    std::string workflow;  // "namespace/name"
    std::string version;
    int count = 0;
    int concurrency = 1;
    int stop_after = 0;
    Payload items;
    RunId parent;
    int begun = 0;  // the first so many
    std::uint64_t place = 1;  // of the next one, in the text of the items
    int begun_before = 0;  // the same two before the latest items began
    std::uint64_t place_before = 1;
    std::map<RunId, int> under_way;  // their indexes
    int failed = 0;
    bool withdrawn = false;
    std::string outcomes;
    std::vector<Outcome> ended;
};

Mapping begin_mapping(MapStarted const& fact);
// Throw CorruptHistory when it cannot follow.
void apply(Mapping& mapping, MapItemsStarted const& fact, Timestamp at);
void apply(Mapping& mapping, MapItemEnded const& fact);

// How many items may begin now.
int places_free(Mapping const& mapping);
// Nothing is under way and nothing will begin.
bool is_over(Mapping const& mapping);

// The step as the run of this item knows it: "/do/1/sweep#17".
StepId item_step(StepId const& step, int index);
// Of the items that began last, at `at`: their indexes, identities and inputs.
struct ItemStart {
    int index = 0;
    RunId run;
    Payload input;
};
std::vector<ItemStart> latest_items(Mapping const& mapping, StepId const& step, Timestamp at);

// A list of {ok, output or error} in the order of the items, as JSON text.
std::string outcomes_of(Mapping const& mapping);

}  // namespace resolute
