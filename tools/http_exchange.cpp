#include "tools/http_exchange.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/error_codes.h"
#include "tools/retry_after.h"

namespace resolute::tools {
namespace {

bool has_body(std::string const& method) {
    return method == "POST" || method == "PUT" || method == "PATCH";
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return std::tolower(c); });
    return result;
}

// What the other side says went wrong: the members that RFC 9457 and common practice use.
std::string detail_of(net::Response const& response) {
    auto const body = parse_json(response.body);
    if (body && body->is_object()) {
        for (auto const* name : {"detail", "message", "error_description", "title", "error"}) {
            auto const found = body->find(name);
            if (found != body->end() && found->is_string())
                return excerpt_of(found->get<std::string>());
            if (found != body->end() && found->is_object() && found->contains("message") &&
                found->at("message").is_string())
                return excerpt_of(found->at("message").get<std::string>());
        }
    }
    return excerpt_of(response.body);
}

}  // namespace

Failure failure_of(Contract const& contract, net::Response const& response, char const* code) {
    auto const said = detail_of(response);
    auto detail = "`" + contract.name + "` answered " + std::to_string(response.status);
    if (!said.empty()) detail += ": " + said;
    auto failure = communication_failure(detail, code);
    if (response.status == 401) failure = authentication_failure(detail, code);
    if (response.status == 403) failure = authorization_failure(detail, code);
    if (response.status == 408) failure = timeout_failure(detail, code);
    failure.status = response.status;
    return failure;
}

namespace {

// The draft of the Idempotency-Key header asks for 422 here, some systems say 409; all describe it
// in words only.
bool is_about_reused_key(net::Response const& response) {
    if (response.status != 409 && response.status != 422) return false;
    auto const text = lower(response.body);
    for (auto const* code : {"key_reuse", "key-reuse", "key_in_use", "key_mismatch"})
        if (text.find(code) != std::string::npos) return true;
    if (text.find("idempoten") == std::string::npos) return false;
    constexpr std::array words{"reuse",    "re-use",    "already used", "used with",
                               "used for", "different", "mismatch"};
    return std::ranges::any_of(
        words, [&](char const* word) { return text.find(word) != std::string::npos; });
}

std::optional<RetryOn> kind_of(int status) {
    switch (status) {
        case 408: return RetryOn::timeout;
        case 409: return RetryOn::conflict;
        case 425: return RetryOn::too_early;
        case 429: return RetryOn::rate_limited;
        case 503: return RetryOn::unavailable;
        case 502:
        case 504:
            return std::nullopt;  // from a proxy that lost the answer: never "surely not applied"
        default: return status >= 500 ? std::optional(RetryOn::server_error) : std::nullopt;
    }
}

bool is_surely_refused(int status) {
    return status >= 400 && status < 500 && status != 408 && status != 409 && status != 425 &&
           status != 429;
}

Answer answer_of(Contract const& contract, HttpCall const& call, net::Response const& response) {
    auto doubt = [&](std::string const& problem) {
        auto why = "`" + contract.name + "` answered " + std::to_string(response.status) +
                   ", but " + problem;
        return Answer{Doubtful{communication_failure(std::move(why), codes::bad_answer)},
                      {{"answer", excerpt_of(response.body)}}};
    };
    auto body = response.body.empty() ? Result<Json>(Json(nullptr)) : parse_json(response.body);
    if (!body) return doubt("its body is not JSON: " + to_string(body.diagnostics()));
    if (!call.result) return {Answered{std::move(*body)}, Json::object()};
    auto result = call.result->evaluate({&*body, {}});
    if (!result)
        return doubt("`result` cannot be evaluated over it: " + to_string(result.diagnostics()));
    return {Answered{std::move(*result)}, Json::object()};
}

Answer meaning_of(Contract const& contract, HttpCall const& call, net::Response const& response,
                  Timestamp now) {
    auto const status = response.status;
    if ((status >= 200 && status < 300) || call.accepts.contains(status))
        return answer_of(contract, call, response);
    Json evidence{{"answer", excerpt_of(response.body)}};
    if (is_about_reused_key(response))
        return {Refused{failure_of(contract, response, codes::idempotency_key_reused)},
                std::move(evidence)};
    if (is_surely_refused(status) || call.refuses.contains(status))
        return {Refused{failure_of(contract, response, codes::tool_refused)}, std::move(evidence)};
    std::optional<Duration> retry_after;
    if (auto const header = net::find_header(response.headers, "Retry-After"))
        retry_after = parse_retry_after(*header, now);
    if (retry_after) evidence["retry_after"] = to_string(*retry_after);
    auto const kind = kind_of(status);
    auto failure = failure_of(contract, response, codes::bad_answer);
    bool const was_reached = status < 502 || status > 504;
    if (kind && contract.may_retry_on(*kind))
        return {Refused{std::move(failure), true, retry_after}, std::move(evidence), was_reached};
    bool const again = contract.is_read() && !contract.retry_on && status >= 500;
    return {Doubtful{std::move(failure), again, retry_after}, std::move(evidence), was_reached};
}

}  // namespace

