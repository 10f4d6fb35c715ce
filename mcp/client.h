// A connection to one MCP server that mends itself, and calls whose answers say what is surely
// known.
//
// Thread-safe. Every request is called back exactly once, on a thread of the runtime (which must
// keep running for it); callbacks must be short and must not throw. The server starts with the
// first request, and after its death with the next one, not before a pause that doubles from one
// failure to the next. So many requests wait or are under way at a time; more are NotSent.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/limits.h"
#include "mcp/session.h"
#include "mcp/transport.h"
#include "net/runtime.h"

namespace resolute::mcp {

struct ClientOptions {
    std::string name;  // of the server, for messages to people
    OpenTransport open;
    Implementation self = {"resolute", "0.1.0"};
    Duration handshake_timeout = std::chrono::milliseconds(limits::mcp_handshake_ms);
    Duration restart_pause = std::chrono::milliseconds(limits::mcp_restart_first_ms);
    Duration longest_restart_pause = std::chrono::milliseconds(limits::mcp_restart_most_ms);
    std::function<void(ClientSession::Opened const&)> on_open;  // after each handshake
    std::function<void()> on_tools_changed;  // the server says that its list is another now
    std::string protocol_version = protocol_versions[0];  // that is offered
};

class Client {
  public:
    Client(net::Runtime& runtime, ClientOptions options);
    // Ends the server in the background. What is in flight is answered: SentNoAnswer, or NotSent if
    // it was not sent.
    ~Client();
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;

    // Time-outs count from here and include starting the server. When one is over before the
    // request was sent, the answer is NotSent; afterwards it is SentNoAnswer, and the server is
    // told that nobody waits any more.
    void list_tools(std::function<void(ToolsReply)> done,
                    Duration timeout = std::chrono::milliseconds(limits::mcp_request_ms));
    void call(CallRequest request, std::function<void(CallReply)> done,
              Duration timeout = std::chrono::milliseconds(limits::mcp_request_ms));
    // Any method, in the caller's own words.
    void request(std::string method, Json params, std::function<void(RequestReply)> done,
                 Duration timeout = std::chrono::milliseconds(limits::mcp_request_ms));

  private:
    class Core;
    std::shared_ptr<Core> core_;
};

}  // namespace resolute::mcp
