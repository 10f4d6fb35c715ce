// How steps emit events and listen for them: which event is one of those, and when it is enough.
#include "base/utf8.h"
#include "workflow/deciding.h"
#include "workflow/event_filter.h"
#include "workflow/event_slots.h"

namespace resolute::workflow {
namespace {

std::string text_of(Json const& event, char const* attribute) {
    auto const found = event.find(attribute);
    if (found != event.end() && found->is_string())
        if (auto const& text = found->get_ref<std::string const&>();
            !text.empty() && !has_control_character(text))
            return text;
    throw Fault{expression_failure(std::string("`") + attribute +
                                       "` of an event must be text that is not empty and has no "
                                       "control characters.",
                                   codes::wrong_type)};
}

}  // namespace

void Deciding::run_step(Spot const& spot, Arguments& arguments, Emit const& what) {
    Json event{{"specversion", "1.0"},
               {"id", to_string(sha256({to_string(run_.id), "|", spot.id.path})).substr(0, 32)},
               {"time", to_string(now_)}};
    for (auto const& [name, value] : what.with) event[name] = value.evaluate(arguments).json();
    for (auto const* attribute : {"id", "source", "type"}) text_of(event, attribute);
    commands_.push_back(EmitEvent{spot.id, Payload(event)});
    finish(spot, arguments, Payload(std::move(event)), spot.step->then);
}

void Deciding::run_step(Spot const& spot, Arguments& arguments, Listen const& what) {
    if (what.each) return enter(spot, FrameKind::sequence, arguments.input(), {});
    commands_.push_back(AwaitEvents{spot.id, filters_of(what, nullptr, arguments)});
}

// The store compares what it can, so that several filters may let the event through. One that ends
// the listening comes first; a filter that fails is the step's failure as soon as it is asked.
int Deciding::slot_for(OfferEvent const& offer) const {
    if (offer.step.path.empty()) return offer.slot;  // a place
    auto const& what = std::get<Listen>(step_at(offer.step).what);
    auto const& listening = run_.listening.at(offer.step);
    auto const& event = offer.event.json();
    auto const& first = listening.heard.empty() ? event : listening.heard.front().event.json();
    auto arguments = arguments_inside(spot_of(offer.step));
    for (int const slot : slots_in_order(what, listening.filters)) {
        auto const& filter = filter_at(what, slot);
        if (!filter.type.empty() && event.value("type", Json()) != filter.type) continue;
        try {
            if (fits(filter, event, first, arguments)) return slot;
        } catch (Fault const&) {
            return slot;
        }
    }
    return offer.slot;
}

// The step was given an event: it is one of those, or goes back.
void Deciding::on_event(StepId const& id) {
    auto const found = run_.listening.find(id);
    if (found != run_.listening.end() && id.path.empty()) return on_place();
    if (found == run_.listening.end() || found->second.waits || is_gone(id)) return;
    auto const& listening = found->second;
    if (listening.heard.empty()) return;
    auto const spot = spot_of(id);
    auto const& what = std::get<Listen>(spot.step->what);
    auto const& last = listening.heard.back();
    try {
        auto arguments = arguments_inside(spot);
        auto const& first = listening.heard.front().event.json();
        if (!fits(filter_at(what, last.slot), last.event.json(), first, arguments)) {
            commands_.push_back(DeclineEvent{id});
            return;
        }
        arguments.set_current(arguments.input());
        if (what.each && !is_end_of(what, last)) return begin_item(spot, what, last);
        hear_more(spot, what, listening, arguments);
    } catch (Fault& fault) {
        fail(spot, std::move(fault.error));
    }
}

// The next event, or nothing more.
void Deciding::hear_more(Spot const& spot, Listen const& what, Listening const& listening,
                         Arguments& arguments) {
    auto const list = what.each ? gathered(spot.id) : list_of(what, listening);
    if (is_enough(what, listening, list, arguments))
        return finish(spot, arguments, list, spot.step->then);
    commands_.push_back(AwaitEvents{spot.id, filters_of(what, &listening, arguments)});
}

}  // namespace resolute::workflow
