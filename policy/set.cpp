#include "policy/set.h"

#include <algorithm>
#include <unordered_map>

#include "base/canonical_json.h"
#include "base/limits.h"
#include "policy/decide.h"

namespace resolute::policy {

struct Set::Compiled {
    SetOptions options;
    std::vector<Rule> rules;
    std::unordered_map<std::string, std::vector<Rule const*>> by_tool;
    Payload plain_read;
    Json document = Json::array();
    Digest digest;
    Diagnostics warnings;
    std::vector<std::string> policies;

    std::vector<Rule const*> const* rules_about(std::string const& tool) const;
    Decision apply(Request const& request, std::vector<Rule const*> const* about) const;
    Decision broken() const;
};

namespace {

// Names are unique across files, because decisions and errors speak of rules by name alone.
void find_duplicates(std::vector<Document> const& documents, std::vector<File> const& files,
                     Diagnostics& problems) {
    std::map<std::string, std::string> policies;
    std::map<std::string, Rule const*> rules;
    for (std::size_t i = 0; i < documents.size(); ++i) {
        auto const [first, is_new] = policies.emplace(documents[i].name, files[i].name);
        if (!is_new)
            problems.push_back({.code = codes::duplicate_name,
                                .message = "The policy `" + documents[i].name + "` is also in " +
                                           first->second + ".",
                                .remedy = "Rename one of them.",
                                .file = files[i].name,
                                .line = 1,
                                .column = 1,
                                .pointer = "/policy"});
        for (auto const& rule : documents[i].rules) {
            auto const [other, is_first] = rules.emplace(rule.name, &rule);
            if (!is_first && other->second->file != rule.file)
                problems.push_back(
                    {.code = codes::duplicate_name,
                     .message =
                         "The rule `" + rule.name + "` is also in " + other->second->file + ".",
                     .remedy =
                         "Rename one of them: a decision names its rules without their policies.",
                     .file = rule.file,
                     .line = rule.line,
                     .column = rule.column,
                     .pointer = {}});
        }
    }
}

Json describe(std::vector<Document> const& documents, std::vector<File> const& files) {
    std::map<std::string, Json> sorted;
    for (std::size_t i = 0; i < documents.size(); ++i)
        sorted[documents[i].name] = {{"name", documents[i].name},
                                     {"version", documents[i].version},
                                     {"text", files[i].text}};
    Json list = Json::array();
    for (auto& [_, one] : sorted) list.push_back(std::move(one));
    return list;
}

}  // namespace

Set::Set()
    : compiled_([] {
          auto empty = std::make_shared<Compiled>();
          empty->digest = canonical_digest(empty->document);
          return empty;
      }()) {}

Result<Set> Set::compile(std::vector<File> const& files, SetOptions options) {
    Diagnostics problems;
    std::vector<Document> documents;
    for (auto const& file : files) {
        auto document = read_policy(file, options.tools);
        if (document)
            documents.push_back(std::move(*document));
        else
            problems.insert(problems.end(), document.diagnostics().begin(),
                            document.diagnostics().end());
    }
    if (!problems.empty()) return problems;
    find_duplicates(documents, files, problems);

    auto compiled = std::make_shared<Compiled>();
    compiled->document = describe(documents, files);
    compiled->options = std::move(options);
    for (auto& document : documents) {
        compiled->policies.push_back(document.name);
        compiled->warnings.insert(compiled->warnings.end(), document.warnings.begin(),
                                  document.warnings.end());
        for (auto& rule : document.rules) compiled->rules.push_back(std::move(rule));
    }
    if (compiled->rules.size() > limits::policy_rules)
        problems.push_back(
            {.code = codes::invalid_value,
             .message = "There are more than " + std::to_string(limits::policy_rules) + " rules.",
             .remedy = "Merge rules that differ only in what they compare with."});
    if (!problems.empty()) return problems;

    compiled->digest = canonical_digest(compiled->document);
    for (auto const& [tool, _] : compiled->options.tools) {
        auto& rules = compiled->by_tool[tool];
        for (auto const& rule : compiled->rules)
            if (std::any_of(rule.tools.begin(), rule.tools.end(),
                            [&](auto const& pattern) { return matches(pattern, tool); }))
                rules.push_back(&rule);
    }
    compiled->plain_read = Payload(Json{{"verdict", to_string(Verdict::permit)},
                                        {"code", codes::permitted_read},
                                        {"policy", resolute::to_string(compiled->digest)}});
    Set set;
    set.compiled_ = std::move(compiled);
    return set;
}

std::vector<Rule const*> const* Set::Compiled::rules_about(std::string const& tool) const {
    auto const found = by_tool.find(tool);
    return found == by_tool.end() ? nullptr : &found->second;
}

Decision Set::Compiled::apply(Request const& request, std::vector<Rule const*> const* about) const {
    auto decision = policy::decide(request, about, options.obligations);
    decision.policy = digest;
    return decision;
}

Decision Set::Compiled::broken() const {
    Decision denied;
    denied.code = codes::policy_error;
    denied.sentence = "Denied: the policy failed.";
    denied.policy = digest;
    return denied;
}

// Out of memory, or a fault of ours: no decision is a denial.
Decision Set::decide(Request const& request) const noexcept {
    try {
        return compiled_->apply(request, compiled_->rules_about(request.tool));
    } catch (...) {
        return compiled_->broken();
    }
}

Decision Set::decide(Request const& request, std::string const& policy) const noexcept {
    try {
        auto const* all = compiled_->rules_about(request.tool);
        if (!all) return compiled_->apply(request, nullptr);
        std::vector<Rule const*> its_own;
        for (auto const* rule : *all)
            if (rule->policy == policy) its_own.push_back(rule);
        return compiled_->apply(request, &its_own);
    } catch (...) {
        return compiled_->broken();
    }
}

Payload const* Set::permitted_read(std::string const& tool) const {
    auto const rules = compiled_->by_tool.find(tool);
    if (rules == compiled_->by_tool.end() || !rules->second.empty()) return nullptr;
    auto const known = compiled_->options.tools.find(tool);
    bool const reads =
        known != compiled_->options.tools.end() && known->second.effect == Effect::read;
    return reads ? &compiled_->plain_read : nullptr;
}

Digest Set::digest() const { return compiled_->digest; }
Diagnostics const& Set::warnings() const { return compiled_->warnings; }
Tools const& Set::tools() const { return compiled_->options.tools; }
std::vector<std::string> Set::policies() const { return compiled_->policies; }
std::vector<std::string> Set::rules() const {
    std::vector<std::string> names;
    for (auto const& rule : compiled_->rules) names.push_back(rule.name);
    return names;
}
Json Set::document() const { return compiled_->document; }

}  // namespace resolute::policy
