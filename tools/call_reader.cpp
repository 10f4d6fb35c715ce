#include "tools/call_reader.h"

#include <algorithm>

#include "base/spelling.h"
#include "net/http_message.h"

namespace resolute::tools {
namespace {

bool is_required(Json const& input, std::string const& name) {
    if (!input.is_object() || !input.contains("required")) return false;
    auto const& required = input.at("required");
    return std::ranges::find(required, Json(name)) != required.end();
}

// An argument in the address must be one that every call has.
void check_names(UrlTemplate const& url, Json const& input, Fields& fields) {
    auto const known = property_names(input);
    for (auto const& name : url.names()) {
        auto const text = "`{" + name + "}` in the address ";
        if (std::ranges::find(known, name) == known.end())
            wrong(fields, "url", codes::unknown_reference, text + "is not a property of `input`.",
                  "Declare it there." + did_you_mean(name, known));
        else if (!is_required(input, name))
            wrong(fields, "url", codes::invalid_value, text + "is an argument that may be absent.",
                  "Add `" + name + "` to `required` of `input`.");
    }
}

std::optional<UrlTemplate> read_url(Fields& fields, Json const& input,
                                    Environment const& environment) {
    auto const written = required_name(fields, "url");
    if (!written) return std::nullopt;
    auto const text = expand(*written, environment);
    if (!text.unknown.empty()) return std::nullopt;  // reported by the caller
    auto url = UrlTemplate::compile(text.text);
    if (!url) {
        for (auto const& problem : url.diagnostics())
            wrong(fields, "url", codes::malformed_url, problem.message, problem.remedy);
        return std::nullopt;
    }
    check_names(*url, input, fields);
    return std::move(*url);
}

bool leaves_open(int status) {
    return status == 408 || status == 409 || status == 425 || status == 429;
}

// Answers with these statuses are results; those that leave open whether something happened cannot
// be.
bool may_be_result(int status) { return status >= 300 && status <= 499 && !leaves_open(status); }

// The owner says of these that nothing was done. A proxy may send 502 and 504, and it cannot know.
bool may_be_refusal(int status) {
    return leaves_open(status) || status == 500 || status == 501 || status == 503;
}

std::set<int> read_statuses(Fields& fields, std::string_view key, bool (*may_be)(int),
                            std::string const& remedy) {
    std::set<int> statuses;
    auto const* list = fields.find(key);
    if (!list ||
        !workflow::expect(*list, Node::Kind::list, "`" + std::string(key) + "`", fields.problems()))
        return statuses;
    for (auto const& item : list->items) {
        auto const status = item.scalar.is_number_integer() ? item.scalar.get<std::int64_t>() : 0;
        bool const is_status = status >= 100 && status <= 599;
        if (is_status && may_be(static_cast<int>(status)))
            statuses.insert(static_cast<int>(status));
        else
            fields.problems().error(item, codes::invalid_value,
                                    "This cannot stand in `" + std::string(key) + "`.", remedy);
    }
    return statuses;
}

void check_header(net::Header const& header, workflow::Place const& at, Problems& problems) {
    if (!net::is_valid_header(header))
        problems.error(at, codes::invalid_value,
                       "`" + header.name + "` is no header that can be sent.",
                       "Its name must be a word and its value must have no control characters.");
    for (auto const* owned :
         {"Host", "Content-Length", "Connection", "Transfer-Encoding", "Content-Type", "Accept"})
        if (net::equal_ignoring_case(header.name, owned))
            problems.error(at, codes::invalid_value,
                           "The header `" + header.name + "` is set by the engine.", "Remove it.");
}

std::map<std::string, std::string> read_headers(Fields& fields, Expander& expander) {
    auto headers = expander.secret_texts(fields, "headers");
    if (auto const* node = fields.find("headers"))
        for (auto const& member : node->members)
            if (auto const found = headers.find(member.key); found != headers.end())
                check_header({found->first, found->second}, workflow::place_of(member),
                             fields.problems());
    return headers;
}

std::string read_key_header(Fields& fields) {
    auto const name = fields.text("idempotencyHeader");
    if (name)
        check_header({*name, "key"}, workflow::place_of(*fields.find("idempotencyHeader")),
                     fields.problems());
    return name.value_or("");
}

std::optional<Call> read_http(Node const& node, Json const& input, Expander& expander,
                              Problems& problems) {
    Fields fields(node, "`http`", problems);
    fields.require("method");
    auto const method = word(fields, "method", {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"});
    if (auto const* written = fields.find("url"); written && written->is(Node::Kind::text))
        expander.text(*written, written->text());
    auto url = read_url(fields, input, expander.environment());
    auto headers = read_headers(fields, expander);
    auto const key_header = read_key_header(fields);
    auto body = expression(fields, "body");
    auto result = expression(fields, "result");
    auto accepts = read_statuses(fields, "accepts", &may_be_result,
                                 "List statuses such as 404, but not 408, 409, 425, 429 or 5xx.");
    auto refuses =
        read_statuses(fields, "refuses", &may_be_refusal,
                      "List 408, 409, 425, 429, 500, 501 or 503; other 4xx are refusals anyway.");
    fields.finish();
    if (!url || !method) return std::nullopt;
    return HttpCall{*method,         std::move(*url),   std::move(headers), key_header,
                    std::move(body), std::move(result), std::move(accepts), std::move(refuses)};
}

std::optional<Call> read_mcp(Node const& node, Json const& input, Problems& problems) {
    Fields fields(node, "`mcp`", problems);
    McpCall call{required_name(fields, "server").value_or(""),
                 required_name(fields, "tool").value_or(""),
                 fields.text("idempotencyArgument").value_or(""), expression(fields, "result"),
                 std::nullopt};
    auto const known = property_names(input);
    if (std::ranges::find(known, call.idempotency_argument) != known.end())
        wrong(fields, "idempotencyArgument", codes::invalid_value,
              "`" + call.idempotency_argument +
                  "` is a property of `input`, so a caller could choose the key.",
              "Remove it from `input`; the engine adds it.");
    if (auto const pin = fields.text("pin")) {
        call.pin = parse_digest(*pin);
        if (!call.pin)
            wrong(fields, "pin", codes::invalid_value, "`pin` must be 64 hexadecimal digits.");
    }
    fields.finish();
    return call;
}

std::optional<Call> read_process(Node const& node, Expander& expander, Problems& problems) {
    Fields fields(node, "`process`", problems);
    bool const has_command = fields.require("command") != nullptr;
    ProcessCall call{expander.texts(fields, "command"), expander.secret_texts(fields, "env")};
    if (has_command && call.command.empty())
        wrong(fields, "command", codes::invalid_value, "`command` is empty.",
              "List the program and its arguments.");
    fields.finish();
    return call;
}

std::optional<Call> read_function(Node const& node, Problems& problems) {
    if (node.is(Node::Kind::text) && !node.text().empty()) return FunctionCall{node.text()};
    problems.error(node, codes::wrong_type,
                   "`function` must be the name of a function of this program.");
    return std::nullopt;
}

}  // namespace

std::optional<Call> read_call(Node const& node, Json const& input, Expander& expander,
                              Problems& problems) {
    Fields fields(node, "`call`", problems);
    auto const* http = fields.find("http");
    auto const* mcp = fields.find("mcp");
    auto const* process = fields.find("process");
    auto const* function = fields.find("function");
    refuse(fields, "openapi", "Write the operation as `http`.");
    fields.finish();
    auto const count =
        (http != nullptr) + (mcp != nullptr) + (process != nullptr) + (function != nullptr);
    if (node.is(Node::Kind::map) && count != 1)
        problems.error(node, codes::invalid_value,
                       "`call` must say exactly one of `http`, `mcp`, `process` and `function`.");
    if (count != 1) return std::nullopt;
    if (http) return read_http(*http, input, expander, problems);
    if (mcp) return read_mcp(*mcp, input, problems);
    if (process) return read_process(*process, expander, problems);
    return read_function(*function, problems);
}

bool carries_key(Call const& call) {
    if (auto const* http = std::get_if<HttpCall>(&call)) return !http->idempotency_header.empty();
    if (auto const* mcp = std::get_if<McpCall>(&call)) return !mcp->idempotency_argument.empty();
    return true;
}

std::vector<std::string> property_names(Json const& schema) {
    std::vector<std::string> names;
    auto const properties = schema.is_object() ? schema.find("properties") : schema.end();
    if (properties != schema.end() && properties->is_object())
        for (auto const& [name, property] : properties->items()) names.push_back(name);
    return names;
}

}  // namespace resolute::tools