Answer not_sent(Contract const& contract, net::NotSent const& reply) {
    auto why = "`" + contract.name + "` was not called: " + reply.why;
    if (reply.cause == net::Cause::invalid_request)
        return {Refused{configuration_failure(std::move(why), codes::not_sent)}, {{"sent", false}}};
    if (reply.cause == net::Cause::withheld)
        return {Refused{communication_failure(std::move(why), codes::not_sent), true, {}, true},
                {{"sent", false}}};
    if (reply.cause == net::Cause::crowded)
        return {Refused{communication_failure(std::move(why), codes::tool_busy), true, {}, true},
                {{"sent", false}}};
    return {Refused{communication_failure(std::move(why), codes::not_sent), true},
            {{"sent", false}},
            false};
}

Answer no_answer(Contract const& contract, net::SentNoAnswer const& reply) {
    auto why = "`" + contract.name + "` was called and gave no usable answer: " + reply.why;
    bool const is_late = reply.cause == net::Cause::timed_out;
    auto failure = is_late ? timeout_failure(std::move(why), codes::no_answer)
                           : communication_failure(std::move(why), codes::no_answer);
    bool const again = reply.cause != net::Cause::too_large;
    return {Doubtful{std::move(failure), again}, {{"sent", true}}, false};
}

Result<net::ClientRequest> http_request(HttpCall const& call, Json const& arguments,
                                        std::string const& key) {
    std::vector<std::string> others;
    for (auto const& [name, value] : arguments.items())
        if (std::ranges::find(call.url.names(), name) == call.url.names().end())
            others.push_back(name);
    bool const sends_body = has_body(call.method) || call.body;
    auto url = call.url.fill(arguments, sends_body ? std::vector<std::string>{} : others);
    if (!url) return url.diagnostics();
    net::ClientRequest request{.method = call.method, .url = std::move(*url)};
    request.headers.push_back({"Accept", "application/json"});
    for (auto const& [name, value] : call.headers) request.headers.push_back({name, value});
    if (!call.idempotency_header.empty()) request.headers.push_back({call.idempotency_header, key});
    if (!sends_body) return request;
    request.headers.push_back({"Content-Type", "application/json"});
    auto body = Json::object();
    for (auto const& name : others) body[name] = arguments.at(name);
    if (call.body) {
        auto made = call.body->evaluate({&arguments, {}});
        if (!made) return made.diagnostics();
        body = std::move(*made);
    }
    request.body = to_text(body);
    return request;
}

Answer http_answer(Contract const& contract, HttpCall const& call, net::Reply const& reply,
                   Timestamp now) {
    if (auto const* nothing = std::get_if<net::NotSent>(&reply))
        return not_sent(contract, *nothing);
    if (auto const* silence = std::get_if<net::SentNoAnswer>(&reply))
        return no_answer(contract, *silence);
    auto const& response = std::get<net::Response>(reply);
    auto answer = meaning_of(contract, call, response, now);
    answer.evidence["status"] = response.status;
    if (auto const id = net::find_header(response.headers, "X-Request-Id"))
        answer.evidence["request_id"] = excerpt_of(*id);
    return answer;
}

}  // namespace resolute::tools
