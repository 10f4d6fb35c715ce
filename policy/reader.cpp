#include "policy/reader.h"

#include <algorithm>

#include "base/limits.h"
#include "base/spelling.h"
#include "policy/approval_reader.h"
#include "policy/type_check.h"
#include "workflow/fields.h"

namespace resolute::policy {
namespace {

using workflow::Fields;
using workflow::Node;

bool is_name(std::string_view text) {
    auto const is_word = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= 100 && text.front() >= 'a' && text.front() <= 'z' &&
           std::all_of(text.begin(), text.end(), is_word);
}

// Reads the rules of one file.
class Reader {
  public:
    Reader(File const& file, Tools const& tools)
        : file_(file), tools_(tools), problems_(file.name) {}

    Result<Document> read() {
        auto root = workflow::read_yaml(file_.text, file_.name);
        if (!root) return root.diagnostics();
        auto document = read_document(*root);
        auto all = problems_.in_order();
        if (problems_.has_errors()) return all;
        document.warnings = std::move(all);
        return document;
    }

  private:
    Document read_document(Node const& root);
    Rule read_rule(Node const& node, Document const& document);
    std::string read_name(Fields& fields, std::string_view key);
    std::vector<std::string> read_tools(Fields& fields);
    void read_condition(Fields& fields, Rule& rule);
    void read_verdict(Fields& fields, Rule& rule);
    void read_obligations(Fields& fields, Rule& rule);
    std::vector<ArgumentsOf> arguments_of(Rule const& rule) const;

