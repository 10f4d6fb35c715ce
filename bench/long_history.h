// The stored history of one long run: a loop whose every turn calls a read and completes.
#pragma once

#include <vector>

#include "engine/codec.h"

namespace resolute::bench {

struct LongHistory {
    RunId run;
    std::vector<EncodedEvent> events;
};
LongHistory long_history(std::size_t events);

}  // namespace resolute::bench
