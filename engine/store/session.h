// A connection that comes back: made when it is first needed, and again after it was lost.
//
// Used by one thread at a time. Checks the schema on every connect.
#pragma once

#include <optional>

#include "engine/store/connection.h"

namespace resolute::store {

class Session {
  public:
    explicit Session(ConnectionOptions options) : options_(std::move(options)) {}

    // Runs `work(connection)`, again on a new connection when the old one turns out to be lost: so
    // the work must be harmless to repeat. Throws StoreUnavailable while there is no connection to
    // be had.
    template <class Work>
    auto run(Work work) {
        bool const fresh = !connection_;
        try {
            return work(connected());
        } catch (ConnectionLost const&) {
            connection_.reset();
            if (fresh) throw;
        }
        try {
            return work(connected());
        } catch (ConnectionLost const&) {
            connection_.reset();
            throw;
        }
    }

  private:
    Connection& connected();

    ConnectionOptions options_;
    std::optional<Connection> connection_;
};

}  // namespace resolute::store
