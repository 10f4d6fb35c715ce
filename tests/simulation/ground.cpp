#include "tests/simulation/ground.h"

namespace resolute::simulation {

Run const& Ground::fold_of(RunId run) {
    auto& fold = folds_.try_emplace(run, Run{.id = run}).first->second;
    auto const found = database.tables.runs.find(run);
    if (found == database.tables.runs.end()) return fold;
    auto const& events = found->second.events;
    while (fold.sequence < events.size()) apply(fold, decode(events[fold.sequence]));
    return fold;
}

bool Ground::is_poison(Run const& run) const {
    return poison && run.started.workflow.digest == poison->workflow &&
           run.sequence >= poison->sequence && !run.is_closed();
}

bool Ground::is_set_aside_for_good(RunId run) {
    auto const found = database.tables.runs.find(run);
    return found != database.tables.runs.end() &&
           found->second.row.status == RunRow::Status::quarantined && is_poison(fold_of(run)) &&
           !aside_by_chance.contains(run);
}

bool Ground::is_fenced(MemberId member) const {
    auto const found = database.tables.members.find(member);
    return found == database.tables.members.end() || found->second.fenced;
}

}  // namespace resolute::simulation
