#include "engine/store/session.h"

#include "engine/store/schema.h"

namespace resolute::store {

Connection& Session::connected() {
    if (!connection_) {
        Connection connection(options_);
        check_schema(connection);
        connection_.emplace(std::move(connection));
    }
    return *connection_;
}

}  // namespace resolute::store
