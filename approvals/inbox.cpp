#include "approvals/inbox.h"

#include <algorithm>

#include "approvals/fields.h"
#include "approvals/reveal.h"
#include "base/canonical_json.h"
#include "base/error_codes.h"
#include "base/limits.h"
#include "base/spelling.h"
#include "engine/names.h"

namespace resolute::approvals {
namespace {

Json or_null(std::string const& text) { return text.empty() ? Json(nullptr) : Json(text); }

// A member of the card, whoever wrote it: the gate, the engine, or a workflow's own question.
Json member(Json const& card, char const* name, Json otherwise) {
    if (!card.is_object()) return otherwise;
    auto const found = card.find(name);
    return found != card.end() && !found->is_null() ? *found : otherwise;
}

std::string text(Json const& card, char const* name, std::string otherwise) {
    auto const found = member(card, name, nullptr);
    return found.is_string() && !found.get_ref<std::string const&>().empty()
               ? found.get<std::string>()
               : otherwise;
}

Json list(Json const& card, char const* name) {
    auto const found = member(card, name, Json::array());
    return found.is_array() ? found : Json::array();
}

std::string default_sentence(ApprovalKind kind) {
    switch (kind) {
        case ApprovalKind::tool: return "A tool call waits for an approval";
        case ApprovalKind::resolution: return "A call went out and its outcome is unknown";
        case ApprovalKind::question: break;
    }
    return "The workflow asks a person";
}

std::string default_why(ApprovalKind kind) {
    switch (kind) {
        case ApprovalKind::tool: return "A rule of the policy asks for an approval.";
        case ApprovalKind::resolution:
            return "The system of record could not say what became of it.";
        case ApprovalKind::question: break;
    }
    return "The workflow has a step that a person must answer.";
}

// Cards of questions and resolutions come without a form: it is made from what they show.
void add_arguments(Json& detail, Json const& card) {
    auto const arguments = member(card, "arguments", member(card, "show", nullptr));
    auto const canonical = canonical_json(arguments);
    auto const form = arguments.is_null() ? Form{} : form_of(arguments, Json::object());
    Json fields = Json::array();
    for (auto const& field : form.fields) fields.push_back(to_json(field));
    auto const why =
        canonical ? form.uninspectable : std::string("The values have no canonical form.");
    detail["arguments"] = arguments;
    detail["argumentsText"] =
        text(card, "argumentsText", canonical ? *canonical : to_text(arguments));
    detail["fields"] = member(card, "fields", fields);
    auto const is_inspectable = member(card, "inspectable", why.empty());
    detail["inspectable"] = is_inspectable;
    detail["uninspectableWhy"] =
        is_inspectable == Json(true) ? Json(nullptr) : member(card, "uninspectableWhy", why);
}

Json decisions_json(std::vector<ApprovalDecisionRow> const& decisions) {
    Json taken = Json::array();
    for (auto const& one : decisions)
        if (one.refused.empty())
            taken.push_back({{"id", one.decision_id},
                             {"by", one.by},
                             {"decision", one.decision},
                             {"at", to_string(one.at)},
                             {"comment", one.comment}});
    return taken;
}

Diagnostic wrong(std::string const& member, std::string message, std::string remedy = {}) {
    auto const pointer = member.empty() ? Json::json_pointer() : Json::json_pointer() / member;
    return {.code = codes::decision_malformed,
            .message = std::move(message),
            .remedy = std::move(remedy),
            .pointer = pointer.to_string()};
}

// Reads one request; every problem is collected.
class Reader {
  public:
    Reader(Json const& body, ApprovalRow const& row) : body_(body), row_(row) {}
    Result<DecideApproval> read();

  private:
    std::string text(char const* name, bool is_required);
    void check_names();
    void check_person(std::string const& name);
    void check_choice(std::string const& decision);

