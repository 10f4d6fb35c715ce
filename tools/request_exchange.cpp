#include "tools/request_exchange.h"

#include <algorithm>

#include "base/limits.h"
#include "base/utf8.h"
#include "tools/base64.h"
#include "tools/http_exchange.h"

namespace resolute::tools {
namespace {

Diagnostic wrong(std::string message) {
    return {.code = codes::malformed_url, .message = std::move(message)};
}

std::optional<std::string> scalar(Json const& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number() || value.is_boolean()) return to_text(value);
    return std::nullopt;
}

std::optional<Diagnostic> add_pair(std::string const& name, Json const& value, std::string& to,
                                   char first) {
    auto const text = scalar(value);
    if (!text) return wrong("`" + name + "` must be text, a number, a boolean or a list of these.");
    to += to.empty() ? first : '&';
    to += net::percent_encode(name) + "=" + net::percent_encode(*text);
    return std::nullopt;
}

// "?a=1&b=2": members that are null are left out, those of a list are repeated.
Result<std::string> pairs_of(Json const& map, char first) {
    std::string text;
    for (auto const& [name, value] : map.items()) {
        if (value.is_null()) continue;
        auto const items = value.is_array() ? value : Json::array({value});
        for (auto const& item : items)
            if (auto problem = add_pair(name, item, text, first)) return *problem;
    }
    return text;
}

bool climbs(std::string const& target) {
    std::string_view path = std::string_view(target).substr(0, target.find('?'));
    while (!path.empty()) {
        auto const segment = path.substr(0, path.find('/'));
        if (segment == "." || segment == "..") return true;
        path.remove_prefix(std::min(path.size(), segment.size() + 1));
    }
    return false;
}

Result<net::Url> url_of(Json const& arguments) {
    auto text = arguments.at("uri").get<std::string>();
    if (auto const query = arguments.find("query"); query != arguments.end()) {
        auto added = pairs_of(*query, text.find('?') == std::string::npos ? '?' : '&');
        if (!added) return added.diagnostics();
        text += *added;
    }
    auto url = net::parse_url(text);
    if (url && climbs(url->target)) return wrong("`" + text + "` leaves its path with `..`.");
    return url;
}

bool belongs_to_client(std::string const& name) {
    return std::ranges::any_of(
        std::initializer_list<char const*>{"Host", "Content-Length", "Connection",
                                           "Transfer-Encoding"},
        [&](char const* own) { return net::equal_ignoring_case(name, own); });
}

std::optional<Diagnostic> add_headers(Json const& arguments, net::Headers& headers) {
    auto const given = arguments.find("headers");
    if (given == arguments.end()) return std::nullopt;
    for (auto const& [name, value] : given->items()) {
        net::Header header{name, scalar(value).value_or("")};
        if (belongs_to_client(name) || !net::is_valid_header(header))
            return wrong("The header `" + name + "` cannot be sent.");
        headers.push_back(std::move(header));
    }
    return std::nullopt;
}

void add_unless_given(net::Headers& headers, char const* name, std::string value) {
    if (!net::find_header(headers, name)) headers.push_back({name, std::move(value)});
}

// A map goes out as JSON, unless the author asks for a form; text as it is.
std::optional<Diagnostic> add_body(Json const& arguments, net::ClientRequest& request) {
    auto const body = arguments.find("body");
    if (body == arguments.end() || body->is_null()) return std::nullopt;
    auto const type = net::find_header(request.headers, "Content-Type").value_or("");
    if (body->is_object() && type.starts_with("application/x-www-form-urlencoded")) {
        auto form = pairs_of(*body, '&');
        if (!form) return form.diagnostics().front();
        request.body = form->empty() ? "" : form->substr(1);
    } else if (body->is_string()) {
        request.body = body->get<std::string>();
        add_unless_given(request.headers, "Content-Type", "text/plain; charset=utf-8");
    } else {
        request.body = to_text(*body);
        add_unless_given(request.headers, "Content-Type", "application/json");
    }
    return std::nullopt;
}

bool is_json(std::string_view type) {
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ')) type.remove_suffix(1);
    return net::equal_ignoring_case(type, "application/json") || type.ends_with("+json");
}

// Parsed when it says or looks that it is JSON, text when it is text, else its bytes.
Result<Json> content_of(net::Response const& response) {
    auto const& body = response.body;
    if (body.empty()) return Json(nullptr);
    auto const type = net::find_header(response.headers, "Content-Type");
    if (type && is_json(*type)) return parse_json(body);
    if (!type)
        if (auto guessed = parse_json(body)) return guessed;
    bool const is_text = !type || type->starts_with("text/") ||
                         type->find("xml") != std::string_view::npos ||
                         type->find("yaml") != std::string_view::npos ||
                         type->find("urlencoded") != std::string_view::npos ||
                         type->find("javascript") != std::string_view::npos;
    if (is_text && to_valid_utf8(body) == body) return Json(body);
    return Json(base64(body));
}

Json headers_json(net::Headers const& headers) {
    Json all = Json::object();
    for (auto const& [name, value] : headers) {
        auto& member = all[name];
        member = member.is_string() ? member.get<std::string>() + ", " + value : value;
    }
    return all;
}

Result<Json> result_of(Json const& arguments, net::ClientRequest const& sent,
                       net::Response const& response) {
    auto const output = arguments.value("output", std::string("content"));
    if (output == "raw") return Json(base64(response.body));
    auto content = content_of(response);
    if (!content || output == "content") return content;
    return Json{{"request",
                 {{"method", sent.method},
                  {"uri", net::to_string(sent.url)},
                  {"headers", headers_json(sent.headers)}}},
                {"statusCode", response.status},
                {"headers", headers_json(response.headers)},
                {"content", std::move(*content)}};
}

Answer meaning_of(Contract const& contract, Json const& arguments, net::ClientRequest const& sent,
                  net::Response const& response) {
    int const good = arguments.value("redirect", false) ? 399 : 299;
    Json evidence{{"answer", excerpt_of(response.body)}};
    if (response.status >= 200 && response.status <= good) {
        auto result = result_of(arguments, sent, response);
        if (result) return {Answered{std::move(*result)}, Json::object()};
        auto why = "`" + contract.name + "` answered " + std::to_string(response.status) +
                   ", but its body is not JSON: " + to_string(result.diagnostics());
        return {Doubtful{communication_failure(std::move(why), codes::bad_answer), false},
                std::move(evidence)};
    }
    bool const is_lost = response.status == 502 || response.status == 504;
    auto failure =
        failure_of(contract, response, is_lost ? codes::bad_answer : codes::tool_refused);
    if (is_lost) return {Doubtful{std::move(failure), false}, std::move(evidence)};
    return {Refused{std::move(failure)}, std::move(evidence)};
}

bool matches(std::string_view pattern, net::Url const& url) {
    auto const with_port = url.host + ":" + std::to_string(url.port);
    if (pattern.starts_with("*."))
        return url.host.ends_with(pattern.substr(1)) || with_port.ends_with(pattern.substr(1));
    return pattern == url.host || pattern == with_port;
}

}  // namespace

