#include "tools/access_token.h"

#include "base/error_codes.h"
#include "tools/base64.h"

namespace resolute::tools {
namespace {

Diagnostic bad_answer(std::string message) {
    return {.code = codes::bad_answer, .message = std::move(message)};
}

std::string without_slash(std::string text) {
    while (text.ends_with('/')) text.pop_back();
    return text;
}

// The body of a good answer, which must be a JSON object.
Result<Json> object_in(net::Reply const& reply, std::string const& who) {
    if (auto const* nothing = std::get_if<net::NotSent>(&reply))
        return bad_answer(who + " could not be asked: " + nothing->why);
    if (auto const* silence = std::get_if<net::SentNoAnswer>(&reply))
        return bad_answer(who + " did not answer: " + silence->why);
    auto const& response = std::get<net::Response>(reply);
    if (response.status < 200 || response.status > 299)
        return bad_answer(who + " answered " + std::to_string(response.status) + ".");
    auto body = parse_json(response.body);
    if (!body || !body->is_object()) return bad_answer(who + " gave no JSON object.");
    return body;
}

std::string joined(Json const& texts) {
    std::string all;
    for (auto const& text : texts)
        if (text.is_string()) all += (all.empty() ? "" : " ") + text.get<std::string>();
    return all;
}

std::string form_of(Json const& values) {
    std::string form;
    for (auto const& [name, value] : values.items())
        form += (form.empty() ? "" : "&") + net::percent_encode(name) + "=" +
                net::percent_encode(value.get<std::string>());
    return form;
}

}  // namespace

Result<net::Url> discovery_url(Credentials const& credentials) {
    auto authority = without_slash(credentials.text("authority"));
    std::string const suffix = "/.well-known/openid-configuration";
    return net::parse_url(authority.ends_with(suffix) ? authority : authority + suffix);
}

Result<net::Url> token_url_in(net::Reply const& discovered) {
    auto const document = object_in(discovered, "The authority");
    if (!document) return document.diagnostics();
    auto const found = document->find("token_endpoint");
    if (found == document->end() || !found->is_string())
        return bad_answer("The authority names no `token_endpoint`.");
    return net::parse_url(found->get<std::string>());
}

Result<net::Url> token_url(Credentials const& credentials) {
    auto path = credentials.text("token");
    auto const endpoints = credentials.values.find("endpoints");
    if (path.empty() && endpoints != credentials.values.end() && endpoints->is_object())
        path = endpoints->value("token", std::string());
    if (path.empty()) path = "/oauth2/token";
    if (path.find("://") != std::string::npos) return net::parse_url(path);
    return net::parse_url(without_slash(credentials.text("authority")) +
                          (path.starts_with('/') ? "" : "/") + path);
}

Result<net::ClientRequest> token_request(Credentials const& credentials, net::Url url) {
    auto const client = credentials.values.value("client", Json::object());
    auto const member = [&](char const* name) {
        auto const found = client.find(name);
        return found != client.end() && found->is_string() ? found->get<std::string>() : "";
    };
    auto const id = member("id"), secret = member("secret");
    auto const how = client.value("authentication", std::string("client_secret_post"));
    Json values{{"grant_type", credentials.text("grant")}};
    net::ClientRequest request{.method = "POST", .url = std::move(url)};
    if (how == "client_secret_basic") {
        request.headers.push_back(
            {"Authorization",
             "Basic " + base64(net::percent_encode(id) + ":" + net::percent_encode(secret))});
    } else {
        if (!id.empty()) values["client_id"] = id;
        if (!secret.empty() && how != "none") values["client_secret"] = secret;
    }
    for (auto const& [name, from] : {std::pair{"scope", "scopes"}, {"audience", "audiences"}}) {
        auto const list = joined(credentials.values.value(from, Json::array()));
        if (!list.empty()) values[name] = list;
    }
    if (credentials.text("grant") == "password") {
        values["username"] = credentials.text("username");
        values["password"] = credentials.text("password");
    }
    bool const as_json = credentials.text("encoding") == "application/json";
    request.headers.push_back(
        {"Content-Type", as_json ? "application/json" : "application/x-www-form-urlencoded"});
    request.headers.push_back({"Accept", "application/json"});
    request.body = as_json ? to_text(values) : form_of(values);
    return request;
}

Result<std::string> token_in(net::Reply const& reply) {
    auto const body = object_in(reply, "The authority");
    if (!body) return body.diagnostics();
    auto const token = body->find("access_token");
    if (token == body->end() || !token->is_string() || token->get_ref<std::string const&>().empty())
        return bad_answer("The authority gave no `access_token`.");
    return token->get<std::string>();
}

}  // namespace resolute::tools
