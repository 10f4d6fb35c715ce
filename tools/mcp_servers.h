// The MCP servers of a project as running programs: started when first needed, and watched for
// drift.
//
// Thread-safe. Before every call the server is asked what the tool looks like now, because it may
// have been replaced in the meantime; a tool that changed is not called.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <variant>

#include "mcp/client.h"
#include "tools/pins.h"
#include "tools/server.h"

namespace resolute::tools {

struct Drifted {
    std::string what;
};        // not called: its definition is not the one that was pinned
struct Replaced {
    std::string what;
};       // called, but the server was replaced between check and call
struct McpAnswered {
    mcp::CallResult result;
    Digest pin;
};
using McpReply = std::variant<McpAnswered, Drifted, Replaced, mcp::ProtocolError, mcp::NotSent,
                              mcp::SentNoAnswer>;

struct McpRequest {
    mcp::CallRequest call;
    std::optional<Digest> pin;               // the operator's own
    std::function<Duration()>
        time_left;     // asked before each of the two messages; not positive = too late
};

class McpServers {
  public:
    explicit McpServers(net::Runtime& runtime) : runtime_(runtime) {}

    // `done` is called once, on a thread of the runtime. The server's program starts with its first
    // call.
    void call(Server const& server, McpRequest request, std::function<void(McpReply)> done);

    // What a server offers right now, for listings and for writing contracts.
    void list(Server const& server, std::function<void(mcp::ToolsReply)> done);

    // Ends the programs of servers that are not among these.
    void keep_only(std::vector<Server> const& servers);

  private:
    struct Connection;  // a client, and how often it has opened

    std::shared_ptr<Connection> connection_to(Server const& server);
    static void call_checked(std::shared_ptr<Connection> const& connection, McpRequest request,
                             Digest pin, std::function<void(McpReply)> done);

    net::Runtime& runtime_;
    std::shared_ptr<Pins> pins_ = std::make_shared<Pins>();
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Connection>> connections_;
};

}  // namespace resolute::tools
