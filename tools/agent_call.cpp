#include "tools/agent_call.h"

#include "base/id.h"
#include "net/url.h"
#include "tools/agent_dialect.h"
#include "tools/request_call.h"
#include "tools/rpc_messages.h"

namespace resolute::tools {
namespace {

bool sends_message(std::string const& method) {
    return method == "message/send" || method == "message/stream";
}
bool streams(std::string const& method) {
    return method == "message/stream" || method == "tasks/resubscribe";
}

// Errors of A2A are the agent's own word; an internal one may come from after the effect, and so
// may an answer that the agent itself could not make sense of.
bool is_a_word(std::int64_t code) { return code != -32603 && code != -32006; }

Answer refusal(Contract const& contract, Json const& error, bool comes_first) {
    auto const code = error.value("code", Json(0));
    auto const message = error.value("message", Json(""));
    auto why = runtime_failure(
        "`" + contract.name + "` was refused by the agent: " +
            excerpt_of(message.is_string() ? message.get<std::string>() : to_text(message)),
        codes::tool_refused);
    Json evidence{{"code", code}};
    bool const surely = code.is_number_integer() && is_a_word(code.get<std::int64_t>());
    if (comes_first && (contract.is_read() || surely))
        return {Refused{std::move(why)}, std::move(evidence)};
    return {Doubtful{std::move(why), false}, std::move(evidence)};
}

Answer nonsense(Contract const& contract, std::string const& what) {
    return {Doubtful{communication_failure("`" + contract.name + "` answered, but " + what,
                                           codes::bad_answer),
                     false},
            Json::object()};
}

Answer wrong_card(Contract const& contract, std::string const& what) {
    return {Refused{configuration_failure("`" + contract.name + "` found no agent: " + what,
                                          codes::invalid_value)},
            Json::object()};
}

std::string text_in(Json const& object, char const* name) {
    auto const found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// The objects in a list of the card.
std::vector<Json> listed_in(Json const& card, char const* name) {
    std::vector<Json> objects;
    auto const list = card.value(name, Json());
    if (!list.is_array()) return objects;
    for (auto const& one : list)
        if (one.is_object()) objects.push_back(one);
    return objects;
}

std::string authority_of(std::string const& address) {
    auto const url = net::parse_url(address);
    return url ? net::authority(*url) : "";
}

// Credentials for the card are for the agent as well where both are at the same place.
Answer call_in(Contract const& contract, Json const& card, Json const& arguments) {
    auto const place = agent_place(card);
    if (!place) return wrong_card(contract, place.diagnostics().front().message);
    auto const& resource = arguments.at("card");
    auto asked = arguments;
    asked.erase("card");
    auto const tool = asked.at("tool").get<std::string>();
    asked.erase("tool");
    asked["uri"] = place->address;
    if (!place->version.empty()) asked["version"] = place->version;
    if (!place->tenant.empty()) asked["tenant"] = place->tenant;
    if (resource.contains("authentication") &&
        authority_of(place->address) == authority_of(resource.at("uri").get<std::string>()))
        asked["authentication"] = resource.at("authentication");
    return {Answered{{{"tool", tool}, {"arguments", std::move(asked)}}}, Json::object()};
}

Json agent_request(Json const& arguments, std::string const& key) {
    auto method = arguments.at("method").get<std::string>();
    auto parameters = agent_parameters(method, arguments.value("parameters", Json::object()), key);
    if (arguments.contains("version")) {
        parameters = parameters_in_1_0(method, std::move(parameters));
        if (arguments.contains("tenant") && parameters.is_object())
            parameters["tenant"] = arguments.at("tenant");
        method = method_in_1_0(method);
    }
    return {{"jsonrpc", "2.0"},
            {"id", 1},
            {"method", std::move(method)},
            {"params", std::move(parameters)}};
}

}  // namespace

Json agent_parameters(std::string const& method, Json parameters, std::string const& key) {
    if (!sends_message(method) || !parameters.is_object()) return parameters;
    auto& message = parameters["message"];
    if (message.is_null()) message = Json::object();
    if (!message.is_object()) return parameters;
    if (!message.contains("role")) message["role"] = "user";
    if (!message.contains("kind")) message["kind"] = "message";
    if (message.contains("messageId")) return parameters;
    auto const digest = sha256(key);
    Uuid id;
    std::copy_n(digest.bytes.begin(), id.size(), id.begin());
    id[6] = static_cast<std::uint8_t>((id[6] & 0x0f) | 0x80);  // version 8: made by us, RFC 9562
    id[8] = static_cast<std::uint8_t>((id[8] & 0x3f) | 0x80);
    message["messageId"] = to_string(id);
    return parameters;
}

Result<AgentPlace> agent_place(Json const& card) {
    auto const none = [](std::string message) {
        return Diagnostic{.code = codes::invalid_value, .message = std::move(message)};
    };
    if (!card.is_object()) return none("the agent card is not an object.");
    for (auto const& one : listed_in(card, "supportedInterfaces")) {
        if (text_in(one, "protocolBinding") != "JSONRPC" || text_in(one, "url").empty()) continue;
        auto const version = text_in(one, "protocolVersion");
        if (version.starts_with("1."))
            return AgentPlace{text_in(one, "url"), agent_version_1, text_in(one, "tenant")};
        if (version.starts_with("0.")) return AgentPlace{text_in(one, "url"), {}, {}};
    }
    auto const preferred = text_in(card, "preferredTransport");
    if (!text_in(card, "url").empty() && (preferred.empty() || preferred == "JSONRPC"))
        return AgentPlace{text_in(card, "url"), {}, {}};
    for (auto const& one : listed_in(card, "additionalInterfaces"))
        if (text_in(one, "transport") == "JSONRPC" && !text_in(one, "url").empty())
            return AgentPlace{text_in(one, "url"), {}, {}};
    return none("its card names no address for JSON-RPC of A2A 0.3 or 1.0.");
}

Answer agent_answer(Contract const& contract, std::string const& method, Json const& response,
                    std::string const& version) {
    Json results = Json::array();
    for (auto const& text : messages_in(response)) {
        auto const message = parse_json(text);
        if (!message || !message->is_object())
            return nonsense(contract, "not in JSON: " + excerpt_of(text));
        if (auto const error = message->find("error");
            error != message->end() && error->is_object())
            return refusal(contract, *error, results.empty());
        auto const result = message->find("result");
        if (result == message->end())
            return nonsense(contract, "without a result: " + excerpt_of(text));
        results.push_back(version.empty() ? *result : result_in_0_3(method, *result));
    }
    if (streams(method)) {
        if (results.empty()) return nonsense(contract, "its stream was empty.");
        return {Answered{std::move(results)}, Json::object()};
    }
    if (results.size() != 1) return nonsense(contract, "not with one result.");
    return {Answered{results.front()}, Json::object()};
}

void call_agent(net::HttpClient& http, Clock const& clock, Sending const& sending,
                AgentCall const& call, OnAnswer const& done) {
    auto const& arguments = sending.arguments.json();
    auto const method = arguments.at("method").get<std::string>();
    auto const version = arguments.value("version", std::string());
    Json request{{"uri", arguments.at("uri")},
                 {"headers",
                  {{"Content-Type", "application/json"},
                   {"Accept", streams(method) ? "text/event-stream" : "application/json"}}},
                 {"body", to_text(agent_request(arguments, sending.key))},
                 {"output", "response"}};
    if (!version.empty()) request["headers"]["A2A-Version"] = version;
    if (arguments.contains("authentication"))
        request["authentication"] = arguments.at("authentication");
    auto post = sending;
    post.arguments = Payload(std::move(request));
    auto const read = [sending, method, version, done](Answer answer) {
        auto const* response = std::get_if<Answered>(&answer.what);
        if (!response) return done(std::move(answer));
        done(guarded(*sending.contract, [&] {
            return agent_answer(*sending.contract, method, response->value, version);
        }));
    };
    call_request(http, clock, post, RequestCall{"POST", call.reach}, read);
}

void read_card(net::HttpClient& http, Clock const& clock, Sending const& sending,
               CardCall const& call, OnAnswer const& done) {
    auto fetch = sending;
    fetch.arguments = Payload(sending.arguments.json().at("card"));
    call_request(http, clock, fetch, RequestCall{"GET", call.reach},
                 [sending, done](Answer answer) {
                     auto const* card = std::get_if<Answered>(&answer.what);
                     if (!card) return done(std::move(answer));
                     done(guarded(*sending.contract, [&] {
                         return call_in(*sending.contract, card->value, sending.arguments.json());
                     }));
                 });
}

}  // namespace resolute::tools
