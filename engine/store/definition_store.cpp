#include "engine/store/definition_store.h"

#include "engine/store/queries.h"

namespace resolute::store {
namespace {

DefinitionRow definition_at(Rows const& rows, std::size_t i) {
    return {.kind = rows.at(i, 0).text(), .name = rows.at(i, 1).text(), .version = rows.at(i, 2).text(),
            .digest = rows.at(i, 3).digest(), .body = rows.at(i, 4).text(), .at = rows.at(i, 5).time()};
}

std::optional<DefinitionRow> first(Rows const& rows) {
    if (rows.empty()) return std::nullopt;
    return definition_at(rows, 0);
}

void withdraw_others(Connection& connection, std::string const& tenant, std::vector<DefinitionRow> const& definitions) {
    for (char const* kind : {"workflow", "tool", "server", "policy"}) {
        Array stay(Type::text);
        for (auto const& definition : definitions)
            if (definition.kind == kind) stay.add_text(definition.name);
        connection.run(queries::withdraw_definitions, Parameters().text(tenant).text(kind).array(stay));
    }
}

}  // namespace

DefinitionStore::DefinitionStore(std::string url) : session_({.url = std::move(url), .application = "resolute definitions"}) {}

void DefinitionStore::publish(std::string const& tenant, std::vector<DefinitionRow> const& definitions, Extent extent,
                              std::string const& by, Timestamp at) {
    std::lock_guard lock(mutex_);
    session_.run([&](Connection& connection) {
        Transaction transaction(connection);
        for (auto const& d : definitions) {
            connection.run(queries::publish_definition, Parameters().text(tenant).text(d.kind).text(d.name).text(d.version)
                                                             .bytes(d.digest.view()).text(d.body).time(at).text(by));
            connection.run(queries::deploy_definition, Parameters().text(tenant).text(d.kind).text(d.name).bytes(d.digest.view()).time(at).text(by));
        }
        if (extent == Extent::whole) withdraw_others(connection, tenant, definitions);
        connection.run(queries::announce_deployment);
        transaction.commit();
        return true;
    });
}

std::vector<DefinitionRow> DefinitionStore::deployed(std::string const& tenant) {
    std::lock_guard lock(mutex_);
    auto const rows = session_.run([&](Connection& c) { return c.run(queries::deployed_definitions, Parameters().text(tenant)); });
    std::vector<DefinitionRow> all;
    for (std::size_t i = 0; i < rows.size(); ++i) all.push_back(definition_at(rows, i));
    return all;
}

std::optional<DefinitionRow> DefinitionStore::by_digest(std::string const& tenant, std::string const& kind, Digest const& digest) {
    std::lock_guard lock(mutex_);
    auto const parameters = Parameters().text(tenant).text(kind).bytes(digest.view());
    return first(session_.run([&](Connection& c) { return c.run(queries::get_definition, parameters); }));
}

std::optional<DefinitionRow> DefinitionStore::by_name(std::string const& tenant, std::string const& kind, std::string const& name, std::string const& version) {
    std::lock_guard lock(mutex_);
    auto const parameters = Parameters().text(tenant).text(kind).text(name).text(version);
    return first(session_.run([&](Connection& c) { return c.run(queries::get_deployed, parameters); }));
}

}  // namespace resolute::store
