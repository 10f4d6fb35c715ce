#include "tools/pins.h"

namespace resolute::tools {

Pins::Checked Pins::check(std::string const& server, mcp::Tool const& tool,
                          mcp::ServerIdentity const& identity) {
    auto const now = mcp::pinned_definition(tool, identity);
    std::lock_guard const lock(mutex_);
    auto const [first, is_new] = first_.try_emplace({server, tool.name}, now);
    return {mcp::tool_pin(tool, identity),
            is_new ? std::vector<std::string>{} : mcp::drift(first->second, now)};
}

}  // namespace resolute::tools
