#include "tools/built_in.h"

#include "base/canonical_json.h"
#include "base/limits.h"

namespace resolute::tools {
namespace {

constexpr char version[] = "1.0.0";

void remember(Json const& secret, std::vector<std::string>& secrets) {
    if (secret.is_string() && secret.get_ref<std::string const&>().size() >= limits::secret_bytes)
        secrets.push_back(secret.get<std::string>());
    if (secret.is_structured())
        for (auto const& item : secret) remember(item, secrets);
}

}  // namespace

Contract built_in(Contract contract, Json const& input) {
    contract.version = version;
    contract.input = JsonSchema::compile(input).value();
    contract.output = JsonSchema::compile(Json::object()).value();
    contract.document = {{"tool", contract.name},
                         {"version", contract.version},
                         {"effect", name(contract.effect)},
                         {"input", contract.input.source()},
                         {"builtIn", true}};
    contract.digest = canonical_digest(contract.document);
    contract.file = "built in";
    contract.is_built_in = true;
    return contract;
}

Contract built_in(Contract contract, Json const& input, Reach const& reach) {
    for (auto const& [_, secret] : reach.secrets) remember(secret, contract.secrets);
    return built_in(std::move(contract), input);
}

}  // namespace resolute::tools
