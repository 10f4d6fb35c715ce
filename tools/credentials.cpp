#include "tools/credentials.h"

#include "base/error_codes.h"
#include "base/limits.h"
#include "base/spelling.h"
#include "workflow/expression.h"

namespace resolute::tools {
namespace {

Diagnostic wrong(char const* code, std::string message) {
    return {.code = code, .message = std::move(message)};
}

class Resolving {
  public:
    explicit Resolving(std::map<std::string, Json> const& secrets) : secrets_(secrets) {
        all_ = Json::object();
        for (auto const& [name, value] : secrets) all_[name] = value;
    }

    Result<Json> whole(std::string const& name) {
        auto const found = secrets_.find(name);
        if (found == secrets_.end()) return missing(name);
        if (!found->second.is_object())
            return wrong(codes::wrong_type,
                         "The secret `" + name + "` must be a map with the members of the scheme.");
        remember(found->second);
        return found->second;
    }

    Result<Json> plain(Json const& value) {
        if (value.is_array()) return list(value);
        if (!value.is_object()) return value;
        if (value.size() == 1 && value.contains("text")) return text(value.at("text"));
        if (value.size() == 1 && value.contains("secret") && value.at("secret").is_string())
            return secret(value.at("secret").get_ref<std::string const&>());
        Json result = Json::object();
        for (auto const& [key, member] : value.items()) {
            auto made = plain(member);
            if (!made) return made.diagnostics();
            result[key] = std::move(*made);
        }
        return result;
    }

    std::vector<std::string> used;

  private:
    Result<Json> list(Json const& value) {
        Json result = Json::array();
        for (auto const& item : value) {
            auto made = plain(item);
            if (!made) return made.diagnostics();
            result.push_back(std::move(*made));
        }
        return result;
    }

    static Result<Json> text(Json const& value) {
        if (value.is_string()) return value;
        if (value.is_number()) return Json(to_text(value));
        return wrong(codes::wrong_type, "A credential must be text, and this is " +
                                            std::string(value.type_name()) + ".");
    }

    Result<Json> secret(std::string const& expression) {
        auto const compiled = workflow::Expression::compile(expression, {"secrets"});
        if (!compiled) return compiled.diagnostics();
        Json const nothing;
        auto value = compiled->evaluate({&nothing, {{"secrets", &all_}}});
        if (!value) return wrong(codes::unknown_variable, "`" + expression + "` has no value.");
        if (value->is_null())
            return wrong(codes::unknown_variable,
                         "`" + expression +
                             "` has no value; set it under `secrets` in "
                             "resolute.yaml." +
                             did_you_mean(expression.substr(expression.rfind('.') + 1), names()));
        if (!value->is_string())
            return wrong(codes::wrong_type, "`" + expression + "` is not text.");
        remember(*value);
        return value;
    }

    Diagnostic missing(std::string const& name) const {
        return wrong(codes::unknown_variable, "The secret `" + name +
                                                  "` is not configured; set it under `secrets` in "
                                                  "resolute.yaml." +
                                                  did_you_mean(name, names()));
    }

    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (auto const& [name, value] : secrets_) names.push_back(name);
        return names;
    }

    void remember(Json const& value) {
        if (value.is_string() && value.get_ref<std::string const&>().size() >= limits::secret_bytes)
            used.push_back(value.get<std::string>());
        if (value.is_structured())
            for (auto const& item : value) remember(item);
    }

    std::map<std::string, Json> const& secrets_;
    Json all_;
};

}  // namespace

std::string Credentials::text(char const* member) const {
    auto const found = values.find(member);
    return found != values.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<Credentials> with_secrets(Json const& authentication,
                                 std::map<std::string, Json> const& secrets) {
    if (!authentication.is_object() || authentication.size() != 1)
        return wrong(codes::wrong_type, "`authentication` must name one scheme.");
    auto const scheme = authentication.begin();
    Resolving resolving(secrets);
    bool const is_whole = scheme->is_object() && scheme->size() == 1 && scheme->contains("use") &&
                          scheme->at("use").is_string();
    auto values =
        is_whole ? resolving.whole(scheme->at("use").get<std::string>()) : resolving.plain(*scheme);
    if (!values) return values.diagnostics();
    return Credentials{scheme.key(), std::move(*values), std::move(resolving.used)};
}

}  // namespace resolute::tools
