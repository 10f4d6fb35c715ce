#include "inference/openai_backend.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "base/utf8.h"

namespace resolute::inference {
namespace {

char const* role_name(ChatMessage::Role role) {
    switch (role) {
        case ChatMessage::Role::system: return "system";
        case ChatMessage::Role::user: return "user";
        case ChatMessage::Role::assistant: return "assistant";
    }
    return "user";
}

// Strict mode wants every object closed and every property required, all the way down.
bool fits_strict_mode(Json const& schema) {
    if (schema.is_array()) return std::ranges::all_of(schema, fits_strict_mode);
    if (!schema.is_object()) return true;
    if (auto const properties = schema.find("properties");
        properties != schema.end() && properties->is_object()) {
        if (schema.value("additionalProperties", Json(true)) != Json(false)) return false;
        auto const required = schema.value("required", Json::array());
        for (auto const& [name, unused] : properties->items())
            if (std::ranges::find(required, Json(name)) == required.end()) return false;
    }
    return std::ranges::all_of(schema, fits_strict_mode);
}

std::optional<Duration> retry_after(net::Headers const& headers) {
    auto number = [](std::string_view text) -> std::optional<std::int64_t> {
        std::int64_t value = 0;
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size() || value < 0)
            return std::nullopt;
        return std::min<std::int64_t>(value, limits::retry_after_longest_ms);
    };
    if (auto const text = net::find_header(headers, "retry-after-ms"))
        if (auto const ms = number(*text)) return std::chrono::milliseconds(*ms);
    if (auto const text = net::find_header(headers, "retry-after"))
        if (auto const s = number(*text))
            return std::chrono::milliseconds(
                std::min<std::int64_t>(*s * 1000, limits::retry_after_longest_ms));
    return std::nullopt;
}

std::string excerpt_of(std::string const& text) {
    if (text.size() <= limits::model_excerpt_bytes) return text;
    return to_valid_utf8(text.substr(0, limits::model_excerpt_bytes)) + " …";
}

BackendFailure refused(net::Response const& response) {
    bool const retryable = response.status == 408 || response.status == 409 ||
                           response.status == 429 || response.status >= 500;
    std::string detail = "The model server answered " + std::to_string(response.status);
    auto const body = Json::parse(response.body, nullptr, false);
    if (body.is_object() && body.contains("error")) {
        auto const& error = body["error"];
        if (error.is_object() && error.contains("message") && error["message"].is_string())
            detail += ": " + excerpt_of(error["message"].get<std::string>());
        else if (error.is_string())
            detail += ": " + excerpt_of(error.get<std::string>());
    }
    return {detail, response.status, retryable, retry_after(response.headers)};
}

Finish finish_of(Json const& choice) {
    auto const reason = choice.value("finish_reason", Json());
    if (reason == "stop") return Finish::complete;
    if (reason == "length") return Finish::length;
    if (reason == "content_filter") return Finish::refused;
    return Finish::other;
}

Completion completion_of(net::Response const& response) {
    auto const body = Json::parse(response.body);
    auto const& choice = body.at("choices").at(0);
    auto const& message = choice.at("message");
    Completion completion;
    completion.finish = finish_of(choice);
    if (auto const refusal = message.find("refusal");
        refusal != message.end() && refusal->is_string()) {
        completion.finish = Finish::refused;
        completion.text = refusal->get<std::string>();
    } else if (auto const content = message.find("content");
               content != message.end() && content->is_string()) {
        completion.text = content->get<std::string>();
    }
    if (auto const usage = body.find("usage"); usage != body.end() && usage->is_object())
        completion.usage = {usage->value("prompt_tokens", 0), usage->value("completion_tokens", 0)};
    completion.served_model = body.value("model", std::string());
    if (auto const id = net::find_header(response.headers, "x-request-id"))
        completion.request_id = *id;
    return completion;
}

}  // namespace

Json request_body(OpenAiOptions const& options, Prompt const& prompt) {
    Json body{{"model", options.model}, {"messages", Json::array()}, {"stream", false}};
    for (auto const& message : prompt.messages)
        body["messages"].push_back({{"role", role_name(message.role)}, {"content", message.text}});
    if (prompt.max_tokens > 0) body["max_tokens"] = prompt.max_tokens;
    if (!prompt.output_schema.is_null()) {
        auto const& schema = prompt.output_schema.json();
        body["response_format"] = {
            {"type", "json_schema"},
            {"json_schema",
             {{"name", "output"}, {"schema", schema}, {"strict", fits_strict_mode(schema)}}}};
    }
    return body;
}

BackendReply read_reply(net::Reply const& reply) {
    if (auto const* lost = std::get_if<net::NotSent>(&reply))
        return BackendFailure{.detail = "The model server was not reached: " + lost->why,
                              .retryable = true,
                              .was_crowded = lost->cause == net::Cause::crowded};
    if (auto const* lost = std::get_if<net::SentNoAnswer>(&reply))
        return BackendFailure{.detail = "The model server gave no usable answer: " + lost->why,
                              .retryable = true};
    auto const& response = std::get<net::Response>(reply);
    if (response.status != 200) return refused(response);
    try {
        return completion_of(response);
    } catch (Json::exception const&) {
        return BackendFailure{
            "The model server's answer is not a chat completion.", response.status, true, {}};
    }
}

void OpenAiBackend::complete(Prompt const& prompt, std::function<void(BackendReply)> done) {
    net::ClientRequest request{.method = "POST",
                               .url = options_.base_url,
                               .headers = {{"Content-Type", "application/json"}},
                               .body = to_text(request_body(options_, prompt)),
                               .timeout = prompt.timeout,
                               .max_response_bytes = limits::model_answer_bytes,
                               .may_send = prompt.may_send};
    if (!request.url.target.ends_with('/')) request.url.target += '/';
    request.url.target += "chat/completions";
    if (!options_.api_key.empty())
        request.headers.push_back({"Authorization", "Bearer " + options_.api_key});
    client_.send(std::move(request),
                 [done = std::move(done)](net::Reply reply) { done(read_reply(reply)); });
}

std::string OpenAiBackend::label() const {
    return "openai:" + options_.model + " at " + net::to_string(options_.base_url);
}

}  // namespace resolute::inference
