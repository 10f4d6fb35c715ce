#include "tools/built_in.h"

#include "base/canonical_json.h"

namespace resolute::tools {
namespace {

constexpr char version[] = "1.0.0";

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

}  // namespace resolute::tools
