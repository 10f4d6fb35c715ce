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

}  // namespace resolute::store
