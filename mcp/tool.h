// What a server offers and what a call of it may lead to: the values of the tools part of MCP.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.h"

namespace resolute::mcp {

// Revisions with a handshake, the newest first; that one is offered.
inline constexpr char const* protocol_versions[] = {"2025-11-25", "2025-06-18", "2025-03-26",
                                                    "2024-11-05"};
bool is_known_version(std::string_view version);
// The revision without one: each request says in `_meta` who asks and how. Clients only.
inline constexpr char stateless_version[] = "2026-07-28";

// Who is at the other end, in its own words.
struct Implementation {
    std::string name;
    std::string version;

    bool operator==(Implementation const&) const = default;
};

struct Tool {
    std::string name;
    std::optional<std::string> title;
    std::optional<std::string> description;
    Json input_schema = {{"type", "object"}};
    std::optional<Json> output_schema;
    std::optional<Json> annotations;  // hints of the server about itself: not to be trusted

    bool operator==(Tool const&) const = default;
};

Result<Tool> read_tool(Json const& value);  // members that nobody knows are ignored
Json to_json(Tool const& tool);

// What a tool answered; `is_error` is a failure that the tool itself tells of.
struct CallResult {
    Json content = Json::array();  // blocks {type, …}
    std::optional<Json> structured_content;
    bool is_error = false;

    bool operator==(CallResult const&) const = default;
};

Result<CallResult> read_call_result(Json const& value);
Json to_json(CallResult const& result);
CallResult text_result(std::string text, bool is_error = false);
// The value and, for clients that do not know structured content, the same as text.
CallResult structured_result(Json value);

// The four ways in which a request can end, and what is known in each.
struct ProtocolError {  // a JSON-RPC error instead of a result
    int code = 0;
    std::string message;
};
struct NotSent {  // surely not sent
    std::string why;
    bool is_crowded = false;  // nothing is wrong but that too many requests wait already
};
struct SentNoAnswer {  // it may have run
    std::string why;
};

using CallReply = std::variant<CallResult, ProtocolError, NotSent, SentNoAnswer>;

// Whether an error says that the tool was not even reached: unknown method or tool, malformed
// request. Any other error, such as an internal one, may have come after an effect.
bool surely_did_not_run(ProtocolError const& error);

// What a method other than a call of a tool came to, as it is.
struct RequestResult {
    Json value;
};
using RequestReply = std::variant<RequestResult, ProtocolError, NotSent, SentNoAnswer>;

struct ToolList {
    std::vector<Tool> tools;  // of all pages, in the order of the server
};
using ToolsReply = std::variant<ToolList, ProtocolError, NotSent, SentNoAnswer>;

}  // namespace resolute::mcp
