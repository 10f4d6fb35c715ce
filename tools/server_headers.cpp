#include "tools/server_headers.h"

#include <algorithm>

#include "base/limits.h"
#include "tools/base64.h"

namespace resolute::tools {
namespace {

constexpr std::string_view encoded_begins = "=?base64?";
constexpr std::string_view encoded_ends = "?=";

std::optional<std::string> primitive(Json const& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
    if (value.is_number_integer()) return to_text(value);
    return std::nullopt;
}

bool is_marked_type(Json const& schema) {
    auto const type = schema.value("type", Json());
    return type == "string" || type == "integer" || type == "boolean";
}

// Marks below `properties`, however deep; false when one of them breaks the rules.
bool collect(Json const& schema, Json const& arguments, int depth, net::Headers& headers) {
    auto const properties = schema.find("properties");
    if (properties == schema.end() || !properties->is_object()) return true;
    if (depth > limits::schema_depth) return false;
    for (auto const& [name, inner] : properties->items()) {
        if (!inner.is_object()) continue;
        auto const value = arguments.is_object() ? arguments.value(name, Json()) : Json();
        if (!collect(inner, value, depth + 1, headers)) return false;
        auto const mark = inner.find("x-mcp-header");
        if (mark == inner.end()) continue;
        net::Header header{"Mcp-Param-" + (mark->is_string() ? mark->get<std::string>() : ""), ""};
        bool const is_twice = std::ranges::any_of(headers, [&](net::Header const& other) {
            return net::equal_ignoring_case(other.name, header.name);
        });
        if (!mark->is_string() || mark->get_ref<std::string const&>().empty() || is_twice ||
            !net::is_valid_header(header) || !is_marked_type(inner))
            return false;
        // What has no value has no header, but its name is taken.
        if (auto const text = primitive(value)) header.value = header_text(*text);
        headers.push_back(std::move(header));
    }
    return true;
}

}  // namespace

std::string header_text(std::string const& value) {
    bool const is_plain = std::ranges::all_of(
        value, [](unsigned char letter) { return letter >= 0x20 && letter < 0x7f; });
    bool const has_edges = !value.empty() && (value.front() == ' ' || value.back() == ' ');
    bool const looks_encoded = value.starts_with(encoded_begins) && value.ends_with(encoded_ends);
    if (is_plain && !has_edges && !looks_encoded) return value;
    return std::string(encoded_begins) + base64(value) + std::string(encoded_ends);
}

net::Headers headers_of_request(std::string const& method, Json const& parameters) {
    net::Headers headers{{"MCP-Protocol-Version", mcp::stateless_version}, {"Mcp-Method", method}};
    auto const* named = method == "tools/call" || method == "prompts/get" ? "name"
                        : method == "resources/read"                      ? "uri"
                                                                          : nullptr;
    auto const name = named ? parameters.value(named, Json()) : Json();
    if (name.is_string())
        headers.push_back({"Mcp-Name", header_text(name.get_ref<std::string const&>())});
    return headers;
}

std::optional<net::Headers> headers_of_arguments(mcp::Tool const& tool, Json const& arguments) {
    net::Headers headers;
    if (!collect(tool.input_schema, arguments, 0, headers)) return std::nullopt;
    std::erase_if(headers, [](net::Header const& header) { return header.value.empty(); });
    return headers;
}

}  // namespace resolute::tools
