// What each tool of an MCP server looked like when it was first seen: a later change quarantines
// it.
//
// Thread-safe. Kept in memory; `pin:` in a contract holds across restarts, and every answer's
// evidence names its pin.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/digest.h"
#include "mcp/tool_pin.h"

namespace resolute::tools {

class Pins {
  public:
    struct Checked {
        Digest pin;                        // of the definition as it is now
        std::vector<std::string>
            drifted;  // members that differ from the first one, as JSON pointers; none = the same
    };

    // The first definition of a tool of a server is recorded; every later one is compared with it.
    Checked check(std::string const& server, mcp::Tool const& tool,
                  mcp::ServerIdentity const& identity);

  private:
    std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, Json> first_;
};

}  // namespace resolute::tools
