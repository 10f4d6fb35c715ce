#include "engine/approval.h"

#include <algorithm>

#include "engine/corrupt_history.h"

namespace resolute {
namespace {

bool is_one_of(std::string const& value, std::vector<std::string> const& all) {
    return std::find(all.begin(), all.end(), value) != all.end();
}

Failure refused(std::string detail, std::string code) {
    auto failure = validation_failure(std::move(detail), std::move(code));
    failure.status = 409;
    return failure;
}

Failure forbidden(std::string detail, std::string code) {
    return authorization_failure(std::move(detail), std::move(code));
}

std::vector<std::string> asked_for(Payload const& card, char const* kind) {
    if (!card.json().is_object()) return {};
    auto const to = card.json().value("to", Json::object());
    auto const list = to.is_object() ? to.value(kind, Json()) : Json();
    std::vector<std::string> names;
    if (list.is_array())
        for (auto const& name : list)
            if (name.is_string()) names.push_back(name.get<std::string>());
    return names;
}

// Whom the card names may answer; a card that names nobody asks everybody.
bool is_asked(Payload const& card, ApprovalDecided const& answer) {
    auto const users = asked_for(card, "users");
    auto const groups = asked_for(card, "groups");
    return (users.empty() && groups.empty()) || is_one_of(answer.by, users) ||
           std::ranges::any_of(answer.groups,
                               [&](auto const& group) { return is_one_of(group, groups); });
}

std::string people_of(Payload const& card) {
    std::string people;
    for (auto const& user : asked_for(card, "users"))
        people += (people.empty() ? "`" : ", `") + user + "`";
    for (auto const& group : asked_for(card, "groups"))
        people += (people.empty() ? "the group `" : ", the group `") + group + "`";
    return people;
}

int approvers(Approval const& approval) {
    return static_cast<int>(
        std::ranges::count(approval.decisions, "approve", &ApprovalDecided::decision));
}

ApprovalStatus after(Approval const& approval, ApprovalDecided const& answer) {
    if (approval.asked.kind != ApprovalKind::tool) return ApprovalStatus::answered;
    if (answer.decision != "approve") return ApprovalStatus::rejected;
    return approvers(approval) >= approval.asked.quorum ? ApprovalStatus::approved
                                                        : ApprovalStatus::pending;
}

}  // namespace

Payload shown_card(ApprovalRequested const& asked) {
    auto card = asked.card.json().is_object() ? asked.card.json() : Json::object();
    card["choices"] = asked.choices;
    card["notBy"] = asked.not_by;
    card["quorum"] = asked.quorum;
    return card;
}

std::optional<Failure> refusal_of(Approval const& approval, ApprovalDecided const& answer,
                                  Timestamp at) {
    auto const& asked = approval.asked;
    if (approval.status == ApprovalStatus::revoked)
        return refused("This approval was withdrawn: what it was about changed or is over.",
                       "approval_revoked");
    if (approval.status == ApprovalStatus::expired)
        return refused("This approval has expired.", "approval_expired");
    if (approval.status != ApprovalStatus::pending)
        return refused("This approval is already decided or over.", "approval_already_decided");
    if (asked.expires_at && at >= *asked.expires_at)
        return refused("This approval has expired.", "approval_expired");
    if (answer.digest != asked.digest)
        return refused("What you were shown is not what would run now; open the approval again.",
                       "digest_mismatch");
    if (answer.by.empty()) return refused("Say who decides.", "decider_missing");
    if (!is_one_of(answer.decision, asked.choices))
        return refused("`" + answer.decision + "` is not one of the choices.", "unknown_choice");
    if (is_one_of(answer.by, asked.not_by))
        return forbidden(
            "`" + answer.by + "` may not decide this: somebody else has to (separation of duties).",
            "separation_of_duties");
    if (!is_asked(asked.card, answer))
        return forbidden(
            "`" + answer.by + "` is not among those who are asked: " + people_of(asked.card) + ".",
            "not_asked");
    bool const again =
        std::ranges::any_of(approval.decisions, [&](auto const& d) { return d.by == answer.by; });
    if (again)
        return refused("`" + answer.by + "` has decided already; another person is needed.",
                       "already_decided_by");
    return std::nullopt;
}

void apply(Approval& approval, Fact const& fact) {
    bool const pending = approval.status == ApprovalStatus::pending;
    bool const approved = approval.status == ApprovalStatus::approved;
    if (auto const* answer = std::get_if<ApprovalDecided>(&fact); answer && pending) {
        approval.decisions.push_back(*answer);
        approval.status = after(approval, *answer);
    } else if (std::holds_alternative<ApprovalExpired>(fact) && (pending || approved)) {
        approval.status = ApprovalStatus::expired;
    } else if (std::holds_alternative<ApprovalRevoked>(fact) && (pending || approved)) {
        approval.status = ApprovalStatus::revoked;
    } else if (std::holds_alternative<ActivityStarted>(fact) && approved) {
        approval.status = ApprovalStatus::consumed;  // in the very event that is the intent (I4)
    } else if (!std::holds_alternative<ApprovalAnswerRefused>(fact)) {
        throw CorruptHistory("a fact cannot follow the state of its approval");
    }
}

}  // namespace resolute
