#include "engine/store/quarantine.h"

#include "engine/store/queries.h"
#include "engine/store/session.h"

namespace resolute::store {

std::optional<QuarantineRow> quarantined(std::string const& url, RunId run) {
    Session session({.url = url, .application = "resolute quarantine"});
    auto const rows = session.run([&](Connection& connection) {
        return connection.run(queries::quarantined, Parameters().uuid(run.value));
    });
    if (rows.empty()) return std::nullopt;
    return QuarantineRow{rows.at(0, 0).text(), rows.at(0, 1).time(), rows.at(0, 2).text()};
}

bool release(std::string const& url, RunId run, Timestamp now) {
    Session session({.url = url, .application = "resolute quarantine"});
    return session.run([&](Connection& connection) {
        return !connection.run(queries::release_run, Parameters().uuid(run.value).time(now))
                    .empty();
    });
}

}  // namespace resolute::store
