#include "tools/function.h"

#include "tools/contract_reader.h"

namespace resolute::tools {

Result<Contract> contract_of(Function const& function) {
    Json document{{"tool", function.name},           {"version", function.version},
                  {"effect", name(function.effect)}, {"input", function.input},
                  {"output", function.output},       {"call", {{"function", function.name}}}};
    bool const writes = function.effect != Effect::read;
    if (writes && function.honours_key) document["idempotency"] = {{"window", "P365D"}};
    if (writes && !function.honours_key) document["unsafe"] = "human_resolves";
    return contract_from_json(document, {});
}

}  // namespace resolute::tools
