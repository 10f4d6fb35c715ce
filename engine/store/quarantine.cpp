#include "engine/store/quarantine.h"

#include "engine/store/queries.h"
#include "engine/store/session.h"

namespace resolute::store {

bool release(std::string const& url, RunId run, Timestamp now) {
    Session session({.url = url, .application = "resolute quarantine"});
    return session.run([&](Connection& connection) {
        return !connection.run(queries::release_run, Parameters().uuid(run.value).time(now))
                    .empty();
    });
}

std::vector<RunId> release_of_definition(std::string const& url, Digest const& definition,
                                         Timestamp now) {
    Session session({.url = url, .application = "resolute quarantine"});
    return session.run([&](Connection& connection) {
        auto const rows = connection.run(queries::release_of_definition,
                                         Parameters().bytes(definition.view()).time(now));
        std::vector<RunId> released;
        for (std::size_t i = 0; i < rows.size(); ++i)
            released.push_back(RunId{rows.at(i, 0).uuid()});
        return released;
    });
}

}  // namespace resolute::store
