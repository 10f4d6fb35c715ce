#include "mcp/json_rpc.h"

#include "base/error_codes.h"
#include "base/limits.h"

namespace resolute::mcp {
namespace rpc {
namespace {

Diagnostic bad(std::string message, std::string pointer = {}) {
    Diagnostic diagnostic;
    diagnostic.code = codes::malformed_message;
    diagnostic.message = std::move(message);
    diagnostic.pointer = std::move(pointer);
    return diagnostic;
}

Result<Message> read_call(Json const& value) {
    auto const& method = value["method"];
    if (!method.is_string()) return bad("`method` is not a string", "/method");
    auto params = value.contains("params") ? value["params"] : Json::object();
    if (!params.is_object()) return bad("`params` is not an object", "/params");
    if (!value.contains("id")) return Message(Notification{method, std::move(params)});
    auto const id = id_of(value);
    if (!id) return bad("`id` is neither a string nor an integer", "/id");
    return Message(Request{*id, method, std::move(params)});
}

Result<Message> read_failure(Json const& value) {
    auto const& error = value["error"];
    bool const is_readable = error.is_object() && error.contains("code") &&
                             error.contains("message") && error["code"].is_number_integer() &&
                             error["message"].is_string();
    if (!is_readable) return bad("`error` has no integer code and text message", "/error");
    auto const id = id_of(value);
    bool const has_no_id = !value.contains("id") || value["id"].is_null();
    if (!id && !has_no_id) return bad("`id` is neither a string nor an integer", "/id");
    return Message(Failure{id, error["code"], error["message"], error.value("data", Json())});
}

}  // namespace

std::optional<RequestId> id_of(Json const& value) {
    if (!value.is_object() || !value.contains("id")) return std::nullopt;
    auto const& id = value["id"];
    if (id.is_string()) return RequestId(id.get<std::string>());
    if (id.is_number_unsigned() && id.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
    if (id.is_number_integer()) return RequestId(id.get<std::int64_t>());
    return std::nullopt;
}

Result<Message> read(Json const& value) {
    if (!value.is_object()) return bad("the message is not an object");
    if (!value.contains("jsonrpc") || value["jsonrpc"] != "2.0")
        return bad("`jsonrpc` is not \"2.0\"", "/jsonrpc");
    int const kinds = int(value.contains("method")) + int(value.contains("result")) +
                      int(value.contains("error"));
    if (kinds != 1) return bad("the message needs exactly one of method, result and error");
    if (value.contains("method")) return read_call(value);
    if (value.contains("error")) return read_failure(value);
    auto const id = id_of(value);
    if (!id) return bad("a result needs an `id` that is a string or an integer", "/id");
    return Message(Success{*id, value["result"]});
}

namespace {

Json as_json(Request const& request) {
    return {{"id", to_json(request.id)}, {"method", request.method}, {"params", request.params}};
}

Json as_json(Notification const& notification) {
    Json value = {{"method", notification.method}};
    if (!notification.params.empty()) value["params"] = notification.params;
    return value;
}

Json as_json(Success const& success) {
    return {{"id", to_json(success.id)}, {"result", success.result}};
}

Json as_json(Failure const& failure) {
    Json error = {{"code", failure.code}, {"message", failure.message}};
    if (!failure.data.is_null()) error["data"] = failure.data;
    return {{"id", failure.id ? to_json(*failure.id) : Json()}, {"error", std::move(error)}};
}

}  // namespace

std::string to_line(Message const& message) {
    auto value = std::visit([](auto const& kind) { return as_json(kind); }, message);
    value["jsonrpc"] = "2.0";
    return to_text(value);
}

}  // namespace rpc

Json to_json(RequestId const& id) {
    return std::visit([](auto const& value) { return Json(value); }, id);
}

std::string to_string(RequestId const& id) { return to_text(to_json(id)); }

std::string excerpt(std::string_view line) {
    std::string text;
    for (char c : line.substr(0, limits::mcp_excerpt_bytes))
        text +=
            static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e ? '?' : c;
    return line.size() > limits::mcp_excerpt_bytes ? text + "…" : text;
}

}  // namespace resolute::mcp
