#include "cli/against.h"

#include "base/limits.h"
#include "engine/codec.h"

namespace resolute::cli {

Checked check(store::ReadModel& reads, RunRow const& run, Orchestrator const& workflow) {
    Comparison comparison(workflow, run.run);
    Checked checked;
    while (!checked.first) {
        auto const page = reads.history(run.run, checked.sequence, limits::list_page);
        if (page.empty()) break;
        for (auto const& event : page) {
            checked.sequence = event.sequence;
            checked.first = comparison.follow(decode(event));
            if (checked.first) break;
        }
    }
    // Of a run that moves, what it asks for next may be on its way.
    if (!checked.first && run.status == RunRow::Status::waiting)
        checked.first = comparison.missing();
    checked.compared = comparison.compared();
    workflow.forget(run.run);
    return checked;
}

Json to_json(std::optional<Difference> const& difference) {
    if (!difference) return nullptr;
    return {{"sequence", difference->sequence},
            {"step", difference->step.path},
            {"sentence", difference->sentence}};
}

}  // namespace resolute::cli
