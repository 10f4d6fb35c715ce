#include "engine/store/inbox.h"

#include "engine/shard_of.h"
#include "engine/store/queries.h"

namespace resolute::store {
namespace {

// Only a start names its tenant; the others go where their run is.
std::string tenant_of(Connection& connection, Message const& message) {
    if (auto const* start = std::get_if<StartRun>(&message.content)) return start->tenant;
    auto const found = connection.run(queries::tenant_of, Parameters().uuid(message.run.value));
    return found.empty() ? "default" : found.at(0, 0).text();
}

}  // namespace

Inbox::Inbox(std::string url, std::size_t most_messages)
    : most_messages_(most_messages),
      session_({.url = std::move(url), .application = "resolute inbox"}) {}

void Inbox::post(Message const& message) {
    std::lock_guard const lock(mutex_);
    session_.run([&](Connection& connection) {
        auto const tenant = tenant_of(connection, message);
        auto const shard = static_cast<std::int16_t>(shard_of(message.run));
        auto const posted = connection.run(queries::post,
                                           Parameters()
                                               .uuid(message.id.value)
                                               .text(tenant)
                                               .uuid(message.run.value)
                                               .int2(shard)
                                               .text(to_text(to_json(message)))
                                               .int8(static_cast<std::int64_t>(most_messages_)));
        if (posted.at(0, 0).boolean()) throw InboxFull();
    });
}

bool Inbox::post_event(std::string const& tenant, Json const& event) {
    std::lock_guard const lock(mutex_);
    bool fresh = false;
    session_.run([&](Connection& connection) {
        auto const posted =
            connection.run(queries::post_event, Parameters()
                                                    .text(tenant)
                                                    .text(event.at("source").get<std::string>())
                                                    .text(event.at("id").get<std::string>())
                                                    .text(event.at("type").get<std::string>())
                                                    .text(to_text(event)));
        fresh = posted.at(0, 0).boolean();
    });
    return fresh;
}

Listener::Listener(std::string const& url, std::vector<std::string> const& channels)
    : connection_({.url = url, .application = "resolute listener"}) {
    for (auto const& channel : channels) connection_.listen(channel);
}

}  // namespace resolute::store
