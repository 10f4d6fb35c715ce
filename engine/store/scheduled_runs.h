// The runs whose end a schedule must know, each with the message that starts it.
#pragma once

#include <utility>
#include <vector>

#include "engine/child.h"
#include "engine/schedule.h"

namespace resolute::store {

inline std::vector<std::pair<RunId, MessageId>> awaited_runs(ScheduleRow const& row) {
    std::vector<std::pair<RunId, MessageId>> runs;
    auto add = [&](ScheduledRun const& run) {
        runs.emplace_back(run.run, message_id_of(run.run, 0));
    };
    for (auto const& run : row.state.open) add(run);
    if (row.state.backfill && row.state.backfill->run) add(*row.state.backfill->run);
    return runs;
}

}  // namespace resolute::store
