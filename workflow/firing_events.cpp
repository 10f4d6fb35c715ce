// How a schedule goes on with events: each starts a run, or a set of them that fit together does.
// An event that starts runs is still there for the one step that listens for it.
#include <algorithm>

#include "base/limits.h"
#include "workflow/event_filter.h"
#include "workflow/firing.h"

namespace resolute::workflow {
namespace {

// By the identity of the events, so that the same ones never start two runs.
std::string key_of(Json const& events) {
    std::string names;
    for (auto const& event : events)
        names +=
            event.value("source", std::string()) + "|" + event.value("id", std::string()) + "|";
    return "event:" + to_string(sha256(names)).substr(0, 32);
}

}  // namespace

Json Firing::collected() const {
    auto events = Json::array();
    for (auto const& heard : step_.state.collected) events.push_back(heard.event);
    return events;
}

std::optional<int> Firing::slot_for(Listen const& wanted, Json const& event) {
    auto const& collected = step_.state.collected;
    Arguments arguments({definition_, nobody_, situation_.now}, Payload());
    for (std::size_t i = 0; i < wanted.filters.size(); ++i) {
        auto const slot = static_cast<int>(i);
        auto const& filter = wanted.filters[i];
        bool const is_heard =
            std::ranges::find(collected, slot, &HeardEvent::slot) != collected.end();
        if (wanted.mode == Listen::Mode::all && is_heard) continue;
        auto const& first = collected.empty() ? event : collected.front().event;
        if (event.value("type", std::string()) == filter.type &&
            fits(filter, event, first, arguments))
            return slot;
    }
    return std::nullopt;
}

bool Firing::is_enough(Listen const& wanted) {
    auto const& collected = step_.state.collected;
    if (wanted.mode == Listen::Mode::all) return collected.size() == wanted.filters.size();
    if (!wanted.until || collected.size() >= limits::schedule_collected) return true;
    Arguments arguments({definition_, nobody_, situation_.now}, Payload(this->collected()));
    return wanted.until->holds(arguments);
}

bool Firing::hear(Listen const& wanted, ScheduleSituation::Heard const& heard) {
    auto& state = step_.state;
    try {
        auto const slot = slot_for(wanted, heard.event);
        if (!slot) return true;
        bool const is_allowed = schedule_.overlap == Schedule::Overlap::allow;
        if (!is_allowed && !state.open.empty()) {
            auto const key = key_of(Json::array({heard.event}));
            if (schedule_.overlap == Schedule::Overlap::skip)
                return note(key, "skipped", "an earlier run is open", state.open.front().run), true;
            if (schedule_.overlap == Schedule::Overlap::cancel) cancel_open();
            return false;
        }
        state.collected.push_back({*slot, heard.event});
        if (!is_enough(wanted)) return true;
        auto const events = collected();
        state.collected.clear();
        start_and_note(key_of(events), Payload(events), is_allowed ? Concern::none : Concern::end);
    } catch (Fault const& fault) {
        note(key_of(Json::array({heard.event})), "failed", fault.error.detail);
    }
    return true;
}

void Firing::on_events(Listen const& wanted) {
    for (auto const& heard : situation_.events) {
        if (!hear(wanted, heard)) return recheck();
        step_.heard = heard.mark;
    }
}

}  // namespace resolute::workflow
