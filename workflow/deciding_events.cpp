// How steps emit events and listen for them: which event is one of those, and when it is enough.
#include "base/utf8.h"
#include "workflow/deciding.h"
#include "workflow/event_filter.h"

namespace resolute::workflow {
namespace {

// The store compares no text with U+0000; the step does.
bool can_be_compared(Json const& value) {
    return to_text(value).find("\\u0000") == std::string::npos;
}

// What the store can compare by itself, so that a step is offered few events that it declines.
Json conditions_of(EventFilter const& filter, Arguments& arguments) {
    auto conditions = Json::array();
    for (auto const& [name, wanted] : filter.with)
        if (auto const* literal = wanted.literal();
            literal && !literal->json().is_structured() && can_be_compared(literal->json()))
            conditions.push_back({Json::array({name}), literal->json()});
    for (auto const& [name, key] : filter.correlate) {
        if (key.path.empty() || !key.expect) continue;
        arguments.set_current(arguments.input());
        auto const expected = key.expect->evaluate(arguments);
        if (can_be_compared(expected.json()))
            conditions.push_back({Json(key.path), expected.json()});
    }
    return conditions;
}

Payload filters_of(Listen const& what, std::vector<Listening::Heard> const& heard,
                   Arguments& arguments) {
    auto filters = Json::array();
    for (std::size_t i = 0; i < what.filters.size(); ++i) {
        auto const slot = static_cast<int>(i);
        bool const is_heard =
            std::ranges::find(heard, slot, &Listening::Heard::slot) != heard.end();
        if (what.mode == Listen::Mode::all && is_heard) continue;
        filters.push_back({{"slot", slot},
                           {"type", what.filters[i].type},
                           {"equals", conditions_of(what.filters[i], arguments)}});
    }
    return Payload(std::move(filters));
}

Payload output_of(Listen const& what, std::vector<Listening::Heard> const& heard) {
    auto output = Json::array();
    for (auto const& one : heard)
        output.push_back(what.envelope ? one.event.json() : one.event.json().value("data", Json()));
    return Payload(std::move(output));
}

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
    commands_.push_back(AwaitEvents{spot.id, filters_of(what, {}, arguments)});
}

// The step was given an event: it is one of those, or goes back.
void Deciding::on_event(StepId const& id) {
    auto const found = run_.listening.find(id);
    if (found == run_.listening.end() || found->second.waits || is_gone(id)) return;
    auto const& heard = found->second.heard;
    if (heard.empty()) return;
    auto const spot = spot_of(id);
    auto const& what = std::get<Listen>(spot.step->what);
    try {
        auto arguments = arguments_inside(spot);
        auto const& filter = what.filters.at(static_cast<std::size_t>(heard.back().slot));
        auto const& first = heard.front().event.json();
        if (!fits(filter, heard.back().event.json(), first, arguments)) {
            commands_.push_back(DeclineEvent{id});
            return;
        }
        bool is_enough = what.mode != Listen::Mode::all || heard.size() == what.filters.size();
        auto const output = output_of(what, heard);
        if (what.until) {
            arguments.set_current(output);
            is_enough = what.until->holds(arguments);
        }
        arguments.set_current(arguments.input());
        if (is_enough) return finish(spot, arguments, output, spot.step->then);
        commands_.push_back(AwaitEvents{id, filters_of(what, heard, arguments)});
    } catch (Fault& fault) {
        fail(spot, std::move(fault.error));
    }
}

}  // namespace resolute::workflow
