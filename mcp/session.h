// The client's half of an MCP conversation as a pure machine: lines go in, lines and events come
// out.
//
// Both eras: with a handshake, and without one where that is asked for or where a server refuses
// the handshake and answers `server/discover` instead. No thread, no clock, no socket. Feed every
// line of the server to receive(), send every line of take_output() to it, and call lost() when the
// connection ends. Time-outs are the caller's: see abandon().
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mcp/json_rpc.h"
#include "mcp/tool.h"

namespace resolute::mcp {

struct CallRequest {
    std::string tool;
    Json arguments = Json::object();
    std::optional<std::string> idempotency_key;  // travels as _meta "resolute.dev/idempotency-key"
};

inline constexpr char idempotency_meta[] = "resolute.dev/idempotency-key";

class ClientSession {
  public:
    using Ticket = std::int64_t;  // names a listing or a call; never used twice

    struct Opened {
        Implementation server;
        std::string protocol_version;
        std::string instructions;  // for a model; text from outside
        bool offers_tools = false;
    };
    struct OpenFailed {  // the session is of no use; nothing was called
        std::string why;
    };
    struct Listed {
        Ticket ticket;
        ToolsReply reply;
    };
    struct Called {
        Ticket ticket;
        CallReply reply;
    };
    struct Answered {  // a request in the caller's own words
        Ticket ticket;
        RequestReply reply;
    };
    struct ToolsChanged {};
    struct Noise {  // something that is no answer to us; the conversation goes on
        std::string what;
    };
    struct Broken {  // what comes now cannot be trusted: end the connection, then call lost()
        std::string why;
    };
    using Event =
        std::variant<Opened, OpenFailed, Listed, Called, Answered, ToolsChanged, Noise, Broken>;

    // `version` is the one that is offered; a server may choose another that we know. With
    // `stateless_version` there is no handshake: `open` asks what the server speaks.
    explicit ClientSession(Implementation self, std::string version = protocol_versions[0])
        : self_(std::move(self)), offered_version_(std::move(version)) {}

    void open();  // first, once
    // Instead of `open`, with `stateless_version`: nothing is asked, the server will say it.
    void open_unasked();
    bool is_open() const { return is_open_; }
    bool is_stateless() const { return is_stateless_; }

    // Only after Opened; throws std::logic_error before. Each is answered by one Listed, Called or
    // Answered, unless abandoned.
    Ticket list_tools();
    Ticket call(CallRequest const& request);
    Ticket request(std::string method, Json params);
    // No answer is wanted any more: tells the server, and passes over an answer that still comes.
    void abandon(Ticket ticket, std::string const& reason);
    // Takes back what surely was not sent.
    void forget(Ticket ticket);

    std::vector<Event> receive(std::string_view line);
    // The connection is gone: everything in flight may or may not have run.
    std::vector<Event> lost(std::string const& why);
    std::vector<std::string> take_output();

    // The last Noise, if any: often the reason why an answer does not come.
    std::string const& last_noise() const { return last_noise_; }

  private:
    struct Opening {};
    struct Discovering {
        std::string refusal;  // of the handshake before, if there was one
    };
    struct Listing {
        Ticket ticket;
        std::vector<Tool> tools;
        int pages = 0;
    };
    struct Calling {
        Ticket ticket;
    };
    struct Requesting {
        Ticket ticket;
    };
    using Pending = std::variant<Opening, Discovering, Listing, Calling, Requesting>;
    using Events = std::vector<Event>;

    void ask(std::string method, Json params, Pending pending);
    void discover(std::string refusal);
    Json about_us() const;
    void emit(rpc::Message const& message) { output_.push_back(rpc::to_line(message)); }
    void note(Events& events, std::string what);
    void receive_value(Json const& value, std::string_view line, Events& events);

    void on(rpc::Request const& request, Events& events);
    void on(rpc::Notification const& notification, Events& events);
    void on(rpc::Success const& success, Events& events);
    void on(rpc::Failure const& failure, Events& events);

    void succeed(Opening const&, Json const& result, Events& events);
    void succeed(Discovering const&, Json const& result, Events& events);
    void succeed(Listing listing, Json const& result, Events& events);
    void succeed(Calling const& calling, Json const& result, Events& events);
    void succeed(Requesting const& requesting, Json const& result, Events& events);
    void fail(Pending const& pending, rpc::Failure const& failure, Events& events);
    void fail_to_open(Pending const& pending, ProtocolError const& error, Events& events);
    void lose(Pending const& pending, std::string const& why, Events& events) const;
    std::optional<Pending> take(RequestId const& id);

    Implementation self_;
    std::string offered_version_;
    bool is_open_ = false;
    bool is_stateless_ = false;
    std::string version_;
    std::int64_t next_id_ = 1;
    Ticket next_ticket_ = 1;
    std::map<std::int64_t, Pending> pending_;
    std::deque<std::int64_t> abandoned_;  // the latest few, whose answers are no surprise
    std::vector<std::string> output_;
    std::string last_noise_;
};

}  // namespace resolute::mcp
