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

std::string why_full(std::string_view why) {
    if (why == "aside")
        return "The run was set aside, and as many messages wait for it as are kept; look at it "
               "with `resolute show`, then `resolute release`.";
    return "More messages wait for their runs than are taken on.";
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
        auto const posted =
            connection.run(queries::post, Parameters()
                                              .uuid(message.id.value)
                                              .text(tenant)
                                              .uuid(message.run.value)
                                              .int2(shard)
                                              .text(to_text(to_json(message)))
                                              .int8(static_cast<std::int64_t>(most_messages_))
                                              .int8(limits::run_signals));
        if (!posted.at(0, 0).is_null()) throw InboxFull(why_full(posted.at(0, 0).view()));
    });
}

std::size_t Inbox::post_events(std::string const& tenant, std::vector<Json> const& events) {
    std::lock_guard const lock(mutex_);
    std::size_t fresh = 0;
    session_.run([&](Connection& connection) {
        Array sources(Type::text), ids(Type::text), types(Type::text), contents(Type::text);
        for (auto const& event : events) {
            sources.add_text(event.at("source").get_ref<std::string const&>());
            ids.add_text(event.at("id").get_ref<std::string const&>());
            types.add_text(event.at("type").get_ref<std::string const&>());
            contents.add_text(to_text(event));
        }
        auto const posted = connection.run(queries::post_events, Parameters()
                                                                     .text(tenant)
                                                                     .array(std::move(sources))
                                                                     .array(std::move(ids))
                                                                     .array(std::move(types))
                                                                     .array(std::move(contents)));
        fresh = static_cast<std::size_t>(posted.at(0, 0).integer());
    });
    return fresh;
}

Listener::Listener(std::string const& url, std::vector<std::string> const& channels)
    : connection_({.url = url, .application = "resolute listener"}) {
    for (auto const& channel : channels) connection_.listen(channel);
}

}  // namespace resolute::store
