// The part of the Recorder that starts runs over a list: never more than may be under way, and the
// next when one is over.
#include "base/error_codes.h"
#include "base/limits.h"
#include "engine/recorder.h"

namespace resolute {

void Recorder::start_map(StartMap const& command) {
    if (is_nested_too_deep()) return fail(command.step, nested_too_deep());
    record(MapStarted{command.step, command.workflow, command.version,
                      static_cast<int>(command.items.json().size()), command.concurrency,
                      command.stop_after, Payload::from_text(command.items.text()), run_.id});
}

// As many as there is room for; none while the run is paused, or on its way to an end.
void Recorder::begin_items(StepId const& step) {
    auto const found = run_.mappings.find(step);
    bool const holds = run_.is_stopping() || run_.pause || is_ending(run_, step);
    if (found == run_.mappings.end() || holds) return;
    auto const places = places_free(found->second);
    if (places > 0) record(MapItemsStarted{step, found->second.begun, places});
}

void Recorder::begin_items_everywhere() {
    std::vector<StepId> steps;
    for (auto const& [step, mapping] : run_.mappings) steps.push_back(step);
    for (auto const& step : steps) begin_items(step);
}

// False when no run of this identity is under way for an item.
bool Recorder::item_ended(EndChild const& message) {
    for (auto const& [step, mapping] : run_.mappings) {
        auto const found = mapping.under_way.find(message.child);
        if (found == mapping.under_way.end()) continue;
        record(MapItemEnded{step, found->second, message.child, message.how, message.output,
                            message.error});
        return true;
    }
    return false;
}

// The workflow hears of the end of the last one only.
bool Recorder::follow_map(Fact const& fact) {
    if (auto const* started = std::get_if<MapStarted>(&fact)) {
        begin_items(started->step);
        return true;
    }
    auto const* ended = std::get_if<MapItemEnded>(&fact);
    if (!ended) return false;
    begin_items(ended->step);
    auto const found = run_.mappings.find(ended->step);
    return found == run_.mappings.end() || !is_over(found->second);
}

// True when no item inside is still at work; those that are, are asked to stop.
bool Recorder::withdraw_items(StepId const& step, std::string const& reason) {
    bool ended = true;
    std::vector<StepId> fresh;
    for (auto const& [id, mapping] : run_.mappings) {
        if (!is_within(id, step) || mapping.under_way.empty()) continue;
        ended = false;
        if (!mapping.withdrawn) fresh.push_back(id);
    }
    for (auto const& id : fresh) record(MapWithdrawn{id, reason});
    return ended;
}

}  // namespace resolute
