#include "tools/answer.h"

#include "base/limits.h"
#include "base/utf8.h"

namespace resolute::tools {
namespace {

Outcome settled(Contract const& contract, Refused refused, Json evidence) {
    refused.why.detail = without_secrets(contract.secrets, std::move(refused.why.detail));
    return outcome::Failed{std::move(refused.why), refused.is_retryable, refused.retry_after,
                           std::move(evidence), refused.is_postponed};
}

Outcome settled(Contract const& contract, Doubtful doubtful, Json evidence) {
    doubtful.why.detail = without_secrets(contract.secrets, std::move(doubtful.why.detail));
    if (!contract.is_read()) return outcome::Unknown{std::move(doubtful.why), std::move(evidence)};
    return outcome::Failed{std::move(doubtful.why), doubtful.may_read_again, doubtful.retry_after,
                           std::move(evidence)};
}

Outcome settled(Contract const& contract, Answered answered, Json evidence) {
    auto const violations = contract.output.validate(answered.value);
    if (violations.empty())
        return outcome::Succeeded{std::move(answered.value), std::move(evidence)};
    evidence["violations"] = without_secrets(contract.secrets, to_string(violations));
    evidence["answer"] = without_secrets(contract.secrets, excerpt_of(to_text(answered.value)));
    auto why = communication_failure("`" + contract.name +
                                         "` says that it succeeded, but its answer breaks the "
                                         "output schema: " +
                                         to_string(violations),
                                     codes::bad_answer);
    return settled(contract, Doubtful{std::move(why)}, std::move(evidence));
}

}  // namespace

Outcome outcome_of(Contract const& contract, Answer answer) {
    auto evidence = without_secrets(contract.secrets, std::move(answer.evidence));
    if (!evidence.is_object()) evidence = Json::object();
    return std::visit(
        [&](auto& what) { return settled(contract, std::move(what), std::move(evidence)); },
        answer.what);
}

std::string without_secrets(std::vector<std::string> const& secrets, std::string text) {
    constexpr std::string_view mask = "[secret]";
    for (auto const& secret : secrets)
        for (auto at = text.find(secret); at != std::string::npos;
             at = text.find(secret, at + mask.size()))
            text.replace(at, secret.size(), mask);
    return text;
}

Json without_secrets(std::vector<std::string> const& secrets, Json value) {
    if (secrets.empty()) return value;
    if (value.is_string()) return without_secrets(secrets, value.get<std::string>());
    if (value.is_array())
        for (auto& item : value) item = without_secrets(secrets, std::move(item));
    if (!value.is_object()) return value;
    auto clean = Json::object();
    for (auto& [key, item] : value.items())
        clean[without_secrets(secrets, key)] = without_secrets(secrets, std::move(item));
    return clean;
}

std::string excerpt_of(std::string_view answer) {
    bool const is_cut = answer.size() > limits::tool_excerpt_bytes;
    auto text = to_valid_utf8(answer.substr(0, limits::tool_excerpt_bytes));
    return is_cut ? text + " …" : text;
}

}  // namespace resolute::tools
