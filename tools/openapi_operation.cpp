#include "tools/openapi_operation.h"

#include <array>
#include <map>

#include "base/error_codes.h"
#include "base/limits.h"
#include "base/spelling.h"
#include "net/url.h"

namespace resolute::tools {
namespace {

constexpr std::array methods{"get", "put", "post", "delete", "options", "head", "patch"};
constexpr int longest_chain = 16;  // of references to references

Diagnostic wrong(std::string message) {
    return {.code = codes::invalid_value, .message = std::move(message)};
}

Json const& member(Json const& object, char const* name) {
    static Json const nothing;
    if (!object.is_object()) return nothing;
    auto const found = object.find(name);
    return found == object.end() ? nothing : *found;
}

std::string text(Json const& object, char const* name) {
    auto const& found = member(object, name);
    return found.is_string() ? found.get<std::string>() : std::string();
}

// What a `$ref` within the document stands for.
Json const& resolved(Json const& document, Json const& value) {
    auto const* at = &value;
    for (int i = 0; i < longest_chain; ++i) {
        auto const reference = text(*at, "$ref");
        if (!reference.starts_with("#/")) return *at;
        Json::json_pointer const pointer(reference.substr(1));
        if (!document.contains(pointer)) return *at;
        at = &document.at(pointer);
    }
    return *at;
}

struct Operation {
    std::string path;
    std::string method;
    Json const* item = nullptr;  // of the path
    Json const* operation = nullptr;
};

Result<Operation> find_operation(Json const& document, std::string const& id) {
    std::vector<std::string> known;
    auto const& paths = member(document, "paths");
    if (!paths.is_object()) return wrong("It is no OpenAPI document: it has no `paths`.");
    for (auto const& [path, written] : paths.items()) {
        auto const& item = resolved(document, written);
        for (auto const* method : methods) {
            auto const& operation = member(item, method);
            if (!operation.is_object()) continue;
            auto const name = text(operation, "operationId");
            if (name == id) return Operation{path, method, &item, &operation};
            if (!name.empty()) known.push_back(name);
        }
    }
    return wrong("The document has no operation `" + id + "`." + did_you_mean(id, known));
}

// ---- where the system is

std::string origin_of(std::string const& uri) {
    auto const scheme = uri.find("://");
    return scheme == std::string::npos ? "" : uri.substr(0, uri.find_first_of("/?", scheme + 3));
}

// `https://{region}.shop/{version}` with the defaults of its variables.
std::string with_defaults(Json const& server) {
    auto url = text(server, "url");
    auto const& variables = member(server, "variables");
    if (variables.is_object())
        for (auto const& [name, variable] : variables.items()) {
            auto const place = "{" + name + "}";
            if (auto const at = url.find(place); at != std::string::npos)
                url.replace(at, place.size(), text(variable, "default"));
        }
    return url;
}

std::string without_slash(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return url;
}

// Relative addresses are those of the document.
std::string absolute(std::string const& url, std::string const& document_uri) {
    if (url.find("://") != std::string::npos) return url;
    if (url.starts_with("//")) return document_uri.substr(0, document_uri.find("://") + 1) + url;
    if (url.starts_with('/') || url.empty()) return origin_of(document_uri) + url;
    auto const path = document_uri.substr(0, document_uri.find('?'));
    return path.substr(0, path.rfind('/') + 1) + url;
}

std::string base_of(Json const& document, Operation const& found, std::string const& uri) {
    for (auto const* level : {found.operation, found.item, &document}) {
        auto const& servers = member(*level, "servers");
        if (servers.is_array() && !servers.empty())
            return without_slash(absolute(with_defaults(servers.front()), uri));
    }
    if (text(document, "swagger").empty()) return origin_of(uri);
    auto scheme = uri.substr(0, uri.find("://"));
    auto const& schemes = member(document, "schemes");
    bool const is_offered =
        !schemes.is_array() || schemes.empty() ||
        std::find(schemes.begin(), schemes.end(), Json(scheme)) != schemes.end();
    if (!is_offered && schemes.front().is_string()) scheme = schemes.front().get<std::string>();
    auto const host = text(document, "host");
    auto const base = text(document, "basePath");
    return without_slash((host.empty() ? origin_of(uri) : scheme + "://" + host) + base);
}

// ---- what goes where

class Request {
  public:
    Request(Json const& document, Operation const& found) : document_(document), found_(found) {
        path_ = found.path;
        for (auto const* level : {found.item, found.operation}) {
            auto const& list = member(*level, "parameters");
            if (!list.is_array()) continue;
            for (auto const& written : list) {
                auto const& parameter = resolved(document, written);
                declared_[text(parameter, "name")] = &parameter;
            }
        }
    }

