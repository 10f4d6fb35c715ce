// The server's half of an MCP conversation as a pure machine: what a program needs to offer tools.
//
// No thread, no clock, no socket. Feed every line of the client to receive(), perform the calls it
// returns, answer them in any order, and send every line of take_output().
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_schema.h"
#include "mcp/json_rpc.h"
#include "mcp/tool.h"

namespace resolute::mcp {

class ServerSession {
  public:
    struct Call {
        RequestId id;
        std::string tool;
        Json
            arguments;  // an object that fits the tool's input schema; {} when the client sent none
        Json meta;  // the request's _meta, {} when there is none
    };
    struct Cancelled {  // the client does not wait any more; an answer is dropped
        RequestId id;
        std::string reason;
    };
    using Event = std::variant<Call, Cancelled>;

    // Throws InvalidInput when an input schema is none, std::invalid_argument when two tools share
    // a name.
    ServerSession(Implementation self, std::vector<Tool> tools, std::string instructions = {});

    std::vector<Event> receive(std::string_view line);
    // Each call is answered once; answers to cancelled or unknown ones are dropped.
    void answer(RequestId const& id, CallResult const& result);
    void refuse(RequestId const& id, int code, std::string message);
    std::vector<std::string> take_output();

  private:
    struct Offer {
        Tool tool;
        JsonSchema arguments;
    };
    using Events = std::vector<Event>;

    void emit(rpc::Message const& message) { output_.push_back(rpc::to_line(message)); }
    void receive_value(Json const& value, Events& events);
    void on(rpc::Request const& request, Events& events);
    void on(rpc::Notification const& notification, Events& events);
    void on(rpc::Success const&, Events&) {}  // we ask nothing, so nothing is answered
    void on(rpc::Failure const&, Events&) {}
    void initialize(rpc::Request const& request);
    void list(rpc::Request const& request);
    void call(rpc::Request const& request, Events& events);
    Offer const* find(std::string const& name) const;

    Implementation self_;
    std::vector<Offer> offers_;
    std::string instructions_;
    std::string version_;  // empty until `initialize`
    std::set<RequestId> calls_;
    std::vector<std::string> output_;
};

}  // namespace resolute::mcp
