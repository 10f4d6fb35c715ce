// JSON-RPC 2.0 messages as MCP uses them: one object per line, ids never null, parameters always an
// object.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/json.h"

namespace resolute::mcp {

using RequestId = std::variant<std::int64_t, std::string>;

namespace rpc {

inline constexpr int parse_error = -32700;
inline constexpr int invalid_request = -32600;
inline constexpr int method_not_found = -32601;
inline constexpr int invalid_params = -32602;
inline constexpr int internal_error = -32603;
// Of revision 2026-07-28: the request was looked at and not carried out.
inline constexpr int header_mismatch = -32020;
inline constexpr int missing_capability = -32021;
inline constexpr int unsupported_version = -32022;

struct Request {
    RequestId id;
    std::string method;
    Json params = Json::object();
};

struct Notification {
    std::string method;
    Json params = Json::object();
};

struct Success {
    RequestId id;
    Json result;
};

struct Failure {
    std::optional<RequestId> id;  // none when the request could not be read
    int code = 0;
    std::string message;
    Json data;  // null when there is none
};

using Message = std::variant<Request, Notification, Success, Failure>;

// Strict: "jsonrpc" is "2.0", ids are strings or integers, exactly one kind of message. Members
// that nobody knows are ignored.
Result<Message> read(Json const& value);

// The id of something that may be no valid message, to answer it with an error.
std::optional<RequestId> id_of(Json const& value);

std::string to_line(Message const& message);  // without the newline

}  // namespace rpc

Json to_json(RequestId const& id);
std::string to_string(RequestId const& id);

// The beginning of a line from outside, for a message to people: bounded, without control
// characters.
std::string excerpt(std::string_view line);

}  // namespace resolute::mcp
