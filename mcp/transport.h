// The seam between an MCP client and the way its lines travel.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace resolute::mcp {

// An open connection to one server; destroying it closes the connection. send() may be called from
// any thread.
class Transport {
  public:
    // Called one at a time, on any thread, until on_closed, which comes at most once and last. May
    // still be called while the transport is being destroyed, so these functions own or hold weakly
    // what they touch.
    struct Listener {
        std::function<void(std::string line)> on_line;
        std::function<void(std::string why)> on_closed;
    };

    virtual ~Transport() = default;
    // False when the line surely did not leave.
    virtual bool send(std::string const& line) = 0;
};

// Opens a fresh connection, again after each that ended. Throws when there is no way to; what() is
// for people.
using OpenTransport = std::function<std::unique_ptr<Transport>(Transport::Listener)>;

}  // namespace resolute::mcp