    File const& file_;
    Tools const& tools_;
    workflow::Problems problems_;
};

Document Reader::read_document(Node const& root) {
    Fields fields(root, "a policy", problems_);
    Document document;
    document.name = read_name(fields, "policy");
    document.version = fields.required_text("version").value_or("");
    document.title = fields.text("title").value_or("");
    auto const* rules = fields.require("rules");
    fields.finish();
    if (!rules || !workflow::expect(*rules, Node::Kind::list, "`rules`", problems_))
        return document;
    for (auto const& node : rules->items) {
        auto rule = read_rule(node, document);
        auto const same = [&](Rule const& other) {
            return other.name == rule.name && !rule.name.empty();
        };
        if (auto const first = std::find_if(document.rules.begin(), document.rules.end(), same);
            first != document.rules.end())
            problems_.error(node, codes::duplicate_name,
                            "The rule `" + rule.name +
                                "` is here twice; the first stands in line " +
                                std::to_string(first->line) + ".",
                            "Rename one of them.");
        document.rules.push_back(std::move(rule));
    }
    return document;
}

std::string Reader::read_name(Fields& fields, std::string_view key) {
    auto const* node = fields.find(key);
    auto name = fields.required_text(key).value_or("");
    if (node && !name.empty() && !is_name(name))
        problems_.error(*node, codes::invalid_name, "`" + name + "` is not a name.",
                        "Use lower-case letters, digits, `_` and `-`, and begin with a letter.");
    return name;
}

Rule Reader::read_rule(Node const& node, Document const& document) {
    Fields fields(node, "a rule", problems_);
    Rule rule;
    rule.policy = document.name;
    rule.policy_version = document.version;
    rule.file = file_.name;
    rule.line = node.line;
    rule.column = node.column;
    rule.name = read_name(fields, "name");
    rule.title = fields.required_text("title").value_or("");
    rule.tools = read_tools(fields);
    read_condition(fields, rule);
    read_verdict(fields, rule);
    read_obligations(fields, rule);
    fields.finish();
    return rule;
}

std::vector<std::string> Reader::read_tools(Fields& fields) {
    std::vector<std::string> patterns;
    std::vector<std::string> names;
    for (auto const& [name, _] : tools_) names.push_back(name);
    auto const* list = fields.require("tools");
    if (!list || !workflow::expect(*list, Node::Kind::list, "`tools`", problems_)) return patterns;
    if (list->items.empty())
        problems_.error(*list, codes::invalid_value, "A rule about no tool never matches.",
                        "Name the tools, or write `'*'` for all.");
    for (auto const& item : list->items) {
        auto const pattern = workflow::read_text(item, "a tool", problems_);
        if (!pattern) continue;
        bool const is_known = std::any_of(
            names.begin(), names.end(), [&](auto const& name) { return matches(*pattern, name); });
        auto const near = did_you_mean(*pattern, names);
        if (!is_known)
            problems_.error(
                item, codes::unknown_tool, "`" + *pattern + "` is not a tool.",
                near.empty() ? "Declare it in `tools/`, or remove it here." : near.substr(1));
        patterns.push_back(*pattern);
    }
    return patterns;
}

std::vector<ArgumentsOf> Reader::arguments_of(Rule const& rule) const {
    std::vector<ArgumentsOf> inputs;
    for (auto const& [name, tool] : tools_)
        if (std::any_of(rule.tools.begin(), rule.tools.end(),
                        [&](auto const& pattern) { return matches(pattern, name); }))
            inputs.push_back({name, &tool.input});
    return inputs;
}

void Reader::read_condition(Fields& fields, Rule& rule) {
    auto const* node = fields.find("when");
    auto const text = fields.text("when");
    if (!text) return;
    auto condition = Condition::compile(*text);
    auto const found =
        condition ? check_types(*condition, arguments_of(rule)) : condition.diagnostics();
    report(found, *node, problems_);
    if (condition) rule.when = std::move(*condition);
}

void Reader::read_verdict(Fields& fields, Rule& rule) {
    auto const* node = fields.find("decide");
    auto const word = fields.required_text("decide");
    bool is_known = false;
    for (auto const verdict : {Verdict::permit, Verdict::require_approval, Verdict::deny}) {
        if (word != to_string(verdict)) continue;
        rule.verdict = verdict;
        is_known = true;
    }
    if (word && !is_known)
        problems_.error(*node, codes::invalid_value, "`" + *word + "` is not a decision.",
                        "Write `permit`, `require_approval` or `deny`." +
                            did_you_mean(*word, {"permit", "require_approval", "deny"}));
    auto const* approval = fields.find("approval");
    if (approval && is_known && rule.verdict != Verdict::require_approval)
        problems_.error(*approval, codes::invalid_value,
                        "`approval` belongs to rules that decide `require_approval`.",
                        "Remove it.");
    if (rule.verdict == Verdict::require_approval)
        rule.approval = read_approval(approval, arguments_of(rule), problems_);
}

void Reader::read_obligations(Fields& fields, Rule& rule) {
    auto const* node = fields.find("obligations");
    if (!node || !workflow::expect(*node, Node::Kind::map, "`obligations`", problems_)) return;
    auto const& known = known_obligations();
    for (auto const& member : node->members) {
        auto const near = did_you_mean(member.key, known);
        auto const& value = member.value;
        if (std::find(known.begin(), known.end(), member.key) == known.end())
            problems_.error(
                workflow::place_of(member), codes::unknown_key,
                "`" + member.key + "` is not an obligation.",
                near.empty() ? "Remove it; what nobody knows cannot be kept." : near.substr(1));
        else if (member.key == "verify_outcome" && value.scalar != Json(true))
            problems_.error(value, codes::invalid_value, "`verify_outcome` can only be `true`.",
                            "Remove it to ask for nothing.");
        rule.obligations[member.key] = workflow::to_json(value);
    }
    if (rule.verdict == Verdict::deny && !node->members.empty())
        problems_.error(*node, codes::invalid_value, "A rule that denies leaves nothing to oblige.",
                        "Remove `obligations`.");
}

}  // namespace

Result<Document> read_policy(File const& file, Tools const& tools) {
    return Reader(file, tools).read();
}

}  // namespace resolute::policy
