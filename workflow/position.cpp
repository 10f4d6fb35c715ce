#include "workflow/position.h"

namespace resolute::workflow {

Payload to_state(Position const& position) {
    Json state = Json::object();
    if (position.turn != 0) state["turn"] = position.turn;
    if (position.lap != 0) state["lap"] = position.lap;
    if (position.at != 0) state["at"] = position.at;
    if (position.handling) state["handling"] = true;
    if (position.paused) state["paused"] = true;
    if (!position.error.is_null()) state["error"] = position.error;
    return Payload(std::move(state));
}

Position position_of(Frame const& frame) {
    Position position;
    auto const& state = frame.state.json();
    if (!state.is_object() || state.empty()) return position;
    position.turn = state.value("turn", std::int64_t{0});
    position.lap = state.value("lap", std::int64_t{0});
    position.at = state.value("at", std::size_t{0});
    position.handling = state.value("handling", false);
    position.paused = state.value("paused", false);
    if (auto const error = state.find("error"); error != state.end()) position.error = *error;
    return position;
}

StepId attempt_of(StepId const& frame, Position const& position) {
    auto const turn = position.turn > 0 ? "#" + std::to_string(position.turn) : std::string();
    return StepId{frame.path + turn + "/try"};
}

StepId child_of(StepId const& frame, Step const* owner, Position const& position,
                Step const& child) {
    std::string path = frame.path;
    bool const is_loop = owner && (std::holds_alternative<For>(owner->what) ||
                                   std::holds_alternative<Listen>(owner->what));
    if (is_loop || position.turn > 0) path += "#" + std::to_string(position.turn);
    path += std::string_view(child.node).substr(owner ? owner->node.size() : 0);
    if (position.lap > 0) path += "@" + std::to_string(position.lap);
    return StepId{std::move(path)};
}

}  // namespace resolute::workflow
