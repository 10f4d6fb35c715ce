#include "policy/show.h"

#include "base/limits.h"
#include "base/utf8.h"

namespace resolute::policy {
namespace {

std::optional<Json> value_of(Operand const& operand, Values& values) {
    auto const found = operand.evaluate(values);
    auto const* value = std::get_if<Value>(&found);
    if (!value || value->json().is_null()) return std::nullopt;
    return value->json();
}

std::string text_of(Json const& value) {
    auto text = value.is_string() ? value.get<std::string>() : to_text(value);
    if (text.size() <= limits::approval_quote_bytes) return text;
    auto const whole = text.size();
    text.resize(limits::approval_quote_bytes);
    text.resize(valid_utf8_prefix(text));
    return text + " … (cut; " + std::to_string(whole) + " bytes in all)";
}

}  // namespace

void show(ApprovalRule const& rule, Values& values, ApprovalTerms& terms) {
    for (auto const& evidence : rule.evidence) {
        auto const quote = value_of(evidence.quote, values);
        if (!quote)
            terms.missing.push_back(evidence.title + " (" + evidence.source + ")");
        else if (terms.evidence.size() >= limits::approval_evidence)
            terms.missing.push_back(evidence.title + " (" + evidence.source + "): only " +
                                    std::to_string(limits::approval_evidence) +
                                    " quotes fit on a card");
        else
            terms.evidence.push_back(
                {evidence.title, text_of(*quote), evidence.source, evidence.trust});
    }
    for (auto const& change : rule.changes) {
        auto const after = value_of(change.after, values);
        auto const currency = change.currency ? value_of(*change.currency, values) : Json("");
        if (!after || !currency || !currency->is_string()) {
            terms.missing.push_back(change.label);
            continue;
        }
        auto const before = value_of(change.before, values);
        terms.changes.push_back(
            {change.label, before.value_or(nullptr), *after, currency->get<std::string>()});
    }
    for (auto const& claim : rule.claims)
        if (auto const text = value_of(claim.text, values))
            terms.claims.push_back({text_of(*text), claim.model});
}

}  // namespace resolute::policy
