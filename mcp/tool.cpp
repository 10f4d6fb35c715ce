#include "mcp/tool.h"

#include <algorithm>

#include "base/error_codes.h"
#include "mcp/json_rpc.h"

namespace resolute::mcp {
namespace {

Diagnostic bad(std::string message, std::string pointer) {
    Diagnostic diagnostic;
    diagnostic.code = codes::malformed_message;
    diagnostic.message = std::move(message);
    diagnostic.pointer = std::move(pointer);
    return diagnostic;
}

// An optional member of one type; complains when it is there and of another.
template <class T>
void take(Json const& object, char const* name, bool (*fits)(Json const&), std::optional<T>& into,
          Diagnostics& problems) {
    auto const found = object.find(name);
    if (found == object.end() || found->is_null()) return;
    if (fits(*found))
        into = found->template get<T>();
    else
        problems.push_back(bad("it has the wrong type", "/" + std::string(name)));
}

bool is_text(Json const& value) { return value.is_string(); }
bool is_object(Json const& value) { return value.is_object(); }
bool is_truth(Json const& value) { return value.is_boolean(); }
bool is_anything(Json const&) { return true; }
bool is_block(Json const& value) {
    return value.is_object() && value.contains("type") && value["type"].is_string();
}

}  // namespace

bool is_known_version(std::string_view version) {
    return std::find(std::begin(protocol_versions), std::end(protocol_versions), version) !=
           std::end(protocol_versions);
}

Result<Tool> read_tool(Json const& value) {
    if (!value.is_object()) return bad("a tool is not an object", "");
    Diagnostics problems;
    Tool tool;
    std::optional<std::string> name;
    std::optional<Json> input_schema;
    take(value, "name", is_text, name, problems);
    take(value, "title", is_text, tool.title, problems);
    take(value, "description", is_text, tool.description, problems);
    take(value, "inputSchema", is_object, input_schema, problems);
    take(value, "outputSchema", is_object, tool.output_schema, problems);
    take(value, "annotations", is_object, tool.annotations, problems);
    if (!name || name->empty()) problems.push_back(bad("a tool has no name", "/name"));
    if (!input_schema) problems.push_back(bad("a tool has no input schema", "/inputSchema"));
    if (!problems.empty()) return problems;
    tool.name = std::move(*name);
    tool.input_schema = std::move(*input_schema);
    return tool;
}

Json to_json(Tool const& tool) {
    Json value = {{"name", tool.name}, {"inputSchema", tool.input_schema}};
    if (tool.title) value["title"] = *tool.title;
    if (tool.description) value["description"] = *tool.description;
    if (tool.output_schema) value["outputSchema"] = *tool.output_schema;
    if (tool.annotations) value["annotations"] = *tool.annotations;
    return value;
}

Result<CallResult> read_call_result(Json const& value) {
    if (!value.is_object()) return bad("the result is not an object", "");
    Diagnostics problems;
    CallResult result;
    std::optional<bool> is_error;
    take(value, "isError", is_truth, is_error, problems);
    take(value, "structuredContent", is_anything, result.structured_content, problems);
    auto const content = value.find("content");
    if (content == value.end() || !content->is_array() ||
        !std::all_of(content->begin(), content->end(), is_block))
        problems.push_back(bad("the content is not a list of blocks with a type", "/content"));
    if (!problems.empty()) return problems;
    result.content = *content;
    result.is_error = is_error.value_or(false);
    return result;
}

Json to_json(CallResult const& result) {
    Json value = {{"content", result.content}};
    if (result.structured_content) value["structuredContent"] = *result.structured_content;
    if (result.is_error) value["isError"] = true;
    return value;
}

bool surely_did_not_run(ProtocolError const& error) {
    switch (error.code) {
        case rpc::parse_error:
        case rpc::invalid_request:
        case rpc::method_not_found:
        case rpc::invalid_params:
        case rpc::header_mismatch:
        case rpc::missing_capability:
        case rpc::unsupported_version: return true;
        default: return false;
    }
}

CallResult text_result(std::string text, bool is_error) {
    CallResult result;
    result.content.push_back({{"type", "text"}, {"text", std::move(text)}});
    result.is_error = is_error;
    return result;
}

CallResult structured_result(Json value) {
    auto result = text_result(to_text(value));
    result.structured_content = std::move(value);
    return result;
}

}  // namespace resolute::mcp
