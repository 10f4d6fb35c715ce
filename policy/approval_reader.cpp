#include "policy/approval_reader.h"

#include <algorithm>

#include "base/limits.h"
#include "base/spelling.h"

namespace resolute::policy {
namespace {

using workflow::Fields;
using workflow::Node;

class ApprovalReader {
  public:
    ApprovalReader(std::vector<ArgumentsOf> const& tools, workflow::Problems& problems)
        : tools_(tools), problems_(problems) {}

    ApprovalRule read(Node const& node);

  private:
    template <class E, std::size_t N>
    void word(Fields& fields, std::string_view key, std::array<E, N> const& values, E& out);
    void expiry(Fields& fields, ApprovalRule& rule);
    std::vector<std::string> texts(Fields& fields, std::string_view key);
    std::optional<Operand> expression(Fields& fields, std::string_view key, bool is_required);
    template <class Read>
    void each(Fields& fields, std::string_view key, std::size_t most, Read read);

    std::vector<ArgumentsOf> const& tools_;
    workflow::Problems& problems_;
};

ApprovalRule ApprovalReader::read(Node const& node) {
    Fields fields(node, "an approval", problems_);
    ApprovalRule rule;
    word(fields, "risk", std::array{Risk::low, Risk::medium, Risk::high}, rule.risk);
    rule.quorum = static_cast<int>(fields.whole("quorum", 1, limits::approval_quorum).value_or(1));
    expiry(fields, rule);
    rule.not_by =
        fields.find("notBy") ? texts(fields, "notBy") : std::vector<std::string>{"initiator"};
    if (auto const* to = fields.find("to")) {
        Fields audience(*to, "`to`", problems_);
        rule.groups = texts(audience, "groups");
        rule.users = texts(audience, "users");
        audience.finish();
    }
    each(fields, "evidence", limits::approval_evidence, [&](Fields& item) {
        auto title = item.required_text("title"), source = item.required_text("source");
        auto quote = expression(item, "quote", true);
        auto trust = Trust::untrusted;
        word(item, "trust",
             std::array{Trust::system, Trust::user, Trust::verified_tool, Trust::untrusted}, trust);
        if (title && source && quote)
            rule.evidence.push_back({*title, std::move(*quote), *source, trust});
    });
    each(fields, "changes", limits::approval_changes, [&](Fields& item) {
        auto label = item.required_text("label");
        auto before = expression(item, "before", true), after = expression(item, "after", true);
        auto currency = expression(item, "currency", false);
        if (label && before && after)
            rule.changes.push_back(
                {*label, std::move(*before), std::move(*after), std::move(currency)});
    });
    each(fields, "claims", limits::approval_claims, [&](Fields& item) {
        auto text = expression(item, "text", true);
        auto model = item.required_text("model");
        if (text && model) rule.claims.push_back({std::move(*text), *model});
    });
    fields.finish();
    return rule;
}

template <class E, std::size_t N>
void ApprovalReader::word(Fields& fields, std::string_view key, std::array<E, N> const& values,
                          E& out) {
    auto const* node = fields.find(key);
    auto const text = fields.text(key);
    if (!text) return;
    std::vector<std::string> words;
    std::string list;
    for (auto const value : values) {
        if (*text == to_string(value)) {
            out = value;
            return;
        }
        words.emplace_back(to_string(value));
        list += (list.empty() ? "`" : ", `") + words.back() + "`";
    }
    problems_.error(*node, codes::invalid_value,
                    "`" + *text + "` is not a " + std::string(key) + ".",
                    "It is one of " + list + "." + did_you_mean(*text, words));
}

void ApprovalReader::expiry(Fields& fields, ApprovalRule& rule) {
    rule.expires_after = std::chrono::seconds(limits::approval_expires_s);
    auto const* node = fields.find("expiresAfter");
    auto const text = fields.text("expiresAfter");
    if (!text) return;
    auto const duration = parse_duration(*text);
    if (!duration)
        problems_.error(*node, codes::invalid_value, "`" + *text + "` is not a duration.",
                        "Write it as in ISO 8601: `PT24H`, `P2D`.");
    else if (duration->count() <= 0)
        problems_.error(*node, codes::invalid_value, "An approval must be open for some time.",
                        "Write a longer duration.");
    else
        rule.expires_after = *duration;
}

std::vector<std::string> ApprovalReader::texts(Fields& fields, std::string_view key) {
    std::vector<std::string> all;
    auto const* node = fields.find(key);
    if (!node ||
        !workflow::expect(*node, Node::Kind::list, "`" + std::string(key) + "`", problems_))
        return all;
    for (auto const& item : node->items) {
        auto text = workflow::read_text(item, "an item of `" + std::string(key) + "`", problems_);
        if (text && text->empty())
            problems_.error(item, codes::invalid_value, "An empty name names nobody.",
                            "Remove it.");
        if (text) all.push_back(std::move(*text));
    }
    return all;
}

std::optional<Operand> ApprovalReader::expression(Fields& fields, std::string_view key,
                                                  bool is_required) {
    auto const* node = fields.find(key);
    auto const text = is_required ? fields.required_text(key) : fields.text(key);
    if (!text) return std::nullopt;
    auto operand = Operand::compile(*text);
    report(operand ? check_types(*operand, tools_) : operand.diagnostics(), *node, problems_);
    if (!operand) return std::nullopt;
    return std::move(*operand);
}

template <class Read>
void ApprovalReader::each(Fields& fields, std::string_view key, std::size_t most, Read read) {
    auto const* list = fields.find(key);
    auto const name = "`" + std::string(key) + "`";
    if (!list || !workflow::expect(*list, Node::Kind::list, name, problems_)) return;
    if (list->items.size() > most)
        problems_.error(*list, codes::invalid_value,
                        name + " has more than " + std::to_string(most) + " items.",
                        "Keep what decides; a reviewer reads it in seconds.");
    for (auto const& node : list->items) {
        Fields item(node, "an item of " + name, problems_);
        read(item);
        item.finish();
    }
}

}  // namespace

void report(Diagnostics const& found, workflow::Node const& at, workflow::Problems& problems) {
    for (auto const& one : found) {
        if (one.severity == Severity::warning)
            problems.warn(workflow::place_of(at), one.code.c_str(), one.message, one.remedy);
        else
            problems.error(workflow::place_of(at), one.code.c_str(), one.message, one.remedy);
    }
}

ApprovalRule read_approval(workflow::Node const* node, std::vector<ArgumentsOf> const& tools,
                           workflow::Problems& problems) {
    if (node) return ApprovalReader(tools, problems).read(*node);
    ApprovalRule rule;
    rule.expires_after = std::chrono::seconds(limits::approval_expires_s);
    rule.not_by = {"initiator"};
    return rule;
}

}  // namespace resolute::policy
