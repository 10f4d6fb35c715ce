#include "memory/items.h"

#include "memory/queries.h"

namespace resolute::memory {

void Items::remember(Item const& item) {
    store::Parameters parameters;
    parameters.uuid(item.id)
        .text(item.place.tenant)
        .text(item.place.scope)
        .text(item.place.subject)
        .text(item.place.key)
        .text(item.value.text())
        .text(item.class_name)
        .text(item.integrity)
        .text(item.source.text())
        .text(item.writer)
        .time(item.recorded_at);
    connection_.run(queries::remember, parameters);
}

std::vector<Item> Items::recall(Place const& place, std::string const& words, Timestamp now,
                                int limit) {
    store::Parameters parameters;
    parameters.text(place.tenant)
        .text(place.scope)
        .text(place.subject)
        .text(place.key)
        .text(words)
        .time(now)
        .int8(limit);
    auto const rows = connection_.run(queries::recall, parameters);
    std::vector<Item> items;
    for (std::size_t i = 0; i < rows.size(); ++i)
        items.push_back({.id = rows.at(i, 0).uuid(),
                         .place = {place.tenant, rows.at(i, 1).text(), rows.at(i, 2).text(),
                                   rows.at(i, 3).text()},
                         .value = Payload::from_text(rows.at(i, 4).text()),
                         .class_name = rows.at(i, 5).text(),
                         .integrity = rows.at(i, 6).text(),
                         .source = Payload::from_text(rows.at(i, 7).text()),
                         .writer = rows.at(i, 8).text(),
                         .recorded_at = rows.at(i, 9).time()});
    return items;
}

Items::Standing Items::standing(Uuid const& id, Place const& place) {
    store::Parameters parameters;
    parameters.uuid(id).text(place.tenant).text(place.scope).text(place.subject).text(place.key);
    auto const rows = connection_.run(queries::stands, parameters);
    return {rows.at(0, 0).boolean(), rows.at(0, 1).boolean()};
}

int Items::forget(Place const& place, Timestamp now) {
    store::Parameters parameters;
    parameters.text(place.tenant).text(place.scope).text(place.subject).text(place.key).time(now);
    return static_cast<int>(connection_.run(queries::forget, parameters).affected());
}

}  // namespace resolute::memory
