// Checks of what steps do with many calls and runs: undoing, and runs over a list.
#include "engine/child.h"
#include "engine/mapping.h"
#include "tests/simulation/checks.h"

namespace resolute::simulation {
namespace {

template <class F>
F const* as(Event const& event) {
    return std::get_if<F>(&event.fact);
}

// "/do/1/sweep#17"
bool is_item(StepId const& step) {
    return step.path.find('#', step.path.rfind('/')) != std::string::npos;
}

}  // namespace

void check_undoing(Ground& ground, History const& history) {
    auto& setting = ground.setting;
    auto const check = Check::undone_in_reverse;
    std::vector<StepId> due;
    bool has_undone = false;
    bool stands = false;
    for (auto const& event : history.events) {
        if (auto const* plan = as<CompensationPlanned>(event)) due.push_back(plan->step);
        if (auto const* begun = as<ActivityProposed>(event); begun && is_undoing(begun->step))
            setting.require(!due.empty() && begun->step == undoing(due.back()), check,
                            "a call was to be undone before its turn");
        if (auto const* ended = as<CompensationEnded>(event)) {
            setting.require(!due.empty() && ended->step == due.back(), check,
                            "what was applied first was undone first");
            if (!due.empty()) due.pop_back();
            has_undone = true;
            stands = stands || ended->error;
        }
        if (as<RunCompleted>(event))
            setting.require(!has_undone, check, "a run that completed has undone something");
        if (as<RunFaulted>(event) || as<RunCancelled>(event))
            setting.require(due.empty(), check, "a run ended with effects that it did not undo");
        if (as<RunCancelled>(event))
            setting.require(!stands, check, "a run was cancelled, and an effect stands");
    }
}

void check_items(Ground& ground, History const& history) {
    auto& setting = ground.setting;
    auto const check = Check::one_run_per_item;
    std::map<StepId, MapStarted> maps;
    std::map<StepId, int> begun;
    std::map<StepId, std::set<RunId>> under_way;
    std::set<RunId> all;
    for (auto const& event : history.events) {
        if (auto const* map = as<MapStarted>(event)) {
            setting.require(map->parent == history.run, check, "a map belongs to another run");
            maps[map->step] = *map;
            begun[map->step] = 0;
        }
        if (auto const* items = as<MapItemsStarted>(event)) {
            auto& now = under_way[items->step];
            setting.require(items->first == begun[items->step], check, "an item was passed over");
            for (int i = items->first; i < items->first + items->count; ++i)
                now.insert(
                    child_run_id(maps[items->step].parent, item_step(items->step, i), event.at));
            all.insert(now.begin(), now.end());
            begun[items->step] += items->count;
            auto const& map = maps[items->step];
            setting.require(begun[items->step] <= map.count &&
                                now.size() <= static_cast<std::size_t>(map.concurrency),
                            check, "more runs were under way than may be");
        }
        if (auto const* ended = as<MapItemEnded>(event))
            setting.require(under_way[ended->step].erase(ended->run) == 1, check,
                            "an item ended that was not under way");
    }
    for (auto const& [run, stored] : ground.database.tables.runs) {
        auto const& parent = ground.fold_of(run).started.parent;
        if (!parent || parent->run != history.run || !is_item(parent->step)) continue;
        setting.require(all.contains(run), check, "a run belongs to no item");
    }
}

}  // namespace resolute::simulation
