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

bool Ground::is_fenced(MemberId member) const {
    auto const found = database.tables.members.find(member);
    return found == database.tables.members.end() || found->second.fenced;
}

}  // namespace resolute::simulation
