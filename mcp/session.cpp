#include "mcp/session.h"

#include <algorithm>
#include <stdexcept>

#include "base/limits.h"

namespace resolute::mcp {
namespace {

std::string reasons(Diagnostics const& diagnostics) {
    std::string text;
    for (auto const& diagnostic : diagnostics)
        text += (text.empty() ? "" : "; ") + to_string(diagnostic);
    return text;
}

std::string text_or(Json const& object, char const* name, std::string otherwise) {
    auto const found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

std::string versions_we_speak() {
    std::string text;
    for (auto const* version : protocol_versions)
        text += (text.empty() ? "" : ", ") + std::string(version);
    return text;
}

// Why the result of `initialize` cannot be used, if so.
std::optional<std::string> refusal(Json const& result) {
    if (!result.is_object()) return "its answer to `initialize` is not an object";
    auto const version = text_or(result, "protocolVersion", "");
    if (version.empty()) return "its answer to `initialize` names no protocol version";
    if (!is_known_version(version))
        return "it speaks protocol version `" + excerpt(version) + "`; we speak " +
               versions_we_speak();
    auto const info = result.find("serverInfo");
    if (info == result.end() || !info->is_object() || text_or(*info, "name", "").empty())
        return "its answer to `initialize` has no `serverInfo` with a name";
    auto const capabilities = result.find("capabilities");
    if (capabilities == result.end() || !capabilities->is_object())
        return "its answer to `initialize` has no `capabilities`";
    return std::nullopt;
}

constexpr char server_info_meta[] = "io.modelcontextprotocol/serverInfo";

// Why the result of `server/discover` cannot be used, if so.
std::optional<std::string> undiscovered(Json const& result) {
    auto const versions = result.is_object() ? result.value("supportedVersions", Json()) : Json();
    if (!versions.is_array()) return "its answer to `server/discover` has no `supportedVersions`";
    if (std::find(versions.begin(), versions.end(), stateless_version) != versions.end())
        return std::nullopt;
    return "it speaks protocol versions " + excerpt(to_text(versions)) + "; we speak " +
           stateless_version + ", " + versions_we_speak();
}

// Errors of a server that has no handshake, or misses what each request says there.
bool may_be_stateless(int code) {
    return code == rpc::method_not_found || code == rpc::invalid_params ||
           code == rpc::header_mismatch || code == rpc::missing_capability ||
           code == rpc::unsupported_version;
}

// A result that is none yet: the server wants something first that nobody here has.
std::optional<std::string> incomplete(Json const& result) {
    auto const type = result.is_object() ? text_or(result, "resultType", "complete") : "complete";
    if (type == "complete") return std::nullopt;
    return "its answer is of the type `" + excerpt(type) + "`, which we did not offer to take";
}

}  // namespace

Json ClientSession::about_us() const {
    return {
        {"io.modelcontextprotocol/protocolVersion", stateless_version},
        {"io.modelcontextprotocol/clientCapabilities", Json::object()},
        {"io.modelcontextprotocol/clientInfo", {{"name", self_.name}, {"version", self_.version}}}};
}

void ClientSession::ask(std::string method, Json params, Pending pending) {
    if (is_stateless_) {
        auto& meta = params["_meta"];
        if (!meta.is_object()) meta = Json::object();
        meta.update(about_us());
    }
    auto const id = next_id_++;
    emit(rpc::Request{id, std::move(method), std::move(params)});
    pending_.emplace(id, std::move(pending));
}

void ClientSession::discover(std::string refusal) {
    is_stateless_ = true;
    ask("server/discover", Json::object(), Discovering{std::move(refusal)});
}

void ClientSession::open_unasked() {
    is_stateless_ = is_open_ = true;
    version_ = stateless_version;
}

void ClientSession::open() {
    if (offered_version_ == stateless_version) return discover({});
    Json params = {{"protocolVersion", offered_version_},
                   {"capabilities", Json::object()},
                   {"clientInfo", {{"name", self_.name}, {"version", self_.version}}}};
    ask("initialize", std::move(params), Opening{});
}

ClientSession::Ticket ClientSession::list_tools() {
    if (!is_open_) throw std::logic_error("this MCP session is not open");
    auto const ticket = next_ticket_++;
    ask("tools/list", Json::object(), Listing{ticket, {}, 0});
    return ticket;
}

ClientSession::Ticket ClientSession::call(CallRequest const& request) {
    if (!is_open_) throw std::logic_error("this MCP session is not open");
    auto const ticket = next_ticket_++;
    Json params = {{"name", request.tool}, {"arguments", request.arguments}};
    if (request.idempotency_key) params["_meta"] = {{idempotency_meta, *request.idempotency_key}};
    ask("tools/call", std::move(params), Calling{ticket});
    return ticket;
}

ClientSession::Ticket ClientSession::request(std::string method, Json params) {
    if (!is_open_) throw std::logic_error("this MCP session is not open");
    auto const ticket = next_ticket_++;
    ask(std::move(method), std::move(params), Requesting{ticket});
    return ticket;
}

namespace {

// The request that a ticket is waiting for at the moment.
template <class Map>
auto find_ticket(Map& pending, ClientSession::Ticket ticket) {
    return std::find_if(pending.begin(), pending.end(), [&](auto const& entry) {
        return std::visit(
            [&](auto const& kind) {
                if constexpr (requires { kind.ticket; })
                    return kind.ticket == ticket;
                else
                    return false;
            },
            entry.second);
    });
}

}  // namespace

void ClientSession::abandon(Ticket ticket, std::string const& reason) {
    auto const found = find_ticket(pending_, ticket);
    if (found == pending_.end()) return;
    emit(rpc::Notification{"notifications/cancelled",
                           {{"requestId", found->first}, {"reason", reason}}});
    abandoned_.push_back(found->first);
    if (abandoned_.size() > limits::mcp_abandoned) abandoned_.pop_front();
    pending_.erase(found);
}

void ClientSession::forget(Ticket ticket) {
    auto const found = find_ticket(pending_, ticket);
    if (found != pending_.end()) pending_.erase(found);
}

std::vector<std::string> ClientSession::take_output() { return std::exchange(output_, {}); }

void ClientSession::note(Events& events, std::string what) {
    last_noise_ = what;
    events.push_back(Noise{std::move(what)});
}

// A line that does not even look like a message is a program printing where it should not, which
// many do. One that looks like a message and is not may be an answer that we have just lost.
ClientSession::Events ClientSession::receive(std::string_view line) {
    Events events;
    auto const first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return events;
    if (line[first] != '{' && line[first] != '[') {
        note(events, "it printed a line that is no message: " + excerpt(line));
        return events;
    }
    auto const value = parse_json(line);
    if (!value) {
        events.push_back(
            Broken{"it sent a message that is not JSON: " + reasons(value.diagnostics())});
        return events;
    }
    bool const is_batch =
        value->is_array() && version_ == "2025-03-26";  // the only version with batches
    if (!is_batch)
        receive_value(*value, line, events);
    else
        for (auto const& one : *value) receive_value(one, line, events);
    return events;
}

void ClientSession::receive_value(Json const& value, std::string_view line, Events& events) {
    if (value.is_object() && !value.contains("jsonrpc"))
        return note(events, "it printed JSON that is no message: " + excerpt(line));
    auto const message = rpc::read(value);
    if (!message) {
        events.push_back(Broken{"it sent a malformed message: " + reasons(message.diagnostics())});
        return;
    }
    std::visit([&](auto const& kind) { on(kind, events); }, *message);
}

void ClientSession::on(rpc::Request const& request, Events& events) {
    if (request.method == "ping") return emit(rpc::Success{request.id, Json::object()});
    emit(rpc::Failure{request.id,
                      rpc::method_not_found,
                      "this client offers no `" + excerpt(request.method) + "`",
                      {}});
    note(events, "it asked for `" + excerpt(request.method) + "`, which we do not offer");
}

void ClientSession::on(rpc::Notification const& notification, Events& events) {
    if (notification.method == "notifications/tools/list_changed") events.push_back(ToolsChanged{});
}

std::optional<ClientSession::Pending> ClientSession::take(RequestId const& id) {
    auto const* number = std::get_if<std::int64_t>(&id);
    auto const found = number ? pending_.find(*number) : pending_.end();
    if (found == pending_.end()) return std::nullopt;
    auto pending = std::move(found->second);
    pending_.erase(found);
    return pending;
}

void ClientSession::on(rpc::Success const& success, Events& events) {
    if (auto pending = take(success.id)) {
        std::visit([&](auto& kind) { succeed(std::move(kind), success.result, events); }, *pending);
        return;
    }
    auto const* number = std::get_if<std::int64_t>(&success.id);
    bool const is_late =
        number && std::find(abandoned_.begin(), abandoned_.end(), *number) != abandoned_.end();
    if (!is_late)
        note(events,
             "it answered request " + excerpt(to_string(success.id)) + ", which we did not send");
}

void ClientSession::on(rpc::Failure const& failure, Events& events) {
    if (!failure.id)
        return note(events, "it could not read a request: " + excerpt(failure.message));
    if (auto const pending = take(*failure.id)) return fail(*pending, failure, events);
    auto const* number = std::get_if<std::int64_t>(&*failure.id);
    bool const is_late =
        number && std::find(abandoned_.begin(), abandoned_.end(), *number) != abandoned_.end();
    if (!is_late)
        note(events,
             "it refused request " + excerpt(to_string(*failure.id)) + ", which we did not send");
}

void ClientSession::succeed(Opening const&, Json const& result, Events& events) {
    if (auto const why = refusal(result)) {
        events.push_back(OpenFailed{*why});
        return;
    }
    is_open_ = true;
    version_ = result["protocolVersion"];
    emit(rpc::Notification{"notifications/initialized"});
    auto const& info = result["serverInfo"];
    events.push_back(Opened{{info["name"], text_or(info, "version", "")},
                            version_,
                            text_or(result, "instructions", ""),
                            result["capabilities"].contains("tools")});
}

void ClientSession::succeed(Discovering const& discovering, Json const& result, Events& events) {
    if (auto const why = undiscovered(result)) {
        events.push_back(OpenFailed{discovering.refusal.empty() ? *why : discovering.refusal});
        return;
    }
    is_open_ = true;
    version_ = stateless_version;
    auto const member = [](Json const& object, char const* name) {
        return object.is_object() ? object.value(name, Json()) : Json();
    };
    auto const info = member(member(result, "_meta"), server_info_meta);
    auto const text = [&](char const* name) {
        return info.is_object() ? text_or(info, name, "") : "";
    };
    auto const capabilities = member(result, "capabilities");
    events.push_back(Opened{{text("name"), text("version")},
                            version_,
                            text_or(result, "instructions", ""),
                            capabilities.is_object() && capabilities.contains("tools")});
}

void ClientSession::succeed(Listing listing, Json const& result, Events& events) {
    auto fail_with = [&](std::string why) {
        events.push_back(
            Listed{listing.ticket, SentNoAnswer{"its list of tools is unusable: " + why}});
    };
    if (!result.is_object() || !result.contains("tools") || !result["tools"].is_array())
        return fail_with("there is no `tools` list in it");
    for (auto const& value : result["tools"]) {
        auto tool = read_tool(value);
        if (!tool) return fail_with(reasons(tool.diagnostics()));
        auto const same = [&](Tool const& other) { return other.name == tool->name; };
        if (std::any_of(listing.tools.begin(), listing.tools.end(), same))
            return fail_with("it has two tools named `" + excerpt(tool->name) + "`");
        listing.tools.push_back(std::move(*tool));
    }
    if (listing.tools.size() > limits::mcp_tools)
        return fail_with("it has more than " + std::to_string(limits::mcp_tools) + " tools");
    auto const cursor = result.find("nextCursor");
    if (cursor == result.end() || cursor->is_null()) {
        events.push_back(Listed{listing.ticket, ToolList{std::move(listing.tools)}});
        return;
    }
    if (!cursor->is_string()) return fail_with("its cursor is not a text");
    if (++listing.pages >= limits::mcp_pages) return fail_with("it does not end");
    ask("tools/list", {{"cursor", *cursor}}, std::move(listing));  // "" is a cursor like any other
}

void ClientSession::succeed(Calling const& calling, Json const& result, Events& events) {
    if (auto const why = incomplete(result)) {
        events.push_back(Called{calling.ticket, SentNoAnswer{*why}});
        return;
    }
    auto read = read_call_result(result);
    if (read)
        events.push_back(Called{calling.ticket, std::move(*read)});
    else
        events.push_back(
            Called{calling.ticket, SentNoAnswer{"it answered with something that is no result: " +
                                                reasons(read.diagnostics())}});
}

void ClientSession::succeed(Requesting const& requesting, Json const& result, Events& events) {
    if (auto const why = incomplete(result))
        events.push_back(Answered{requesting.ticket, SentNoAnswer{*why}});
    else
        events.push_back(Answered{requesting.ticket, RequestResult{result}});
}

void ClientSession::fail(Pending const& pending, rpc::Failure const& failure, Events& events) {
    ProtocolError const error{failure.code, failure.message};
    if (auto const* listing = std::get_if<Listing>(&pending))
        events.push_back(Listed{listing->ticket, error});
    else if (auto const* calling = std::get_if<Calling>(&pending))
        events.push_back(Called{calling->ticket, error});
    else if (auto const* requesting = std::get_if<Requesting>(&pending))
        events.push_back(Answered{requesting->ticket, error});
    else
        fail_to_open(pending, error, events);
}

void ClientSession::fail_to_open(Pending const& pending, ProtocolError const& error,
                                 Events& events) {
    auto const* discovering = std::get_if<Discovering>(&pending);
    auto const why = std::string("it refused `") +
                     (discovering ? "server/discover" : "initialize") + "` with error " +
                     std::to_string(error.code) + ": " + excerpt(error.message);
    if (!discovering && may_be_stateless(error.code)) return discover(why);
    bool const was_refused_before = discovering && !discovering->refusal.empty();
    events.push_back(OpenFailed{was_refused_before ? discovering->refusal : why});
}

void ClientSession::lose(Pending const& pending, std::string const& why, Events& events) const {
    if (auto const* listing = std::get_if<Listing>(&pending))
        events.push_back(Listed{listing->ticket, SentNoAnswer{why}});
    else if (auto const* calling = std::get_if<Calling>(&pending))
        events.push_back(Called{calling->ticket, SentNoAnswer{why}});
    else if (auto const* requesting = std::get_if<Requesting>(&pending))
        events.push_back(Answered{requesting->ticket, SentNoAnswer{why}});
    else
        events.push_back(OpenFailed{why});
}

ClientSession::Events ClientSession::lost(std::string const& why) {
    Events events;
    for (auto const& [id, pending] : std::exchange(pending_, {})) lose(pending, why, events);
    is_open_ = false;
    output_.clear();
    return events;
}

}  // namespace resolute::mcp
