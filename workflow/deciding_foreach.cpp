// How a step that listens takes each event through its own steps, strictly in the order in which
// they came: the next one is not asked for before this one is done.
#include <algorithm>

#include "workflow/deciding.h"
#include "workflow/event_slots.h"

namespace resolute::workflow {

// What was made of the events so far.
Payload Deciding::gathered(StepId const& frame) const {
    auto list = Json::array();
    for (auto const& one : run_.frames.at(frame).gathered) list.push_back(one.json());
    return Payload(std::move(list));
}

// The frame was opened, or moved on: the steps for an event begin, or the next event is waited for.
void Deciding::go_on_listening(Spot const& spot) {
    auto const& what = std::get<Listen>(spot.step->what);
    auto const& frame = run_.frames.at(spot.id);
    auto const position = position_of(frame);
    if (position.handling && what.each->body.steps.empty()) return end_item(spot, frame.flow);
    if (position.handling) return start_child(spot.id, spot.step, position, position.at);
    try {
        auto arguments = arguments_inside(spot);
        auto const found = run_.listening.find(spot.id);
        if (found == run_.listening.end()) {
            commands_.push_back(AwaitEvents{spot.id, filters_of(what, nullptr, arguments)});
            return;
        }
        auto const& heard = found->second.heard;
        auto const is_end = [&](auto const& one) { return is_end_of(what, one); };
        auto const items =
            heard.size() - static_cast<std::size_t>(std::ranges::count_if(heard, is_end));
        bool const is_fresh =
            !heard.empty() && (is_end(heard.back()) || items > frame.gathered.size());
        if (is_fresh) return on_event(spot.id);  // it came while the run was paused
        hear_more(spot, what, found->second, arguments);
    } catch (Fault& fault) {
        fail(spot, std::move(fault.error));
    }
}

void Deciding::begin_item(Spot const& spot, Listen const& what, Listening::Heard const& heard) {
    auto const turn = run_.frames.at(spot.id).gathered.size();
    commands_.push_back(
        AdvanceStep{.step = spot.id,
                    .state = to_state({.turn = static_cast<std::int64_t>(turn), .handling = true}),
                    .flow = what.read(heard.event)});
}

// `output` is what its steps came to: it is shaped, and goes into the list.
void Deciding::end_item(Spot const& spot, Payload const& output) {
    auto const& each = *std::get<Listen>(spot.step->what).each;
    auto const turn = position_of(run_.frames.at(spot.id)).turn;
    try {
        auto arguments = arguments_inside(spot);
        arguments.set_output(output);
        auto item = shape_output(each.output, arguments, "The output of an event's steps");
        std::optional<Payload> context;
        if (each.exported.shape || each.exported.schema) {
            arguments.set_output(item);
            context = shape_output(each.exported, arguments, "The export of an event's steps");
        }
        commands_.push_back(AdvanceStep{.step = spot.id,
                                        .state = to_state({.turn = turn + 1}),
                                        .gathered = std::move(item),
                                        .context = std::move(context)});
    } catch (Fault& fault) {
        fail(spot, std::move(fault.error));
    }
}

}  // namespace resolute::workflow
