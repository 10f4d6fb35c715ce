#include "workflow/event_slots.h"

#include <algorithm>

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

bool is_heard(std::vector<Listening::Heard> const& heard, int slot) {
    return std::ranges::find(heard, slot, &Listening::Heard::slot) != heard.end();
}

void add_filters(Json& filters, Listen const& what, Listening const* listening,
                 Arguments& arguments) {
    auto add = [&](std::vector<EventFilter> const& from, Listen::Mode mode, std::size_t before) {
        for (std::size_t i = 0; i < from.size(); ++i) {
            auto const slot = static_cast<int>(before + i);
            bool const is_done =
                mode == Listen::Mode::all && listening && is_heard(listening->heard, slot);
            if (is_done) continue;
            filters.push_back({{"slot", slot},
                               {"type", from[i].type},
                               {"equals", conditions_of(from[i], arguments)}});
        }
    };
    add(what.filters, what.mode, 0);
    add(what.until_events, what.until_mode, what.filters.size());
}

}  // namespace

Payload filters_of(Listen const& what, Listening const* listening, Arguments& arguments) {
    auto filters = Json::array();
    add_filters(filters, what, listening, arguments);
    return Payload(std::move(filters));
}

std::vector<int> slots_in_order(Listen const& what, Payload const& filters) {
    std::vector<int> slots;
    for (auto const& filter : filters.json()) slots.push_back(filter.at("slot").get<int>());
    std::ranges::sort(slots, {}, [&](int slot) {
        return std::pair(static_cast<std::size_t>(slot) < what.filters.size(), slot);
    });
    return slots;
}

Payload list_of(Listen const& what, Listening const& listening) {
    auto list = Json::array();
    for (auto const& one : listening.heard)
        if (!is_end_of(what, one)) list.push_back(what.read(one.event).json());
    return Payload(std::move(list));
}

bool is_end_of(Listen const& what, Listening::Heard const& heard) {
    return static_cast<std::size_t>(heard.slot) >= what.filters.size();
}

EventFilter const& filter_at(Listen const& what, int slot) {
    auto const place = static_cast<std::size_t>(slot);
    auto const count = what.filters.size();
    return place < count ? what.filters.at(place) : what.until_events.at(place - count);
}

bool is_enough(Listen const& what, Listening const& listening, Payload const& list,
               Arguments& arguments) {
    auto const& heard = listening.heard;
    auto const is_end = [&](auto const& one) { return is_end_of(what, one); };
    auto const ends = static_cast<std::size_t>(std::ranges::count_if(heard, is_end));
    if (!what.until_events.empty())
        return what.until_mode == Listen::Mode::all ? ends == what.until_events.size() : ends > 0;
    if (what.until) {
        arguments.set_current(list);
        bool const holds = what.until->holds(arguments);
        arguments.set_current(arguments.input());
        return holds;
    }
    return what.mode != Listen::Mode::all || heard.size() == what.filters.size();
}

}  // namespace resolute::workflow
