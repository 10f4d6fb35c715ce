#include "engine/failure.h"

namespace resolute {
namespace {

Failure make(char const* kind, int status, char const* title, std::string detail,
             std::string code) {
    return {std::string(error_base) + kind, status, title, std::move(detail), {}, std::move(code)};
}

}  // namespace

Failure configuration_failure(std::string detail, std::string code) {
    return make("configuration", 400, "Configuration Error", std::move(detail), std::move(code));
}
Failure validation_failure(std::string detail, std::string code) {
    return make("validation", 400, "Validation Error", std::move(detail), std::move(code));
}
Failure expression_failure(std::string detail, std::string code) {
    return make("expression", 400, "Expression Error", std::move(detail), std::move(code));
}
Failure authentication_failure(std::string detail, std::string code) {
    return make("authentication", 401, "Authentication Error", std::move(detail), std::move(code));
}
Failure authorization_failure(std::string detail, std::string code) {
    return make("authorization", 403, "Authorization Error", std::move(detail), std::move(code));
}
Failure timeout_failure(std::string detail, std::string code) {
    return make("timeout", 408, "Timeout Error", std::move(detail), std::move(code));
}
Failure communication_failure(std::string detail, std::string code) {
    return make("communication", 500, "Communication Error", std::move(detail), std::move(code));
}
Failure runtime_failure(std::string detail, std::string code) {
    return make("runtime", 500, "Runtime Error", std::move(detail), std::move(code));
}

Json to_json(Failure const& failure) {
    Json json{{"type", failure.type}, {"status", failure.status}};
    if (!failure.title.empty()) json["title"] = failure.title;
    if (!failure.detail.empty()) json["detail"] = failure.detail;
    if (!failure.instance.empty()) json["instance"] = failure.instance;
    if (!failure.code.empty()) json["code"] = failure.code;
    return json;
}

}  // namespace resolute
