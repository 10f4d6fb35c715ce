// What the policy decided about one request, with its reasons: recorded in the history before any
// effect.
//
// Pure data. A default-constructed decision denies.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error_codes.h"
#include "base/payload.h"
#include "policy/rule.h"

namespace resolute::policy {

struct Reason {
    std::string policy;
    std::string version;
    std::string rule;
    std::string title;
    Verdict verdict = Verdict::deny;
};

// A rule that would have applied but for one condition.
struct NearMiss {
    std::string rule;
    std::string title;
    Verdict verdict = Verdict::deny;
    std::string condition;
    Json actual;
};

struct RuleError {
    std::string rule;
    std::string message;
};

// What a reviewer is to be shown, evaluated.
struct Evidence {
    std::string title;
    std::string quote;
    std::string source;
    Trust trust = Trust::untrusted;
};
struct Change {
    std::string label;
    Json before;
    Json after;
    std::string currency;
};  // with a currency: minor units
struct Claim {
    std::string text;
    std::string model;
};

// Joined from all rules that ask for an approval; always the stricter.
struct ApprovalTerms {
    Risk risk = Risk::low;
    int quorum = 1;
    Duration expires_after{};
    std::vector<std::string> not_by;  // people, sorted; `initiator` is replaced by the one who is
    std::vector<std::string> groups;
    std::vector<std::string> users;
    std::string rule;  // the first that asked
    std::string why;  // its sentence
    std::vector<Evidence> evidence;
    std::vector<Change> changes;
    std::vector<Claim> claims;
    std::vector<std::string> missing;  // what a rule wanted to show and could not
};

struct Decision {
    Verdict verdict = Verdict::deny;
    std::string code =
        codes::denied_by_default;  // stable; for errors and obligations with `:` and a name
    std::string sentence;  // what was decided and why
    std::string remedy;  // what would make this permitted; "" when it is
    Digest policy;  // of the set that decided
    std::vector<Reason> matched;
    std::vector<NearMiss> near_misses;
    std::vector<RuleError> errors;
    std::map<std::string, Json> obligations;
    std::optional<ApprovalTerms> approval;  // of require_approval
};

// For the history. Evidence and claims are left to the approval's card.
Json to_json(Decision const& decision);

// With what it was admitted, for a call that is bound: what else the binding is computed of before
// the call is sent.
struct Admitted {
    Digest evidence_root;
    Timestamp at;
};
// The text of to_json, and of `admitted` in `admittedAt` and `evidenceRoot`, written without a
// value of it in between: it is part of every write's intent.
Payload recorded(Decision const& decision, std::optional<Admitted> const& admitted = {});

}  // namespace resolute::policy
