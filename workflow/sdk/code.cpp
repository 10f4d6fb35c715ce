#include "workflow/sdk/code.h"

#include <algorithm>

#include "workflow/sdk/coroutines.h"

namespace resolute::sdk {

Json Code::declaration() const {
    return {{"code", "c++"},
            {"name", ref.name},
            {"version", ref.version},
            {"input", input.source()},
            {"output", output.source()}};
}

Code declare(std::string const& name, std::string const& version, Json const& input,
             Json const& output, std::function<Task<Payload>(Flow&, Payload const&)> body) {
    auto const slash = name.find('/');
    bool const is_name = slash != std::string::npos && slash > 0 && slash + 1 < name.size();
    if (!is_name || version.empty())
        throw InvalidInput({{.code = codes::invalid_name,
                             .message = "`" + name + "` " + version + " names no workflow.",
                             .remedy = "Name it `namespace/name`, with a version."}});
    Code code{{name, version, {}},
              JsonSchema::compile(input).value(),
              JsonSchema::compile(output).value(),
              std::move(body)};
    code.ref.digest = sha256(to_text(code.declaration()));
    return code;
}

void Workflows::add(Code code) {
    if (find(code.ref.name, code.ref.version))
        throw std::logic_error("The workflow " + code.ref.name + " " + code.ref.version +
                               " is registered already.");
    all_.push_back(std::make_shared<Code const>(std::move(code)));
}

Code const* Workflows::find(Digest const& digest) const {
    auto const found =
        std::ranges::find_if(all_, [&](auto const& code) { return code->ref.digest == digest; });
    return found == all_.end() ? nullptr : found->get();
}

Code const* Workflows::find(std::string const& name, std::string const& version) const {
    Code const* found = nullptr;
    for (auto const& code : all_)
        if (code->ref.name == name && (version.empty() || code->ref.version == version))
            found = code.get();
    return found;
}

std::unique_ptr<Orchestrator const> Workflows::orchestrator(Digest const& digest) const {
    for (auto const& code : all_)
        if (code->ref.digest == digest) return std::make_unique<Coroutines>(code);
    return nullptr;
}

}  // namespace resolute::sdk
