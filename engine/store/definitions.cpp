#include "engine/store/definitions.h"

#include <stdexcept>

#include "base/limits.h"
#include "engine/store/queries.h"

namespace resolute::store {

Definitions::Definitions(std::string url, std::string tenant)
    : tenant_(std::move(tenant)),
      session_({.url = std::move(url), .application = "resolute definitions"}) {}

std::vector<Definition> Definitions::ask(Query const& query, Parameters const& parameters) {
    std::lock_guard const lock(mutex_);
    auto const rows =
        session_.run([&](Connection& connection) { return connection.run(query, parameters); });
    std::vector<Definition> found;
    for (std::size_t i = 0; i < rows.size(); ++i)
        found.push_back({.kind = rows.at(i, 0).text(),
                         .name = rows.at(i, 1).text(),
                         .version = rows.at(i, 2).text(),
                         .digest = rows.at(i, 3).digest(),
                         .body = rows.at(i, 4).text(),
                         .published_at = rows.at(i, 5).time(),
                         .published_by = rows.at(i, 6).text()});
    return found;
}

void Definitions::publish(Definition const& definition) {
    std::lock_guard const lock(mutex_);
    session_.run([&](Connection& connection) {
        connection.run(queries::publish_definition, Parameters()
                                                        .text(tenant_)
                                                        .text(definition.kind)
                                                        .text(definition.name)
                                                        .text(definition.version)
                                                        .bytes(definition.digest.view())
                                                        .text(definition.body)
                                                        .time(definition.published_at)
                                                        .text(definition.published_by));
    });
}

void Definitions::deploy(Deploy const& deploy) {
    auto const plan = deploy.schedule.value_or(SchedulePlan{});
    auto types = Array(Type::text);
    for (auto const& type : plan.event_types) types.add_text(type);
    auto const shard = static_cast<std::int16_t>(shard_of(plan.schedule));
    std::lock_guard const lock(mutex_);
    session_.run([&](Connection& connection) {
        try {
            connection.run(queries::deploy_definition, Parameters()
                                                           .text(tenant_)
                                                           .text(deploy.kind)
                                                           .text(deploy.name)
                                                           .bytes(deploy.digest.view())
                                                           .time(deploy.at)
                                                           .text(deploy.by)
                                                           .uuid(plan.schedule.value)
                                                           .int2(shard)
                                                           .boolean(plan.is_scheduled)
                                                           .array(types));
        } catch (StatementRefused const& error) {
            if (error.sqlstate != "23503") throw;  // no such definition
            throw std::invalid_argument("No " + deploy.kind + " `" + deploy.name +
                                        "` with the digest " + short_form(deploy.digest) +
                                        " was published.");
        }
    });
}

void Definitions::withdraw(std::string const& kind, std::string const& name) {
    std::lock_guard const lock(mutex_);
    session_.run([&](Connection& connection) {
        connection.run(queries::withdraw_definition,
                       Parameters().text(tenant_).text(kind).text(name));
    });
}

std::optional<Definition> Definitions::find(std::string const& kind, Digest const& digest) {
    auto found = ask(queries::definition_by_digest,
                     Parameters().text(tenant_).text(kind).bytes(digest.view()));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::optional<Definition> Definitions::current(std::string const& kind, std::string const& name) {
    if (name.empty()) return std::nullopt;
    auto found =
        ask(queries::current_definitions, Parameters().text(tenant_).text(kind).text(name));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<Definition> Definitions::current(std::string const& kind) {
    return ask(queries::current_definitions, Parameters().text(tenant_).text(kind).text(""));
}

std::vector<Definition> Definitions::versions(std::string const& kind, std::string const& name) {
    return ask(queries::definition_versions, Parameters().text(tenant_).text(kind).text(name).int8(
                                                 static_cast<std::int64_t>(limits::list_page)));
}

}  // namespace resolute::store