Result<net::ClientRequest> request_of(Contract const& contract, RequestCall const& call,
                                      Json const& arguments, std::string const& key) {
    auto url = url_of(arguments);
    if (!url) return url.diagnostics();
    net::ClientRequest request{.method = call.method, .url = std::move(*url)};
    if (auto problem = add_headers(arguments, request.headers)) return *problem;
    if (auto problem = add_body(arguments, request)) return *problem;
    add_unless_given(request.headers, "Accept", "application/json, */*;q=0.8");
    if (!contract.is_read() && !key.empty())
        add_unless_given(request.headers, "Idempotency-Key", key);
    return request;
}

bool may_reach(Reach const& reach, net::Url const& url) {
    bool const is_listed = std::ranges::any_of(
        reach.hosts, [&](auto const& pattern) { return matches(pattern, url); });
    if (is_listed || !reach.hosts.empty()) return is_listed;
    // Where clouds keep the machine's own credentials.
    bool const is_link_local = url.host.starts_with("169.254.") || url.host.starts_with("fe80:") ||
                               url.host.starts_with("::ffff:169.254.") ||
                               url.host.starts_with("::ffff:a9fe:") || url.host == "fd00:ec2::254";
    return !is_link_local && url.host != "metadata.google.internal";
}

Answer request_answer(Contract const& contract, Json const& arguments,
                      net::ClientRequest const& sent, net::Reply const& reply) {
    if (auto const* nothing = std::get_if<net::NotSent>(&reply))
        return not_sent(contract, *nothing);
    if (auto const* silence = std::get_if<net::SentNoAnswer>(&reply))
        return no_answer(contract, *silence);
    auto const& response = std::get<net::Response>(reply);
    auto answer = meaning_of(contract, arguments, sent, response);
    answer.evidence["status"] = response.status;
    answer.evidence["uri"] = net::to_string(sent.url);
    return answer;
}

}  // namespace resolute::tools
