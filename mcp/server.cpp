#include "mcp/server.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/limits.h"

namespace resolute::mcp {
namespace {

// Our cursors are offsets; a client must treat them as opaque and send them back as they are.
std::optional<std::size_t> offset_of(Json const& params) {
    auto const cursor = params.find("cursor");
    if (cursor == params.end() || cursor->is_null()) return 0;
    if (!cursor->is_string()) return std::nullopt;
    auto const& text = cursor->get_ref<std::string const&>();
    std::size_t offset = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return offset;
}

}  // namespace

ServerSession::ServerSession(Implementation self, std::vector<Tool> tools, std::string instructions)
    : self_(std::move(self)), instructions_(std::move(instructions)) {
    for (auto& tool : tools) {
        if (find(tool.name)) throw std::invalid_argument("two tools are named `" + tool.name + "`");
        auto schema = JsonSchema::compile(tool.input_schema).value();
        offers_.push_back({std::move(tool), std::move(schema)});
    }
}

ServerSession::Offer const* ServerSession::find(std::string const& name) const {
    auto const found = std::find_if(offers_.begin(), offers_.end(),
                                    [&](Offer const& offer) { return offer.tool.name == name; });
    return found == offers_.end() ? nullptr : &*found;
}

std::vector<std::string> ServerSession::take_output() { return std::exchange(output_, {}); }

ServerSession::Events ServerSession::receive(std::string_view line) {
    Events events;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return events;
    auto const value = parse_json(line);
    if (!value) {
        emit(rpc::Failure{{}, rpc::parse_error, to_string(value.diagnostics().front()), {}});
        return events;
    }
    bool const is_batch = value->is_array() && version_ == "2025-03-26" && !value->empty();
    if (!is_batch)
        receive_value(*value, events);
    else
        for (auto const& one : *value) receive_value(one, events);
    return events;
}

void ServerSession::receive_value(Json const& value, Events& events) {
    auto const message = rpc::read(value);
    if (message) return std::visit([&](auto const& kind) { on(kind, events); }, *message);
    emit(rpc::Failure{
        rpc::id_of(value), rpc::invalid_request, to_string(message.diagnostics().front()), {}});
}

void ServerSession::on(rpc::Notification const& notification, Events& events) {
    if (notification.method != "notifications/cancelled") return;
    auto const& params = notification.params;
    auto const id =
        params.contains("requestId") ? rpc::id_of({{"id", params["requestId"]}}) : std::nullopt;
    if (!id || calls_.erase(*id) == 0) return;
    bool const has_reason = params.contains("reason") && params["reason"].is_string();
    events.push_back(Cancelled{*id, has_reason ? params["reason"].get<std::string>() : ""});
}

void ServerSession::on(rpc::Request const& request, Events& events) {
    if (request.method == "ping") return emit(rpc::Success{request.id, Json::object()});
    if (request.method == "initialize") return initialize(request);
    bool const is_known = request.method == "tools/list" || request.method == "tools/call";
    if (!is_known)
        return refuse(request.id, rpc::method_not_found,
                      "there is no method `" + excerpt(request.method) + "`");
    if (version_.empty())
        return refuse(request.id, rpc::invalid_request, "send `initialize` first");
    if (request.method == "tools/list")
        list(request);
    else
        call(request, events);
}

void ServerSession::initialize(rpc::Request const& request) {
    auto const wanted = request.params.find("protocolVersion");
    if (wanted == request.params.end() || !wanted->is_string())
        return refuse(request.id, rpc::invalid_params, "`protocolVersion` is missing");
    auto const& text = wanted->get_ref<std::string const&>();
    version_ = is_known_version(text) ? text : protocol_versions[0];
    Json result = {{"protocolVersion", version_},
                   {"capabilities", {{"tools", Json::object()}}},
                   {"serverInfo", {{"name", self_.name}, {"version", self_.version}}}};
    if (!instructions_.empty()) result["instructions"] = instructions_;
    emit(rpc::Success{request.id, std::move(result)});
}

void ServerSession::list(rpc::Request const& request) {
    auto const offset = offset_of(request.params);
    if (!offset || *offset > offers_.size())
        return refuse(request.id, rpc::invalid_params, "the cursor is not one of ours");
    auto const end = std::min(offers_.size(), *offset + limits::mcp_page_tools);
    Json tools = Json::array();
    for (auto i = *offset; i < end; ++i) tools.push_back(to_json(offers_[i].tool));
    Json result = {{"tools", std::move(tools)}};
    if (end < offers_.size()) result["nextCursor"] = std::to_string(end);
    emit(rpc::Success{request.id, std::move(result)});
}

void ServerSession::call(rpc::Request const& request, Events& events) {
    auto const& params = request.params;
    auto const name = params.find("name");
    if (name == params.end() || !name->is_string())
        return refuse(request.id, rpc::invalid_params, "`name` of the tool is missing");
    auto const* offer = find(*name);
    if (!offer)
        return refuse(request.id, rpc::invalid_params,
                      "there is no tool `" + excerpt(name->get<std::string>()) + "`");
    auto arguments = params.value("arguments", Json::object());
    if (!arguments.is_object())
        return refuse(request.id, rpc::invalid_params, "`arguments` is not an object");
    if (!calls_.insert(request.id).second)
        return refuse(request.id, rpc::invalid_request, "this id is already in flight");
    auto const violations = offer->arguments.validate(arguments);
    if (!violations.empty())  // a result, so that a model can see its mistake and mend it
        return answer(request.id, text_result(to_string(violations), true));
    auto meta = params.value("_meta", Json::object());
    events.push_back(Call{request.id, *name, std::move(arguments),
                          meta.is_object() ? std::move(meta) : Json::object()});
}

void ServerSession::answer(RequestId const& id, CallResult const& result) {
    if (calls_.erase(id) != 0) emit(rpc::Success{id, to_json(result)});
}

void ServerSession::refuse(RequestId const& id, int code, std::string message) {
    calls_.erase(id);
    emit(rpc::Failure{id, code, std::move(message), {}});
}

}  // namespace resolute::mcp
