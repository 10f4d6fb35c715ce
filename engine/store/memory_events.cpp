#include "engine/store/memory_events.h"

#include <algorithm>

#include "engine/shard_of.h"
#include "engine/store/memory_store.h"

namespace resolute::store {
namespace {

bool has(Json const& event, Json const& condition) {
    auto const* at = &event;
    for (auto const& member : condition.at(0)) {
        if (!at->is_object()) return false;
        auto const found = at->find(member.get<std::string>());
        if (found == at->end()) return false;
        at = &*found;
    }
    return *at == condition.at(1);
}

// The slot of the first filter that lets the event through.
std::optional<int> slot_for(MemoryTables::Listener const& listener, std::int64_t position,
                            MemoryTables::EventIn const& event) {
    auto const& declined = listener.wanted.at("declined");
    if (std::ranges::find(declined, Json(std::to_string(position))) != declined.end())
        return std::nullopt;
    for (auto const& filter : listener.wanted.at("filters")) {
        auto const conditions = filter.value("equals", Json::array());
        auto const& type = filter.at("type");  // "": every type
        if ((type == "" || type == event.event.at("type")) &&
            std::ranges::all_of(conditions, [&](Json const& one) { return has(event.event, one); }))
            return filter.at("slot").get<int>();
    }
    return std::nullopt;
}

// What goes back because of a message goes back once.
bool went_back_already(MemoryTables const& tables, EventChange const& change) {
    if (change.kind != EventChange::Kind::returned || !change.content.json().contains("message"))
        return false;
    auto const& id = change.content.json().at("message").get_ref<std::string const&>();
    return std::ranges::none_of(tables.inbox, [&](MemoryTables::Posted const& posted) {
        return to_string(posted.message.id) == id && !posted.is_consumed;
    });
}

}  // namespace

bool add_event(MemoryTables& tables, std::string const& tenant, Json const& event) {
    auto const is_same = [&](auto const& item) {
        return item.second.tenant == tenant &&
               item.second.event.at("source") == event.at("source") &&
               item.second.event.at("id") == event.at("id");
    };
    if (std::ranges::any_of(tables.events, is_same)) return false;
    auto const last = tables.events.empty() ? 0 : tables.events.rbegin()->first;
    tables.events[last + 1] = {tenant, event};
    return true;
}

void change_events(MemoryTables& tables, Append const& append, EventChange const& change) {
    if (went_back_already(tables, change)) return;
    auto const place = std::pair(append.run, change.step);
    bool const is_over =
        change.kind == EventChange::Kind::ended || change.kind == EventChange::Kind::returned;
    if (change.step.path.empty() && is_over) {
        tables.places.erase(append.run);
        if (change.kind == EventChange::Kind::ended) tables.place_waits.erase(append.run);
        return;
    }
    switch (change.kind) {
        case EventChange::Kind::emitted:
            add_event(tables, append.tenant, change.content.json());
            break;
        case EventChange::Kind::awaited:
            if (change.step.path.empty()) {
                await_place(tables, append, change.content.json());
                break;
            }
            tables.listeners.try_emplace(
                place, MemoryTables::Listener{append.tenant, change.content.json()});
            break;
        case EventChange::Kind::ended: tables.listeners.erase(place); break;
        case EventChange::Kind::returned: {
            auto const position =
                std::stoll(change.content.json().at("position").get<std::string>());
            auto const found = tables.events.find(position);
            if (found != tables.events.end() && found->second.taken_by == append.run)
                found->second.taken_by.reset();
            break;
        }
    }
}

std::size_t match_events(MemoryTables& tables, Random& random, Timestamp now) {
    std::size_t given = 0;
    for (auto& [position, event] : tables.events) {
        if (event.taken_by) continue;
        for (auto listener = tables.listeners.begin(); listener != tables.listeners.end();
             ++listener) {
            if (listener->second.tenant != event.tenant) continue;
            auto const slot = slot_for(listener->second, position, event);
            if (!slot) continue;
            auto const [run, step] = listener->first;
            event.taken_by = run;
            Message const letter{MessageId::make(now, random), run,
                                 OfferEvent{step, *slot, std::to_string(position), event.event}};
            tables.inbox.push_back({letter, shard_of(run), false});
            tables.listeners.erase(listener);
            ++given;
            break;
        }
    }
    return given;
}

bool MemoryDatabase::post_event(std::string const& tenant, Json const& event) {
    std::lock_guard const lock(mutex);
    return add_event(tables, tenant, event);
}

std::size_t MemoryStore::match_events() {
    std::lock_guard const lock(database_.mutex);
    auto const random = seeded_random(database_.tables.inbox.size() + 1);
    return store::match_events(database_.tables, *random, database_.now()) +
           give_places(database_.tables, *random, database_.now());
}

}  // namespace resolute::store