    std::optional<Diagnostic> put(std::string const& name, Json const& value) {
        auto const known = declared_.find(name);
        if (known == declared_.end()) return put_into_body(name, value);
        auto const& parameter = *known->second;
        given_.push_back(name);
        auto const where = text(parameter, "in");
        if (where == "path") return put_into_path(name, value);
        if (where == "query") {
            query_[name] = joined(parameter, value);
        } else if (where == "header") {
            headers_[name] = value;
        } else if (where == "body") {
            body_ = value;
        } else if (where == "formData") {
            headers_["Content-Type"] = "application/x-www-form-urlencoded";
            body_[name] = value;
        } else if (where == "cookie") {
            auto const plain = scalar(value);
            if (!plain) return wrong("The parameter `" + name + "` must be a plain value.");
            auto const before = headers_.value("Cookie", std::string());
            headers_["Cookie"] = before + (before.empty() ? "" : "; ") + name + "=" + *plain;
        } else {
            return wrong("The parameter `" + name + "` is in `" + where + "`.");
        }
        return std::nullopt;
    }

    std::optional<Diagnostic> missing() const {
        for (auto const& [name, parameter] : declared_) {
            bool const is_given = std::find(given_.begin(), given_.end(), name) != given_.end();
            if (!is_given && member(*parameter, "required") == true)
                return wrong("The operation needs the parameter `" + name + "`.");
        }
        auto const& body = resolved(document_, member(*found_.operation, "requestBody"));
        if (body_.is_null() && member(body, "required") == true)
            return wrong("The operation needs a `body`.");
        return std::nullopt;
    }

    Json arguments(std::string const& base) const {
        Json made{{"uri", base + path_}};
        if (!query_.empty()) made["query"] = query_;
        auto headers = headers_;
        if (!body_.is_null()) {
            made["body"] = body_;
            if (auto const type = media_type(); !type.empty() && !headers.contains("Content-Type"))
                headers["Content-Type"] = type;
        }
        if (!headers.empty()) made["headers"] = headers;
        return made;
    }

  private:
    static std::optional<std::string> scalar(Json const& value) {
        if (value.is_string()) return value.get<std::string>();
        if (value.is_number() || value.is_boolean()) return to_text(value);
        return std::nullopt;
    }

    std::optional<Diagnostic> put_into_path(std::string const& name, Json const& value) {
        auto const plain = scalar(value);
        auto const place = "{" + name + "}";
        auto const at = path_.find(place);
        if (!plain || plain->empty())
            return wrong("The parameter `" + name +
                         "` is part of the path, so it must be text, a "
                         "number or a boolean.");
        if (at != std::string::npos) path_.replace(at, place.size(), net::percent_encode(*plain));
        return std::nullopt;
    }

    // Lists are repeated, unless the document says that they are joined.
    Json joined(Json const& parameter, Json const& value) const {
        bool const is_old = !text(document_, "swagger").empty();
        auto const format = text(parameter, "collectionFormat");
        bool const repeats = is_old ? format == "multi" : member(parameter, "explode") != false;
        if (!value.is_array() || repeats) return value;
        char const* separator = format == "ssv"     ? " "
                                : format == "tsv"   ? "\t"
                                : format == "pipes" ? "|"
                                                    : ",";
        std::string list;
        for (auto const& item : value)
            list += (list.empty() ? "" : separator) + scalar(item).value_or(to_text(item));
        return list;
    }

    // What is no parameter is the body, or a member of it.
    std::optional<Diagnostic> put_into_body(std::string const& name, Json const& value) {
        auto const& body = resolved(document_, member(*found_.operation, "requestBody"));
        if (!body.is_object()) {
            std::vector<std::string> known;
            for (auto const& [one, _] : declared_) known.push_back(one);
            return wrong("The operation has no parameter `" + name + "`." +
                         did_you_mean(name, known));
        }
        if (name == "body")
            body_ = value;
        else
            body_[name] = value;
        return std::nullopt;
    }

    // The first that is JSON, else the first.
    std::string media_type() const {
        auto const& content =
            member(resolved(document_, member(*found_.operation, "requestBody")), "content");
        if (!content.is_object() || content.empty()) return {};
        for (auto const& [type, _] : content.items())
            if (type.find("json") != std::string::npos) return type;
        return content.begin().key();
    }

    Json const& document_;
    Operation const& found_;
    std::map<std::string, Json const*> declared_;
    std::vector<std::string> given_;
    std::string path_;
    Json query_ = Json::object();
    Json headers_ = Json::object();
    Json body_;
};

}  // namespace

Result<Json> operation_request(Json const& document, Json const& arguments) {
    auto const found = find_operation(document, arguments.at("operationId").get<std::string>());
    if (!found) return found.diagnostics();
    Request request(document, *found);
    auto const& parameters = member(arguments, "parameters");
    if (parameters.is_object())
        for (auto const& [name, value] : parameters.items())
            if (!value.is_null())
                if (auto problem = request.put(name, value)) return *problem;
    if (auto problem = request.missing()) return *problem;
    auto made = request.arguments(base_of(document, *found, text(arguments.at("document"), "uri")));
    for (auto const* key : {"output", "redirect", "authentication"})
        if (arguments.contains(key)) made[key] = arguments.at(key);
    return Json{{"tool", "http." + found->method}, {"arguments", std::move(made)}};
}

}  // namespace resolute::tools