    Json const& body_;
    ApprovalRow const& row_;
    Diagnostics problems_;
};

std::string Reader::text(char const* name, bool is_required) {
    auto const found = body_.find(name);
    if (found == body_.end()) {
        if (is_required)
            problems_.push_back(wrong(name, "`" + std::string(name) + "` is missing."));
        return {};
    }
    if (found->is_string()) return found->get<std::string>();
    problems_.push_back(wrong(name, "`" + std::string(name) + "` must be text."));
    return {};
}

void Reader::check_names() {
    std::vector<std::string> const known = {"decision", "digest", "decisionId", "by", "comment"};
    for (auto const& [name, _] : body_.items()) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        auto const near = did_you_mean(name, known);
        problems_.push_back(wrong(name, "`" + name + "` is not a member of a decision.",
                                  near.empty() ? "" : near.substr(1)));
    }
}

// Two spellings of one name must not pass for two people.
void Reader::check_person(std::string const& name) {
    bool const is_padded = !name.empty() && (name.front() == ' ' || name.back() == ' ');
    if (name.empty())
        problems_.push_back(wrong("by", "Say who decides."));
    else if (name.size() > limits::person_name_bytes)
        problems_.push_back(wrong("by", "The name is too long."));
    else if (is_padded || reveal(name, Lines::reveal) != name || unrenderable(name))
        problems_.push_back(wrong("by", "The name has spaces around it or hidden characters in it.",
                                  "Type it again."));
}

void Reader::check_choice(std::string const& decision) {
    auto const choices = choices_of(row_);
    if (decision.empty()) return;
    if (std::find(choices.begin(), choices.end(), decision) == choices.end()) {
        std::string all;
        for (auto const& choice : choices) all += (all.empty() ? "`" : ", `") + choice + "`";
        problems_.push_back(wrong("decision", "`" + decision + "` is not one of the choices.",
                                  "They are " + all + "." + did_you_mean(decision, choices)));
    }
    bool const is_approval = row_.kind == ApprovalKind::tool && decision == "approve";
    if (is_approval && member(row_.card.json(), "inspectable", false) != Json(true))
        problems_.push_back(
            {.code = codes::approval_uninspectable,
             .message = "Nobody can approve this, because it cannot be shown faithfully.",
             .remedy = "Reject it.",
             .pointer = "/decision"});
}

Result<DecideApproval> Reader::read() {
    if (!body_.is_object()) return wrong("", "A decision is an object.");
    check_names();
    DecideApproval decide;
    decide.approval = row_.approval;
    decide.decision = text("decision", true);
    decide.decision_id = text("decisionId", true);
    decide.by = text("by", true);
    decide.comment = text("comment", false);
    auto const digest_text = text("digest", true);
    auto const digest = parse_digest(digest_text);
    if (!digest_text.empty() && !digest)
        problems_.push_back(wrong("digest", "The digest is not 64 hexadecimal digits."));
    if (digest) decide.digest = *digest;
    if (!decide.decision_id.empty() && !parse_uuid(decide.decision_id))
        problems_.push_back(wrong("decisionId", "`decisionId` is not a UUID."));
    if (body_.contains("by") && body_["by"].is_string()) check_person(decide.by);
    if (count_characters(decide.comment) > limits::decision_comment_bytes)
        problems_.push_back(wrong("comment", "The comment is too long."));
    check_choice(decide.decision);
    for (auto const* name : {"decision", "digest", "decisionId"})
        if (body_.contains(name) && body_[name] == Json(""))
            problems_.push_back(wrong(name, "`" + std::string(name) + "` is empty."));
    if (!problems_.empty()) return std::move(problems_);
    return decide;
}

}  // namespace

std::string_view shown_status(ApprovalStatus status) {
    return name(status == ApprovalStatus::answered ? ApprovalStatus::approved : status);
}

std::vector<std::string> choices_of(ApprovalRow const& row) {
    std::vector<std::string> choices;
    for (auto const& choice : list(row.card.json(), "choices"))
        if (choice.is_string()) choices.push_back(choice.get<std::string>());
    if (!choices.empty()) return choices;
    if (row.kind == ApprovalKind::resolution) return {"applied", "absent"};
    return {"approve", "reject"};
}

Json summary_json(ApprovalRow const& row) {
    auto const& card = row.card.json();
    return {{"id", to_string(row.approval)},
            {"runId", to_string(row.run)},
            {"caseId", or_null(row.case_id)},
            {"workflow", row.workflow},
            {"step", row.step.path},
            {"kind", name(row.kind)},
            {"status", shown_status(row.status)},
            {"sentence", text(card, "sentence", default_sentence(row.kind))},
            {"risk", text(card, "risk", row.kind == ApprovalKind::question ? "medium" : "high")},
            {"why", text(card, "why", default_why(row.kind))},
            {"requestedAt", to_string(row.requested_at)},
            {"expiresAt", row.expires_at ? Json(to_string(*row.expires_at)) : Json(nullptr)},
            {"tool", or_null(text(card, "tool", ""))},
            {"amount", member(card, "amount", nullptr)}};
}

Json detail_json(ApprovalRow const& row, std::vector<ApprovalDecisionRow> const& decisions) {
    auto const& card = row.card.json();
    auto detail = summary_json(row);
    auto const given = decisions_json(decisions);
    auto const approved = std::count_if(given.begin(), given.end(), [&](auto const& d) {
        return row.kind != ApprovalKind::tool || d["decision"] == "approve";
    });
    auto const to = member(card, "to", Json::object());
    detail["rule"] = or_null(text(card, "rule", ""));
    detail["key"] = or_null(text(card, "key", ""));
    detail["quorum"] = {{"needed", member(card, "quorum", 1)}, {"given", approved}};
    detail["to"] = {{"groups", list(to, "groups")}, {"users", list(to, "users")}};
    detail["notBy"] = list(card, "notBy");
    detail["toolContract"] = member(card, "toolContract", nullptr);
    add_arguments(detail, card);
    detail["digest"] = to_string(row.digest);
    for (auto const* name : {"changes", "evidence", "missing", "claims"})
        detail[name] = list(card, name);
    detail["decisions"] = given;
    detail["choices"] = choices_of(row);
    return detail;
}

Result<DecideApproval> read_decision(Json const& body, ApprovalRow const& row) {
    return Reader(body, row).read();
}

}  // namespace resolute::approvals
