// The part of the Recorder that deals with runs that this run started.
#include <algorithm>

#include "base/error_codes.h"
#include "base/limits.h"
#include "engine/recorder.h"

namespace resolute {

bool Recorder::is_nested_too_deep() const {
    auto const& parent = run_.started.parent;
    return parent && parent->depth >= limits::child_depth;
}

Failure Recorder::nested_too_deep() {
    return configuration_failure(
        "Runs that start runs are nested deeper than " + std::to_string(limits::child_depth) + ".",
        codes::nested_too_deep);
}

void Recorder::start_child(StartChild const& command) {
    if (is_nested_too_deep()) return fail(command.step, nested_too_deep());
    record(ChildStarted{command.step, child_run_id(run_.id, command.step, now_), command.workflow,
                        command.version, command.input, command.detached});
}

// The end of a child that nobody waits for any more changes nothing.
std::optional<Failure> Recorder::child_ended(EndChild const& message) {
    if (item_ended(message)) return std::nullopt;
    auto const is_it = [&](auto const& item) { return item.second.run == message.child; };
    auto const found = std::ranges::find_if(run_.children, is_it);
    if (found == run_.children.end() || found->second.end) return std::nullopt;
    record(ChildEnded{found->first, message.how, message.output, message.error});
    return std::nullopt;
}

// True when no child inside is still at work; those that are, are asked to stop.
bool Recorder::withdraw_children(StepId const& step, std::string const& reason) {
    bool ended = true;
    std::vector<StepId> fresh;
    for (auto const& [id, child] : run_.children) {
        if (!is_within(id, step) || child.end) continue;
        ended = false;
        if (!child.withdrawn) fresh.push_back(id);
    }
    for (auto const& id : fresh) record(ChildWithdrawn{id, reason});
    return ended;
}

}  // namespace resolute
