#include "approvals/card.h"

#include "approvals/fields.h"
#include "approvals/money.h"
#include "approvals/reveal.h"
#include "base/canonical_json.h"
#include "base/limits.h"

namespace resolute::approvals {
namespace {

Json evidence_json(policy::ApprovalTerms const& terms) {
    Json list = Json::array();
    for (auto const& one : terms.evidence)
        list.push_back({{"title", one.title},
                        {"quote", reveal(one.quote, Lines::keep)},
                        {"source", one.source},
                        {"at", nullptr},
                        {"trust", to_string(one.trust)}});
    return list;
}

Json shown(Json const& value, std::string const& currency) {
    if (value.is_null()) return nullptr;
    if (!currency.empty() && value.is_number_integer())
        if (auto money = format_money(value.get<std::int64_t>(), currency)) return *money;
    return reveal(value.is_string() ? value.get<std::string>() : to_text(value), Lines::keep);
}

Json changes_json(policy::ApprovalTerms const& terms) {
    Json list = Json::array();
    for (auto const& one : terms.changes)
        list.push_back({{"label", one.label},
                        {"before", shown(one.before, one.currency)},
                        {"after", shown(one.after, one.currency)}});
    return list;
}

Json claims_json(Question const& question) {
    Json list = Json::array();
    for (auto const& claim : question.decision.approval->claims) {
        if (claim.text.empty()) continue;
        auto const who =
            question.identify ? question.identify(claim.model) : ModelIdentity{claim.model, false};
        list.push_back({{"text", reveal(claim.text, Lines::keep)},
                        {"model", who.label.empty() ? claim.model : who.label},
                        {"scripted", who.is_scripted}});
    }
    return list;
}

Json amount_of(Form const& form) {
    for (auto const& field : form.fields)
        if (field.render == "money" && !field.currency.empty())
            return {{"minor", field.value}, {"currency", field.currency}};
    return nullptr;
}

std::string sentence_of(Question const& question, Form const& form) {
    auto const& tool = question.tool;
    if (!tool.sentence.empty())
        return fill_sentence(tool.sentence, form, question.proposal.case_id);
    auto sentence = tool.title.empty() ? "Call `" + tool.name + "`" : tool.title;
    return question.proposal.case_id.empty()
               ? sentence
               : sentence + " for case " + reveal(question.proposal.case_id, Lines::reveal);
}

std::string uninspectable_why(Form const& form, std::string const& arguments_text) {
    if (arguments_text.size() > limits::approval_arguments_bytes)
        return "The arguments are longer than " + std::to_string(limits::approval_arguments_bytes) +
               " bytes.";
    return form.uninspectable;
}

}  // namespace

Digest evidence_root(policy::ApprovalTerms const& terms) {
    auto root = [](policy::ApprovalTerms const& of) {
        return canonical_digest({{"evidence", evidence_json(of)},
                                 {"changes", changes_json(of)},
                                 {"missing", of.missing}});
    };
    static Digest const of_nothing = root({});  // as of every call that nobody is asked about
    bool const is_nothing =
        terms.evidence.empty() && terms.changes.empty() && terms.missing.empty();
    return is_nothing ? of_nothing : root(terms);
}

Json card_of(Question const& question, std::string const& arguments_text) {
    auto const& tool = question.tool;
    auto const& terms = *question.decision.approval;
    auto const form = form_of(question.arguments.json(), tool.input.json());
    Json fields = Json::array();
    for (auto const& field : form.fields) fields.push_back(to_json(field));
    auto const why_not = uninspectable_why(form, arguments_text);
    return {
        {"sentence", sentence_of(question, form)},
        {"risk", to_string(terms.risk)},
        {"why", terms.why},
        {"rule", terms.rule},
        {"tool", tool.name},
        {"amount", amount_of(form)},
        {"to", {{"groups", terms.groups}, {"users", terms.users}}},
        {"toolContract",
         {{"name", tool.name},
          {"version", tool.version},
          {"title", tool.title.empty() ? tool.name : tool.title},
          {"effect", policy::to_string(question.tool.effect == Effect::read ? policy::Effect::read
                                       : question.tool.effect == Effect::write
                                           ? policy::Effect::write
                                           : policy::Effect::irreversible)},
          {"reversible", tool.is_reversible}}},
        {"arguments", question.arguments.json()},
        {"argumentsText", arguments_text},
        {"fields", fields},
        {"changes", changes_json(terms)},
        {"evidence", evidence_json(terms)},
        {"missing", terms.missing},
        {"claims", claims_json(question)},
        {"inspectable", why_not.empty()},
        {"uninspectableWhy", why_not.empty() ? Json(nullptr) : Json(why_not)}};
}

}  // namespace resolute::approvals
