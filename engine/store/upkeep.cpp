#include "engine/store/upkeep.h"

#include "base/limits.h"
#include "engine/store/queries.h"
#include "engine/store/session.h"

namespace resolute::store {

int upkeep(std::string const& url) {
    Session session({.url = url, .application = "resolute upkeep"});
    return session.run([](Connection& connection) {
        auto const done = connection.run(
            queries::upkeep,
            Parameters().int4(limits::partitions_ahead_months).int4(limits::inbox_kept_hours));
        return static_cast<int>(done.at(0, 0).integer());
    });
}

}  // namespace resolute::store
