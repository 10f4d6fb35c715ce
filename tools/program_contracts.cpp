#include "tools/program_contracts.h"

#include "tools/built_in.h"

namespace resolute::tools {
namespace {

using Language = ProgramCall::Language;

constexpr auto longest_run = std::chrono::minutes(5);

struct Kind {
    Language language;
    char const* title;
    char const* text;  // the argument with the program itself
};
constexpr Kind kinds[] = {{Language::shell, "Run a command in a shell", "command"},
                          {Language::javascript, "Run a script in JavaScript", "code"},
                          {Language::python, "Run a script in Python", "code"}};

Json input_schema(Kind const& kind) {
    Json const plain{{"type", {"string", "number", "boolean"}}};
    Json const list{{"type", "array"}, {"items", plain}};
    Json const by_name{{"type", "object"},
                       {"propertyNames", {{"pattern", "^[A-Za-z_][A-Za-z0-9_]*$"}}}};
    Json const by_name_or_list{{"anyOf", {list, by_name}}};
    return {{"type", "object"},
            {"additionalProperties", false},
            {"required", {kind.text}},
            {"properties",
             {{kind.text, {{"type", "string"}, {"minLength", 1}}},
              {"stdin", Json::object()},
              {"arguments", kind.language == Language::shell ? list : by_name_or_list},
              {"environment", {{"type", "object"}, {"additionalProperties", plain}}},
              {"return", {{"enum", {"stdout", "stderr", "code", "all", "none"}}}}}}};
}

Contract contract_of(Kind const& kind) {
    Contract contract;
    contract.name = "run." + std::string(name(kind.language));
    contract.title = kind.title;
    contract.effect = Effect::write;
    contract.call = ProgramCall{kind.language};
    contract.resolves_by_person = true;
    contract.sentence = std::string(kind.title) + ": {" + kind.text + "}";
    contract.terms.timeout = longest_run;
    return built_in(std::move(contract), input_schema(kind));
}

}  // namespace

std::vector<std::string> const& program_languages() {
    static std::vector<std::string> const all{"shell", "javascript", "python"};
    return all;
}

std::vector<Contract> program_contracts(std::set<std::string> const& enabled) {
    std::vector<Contract> contracts;
    for (auto const& kind : kinds)
        if (enabled.contains(std::string(name(kind.language))))
            contracts.push_back(contract_of(kind));
    return contracts;
}

}  // namespace resolute::tools
