// One rule of a policy as it was read: what it is about, when it holds, and what it decides.
//
// Immutable after loading.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/condition.h"

namespace resolute::policy {

enum class Verdict { deny, require_approval, permit };  // strictest first
std::string_view to_string(Verdict verdict);

enum class Risk { low, medium, high };
std::string_view to_string(Risk risk);

// How far a quote can be believed.
enum class Trust { system, user, verified_tool, untrusted };
std::string_view to_string(Trust trust);

// What the rule wants the reviewer to see; the quotes are expressions that yield text.
struct EvidenceRule {
    std::string title;
    Operand quote;
    std::string source;
    Trust trust = Trust::untrusted;
};
struct ChangeRule {
    std::string label;
    Operand before;
    Operand after;
    std::optional<Operand> currency;
};
struct ClaimRule {
    Operand text;
    std::string model;
};

struct ApprovalRule {
    Risk risk = Risk::medium;
    int quorum = 1;
    Duration expires_after{};
    std::vector<std::string> not_by;   // names, or `initiator`
    std::vector<std::string> groups;   // who is asked
    std::vector<std::string> users;
    std::vector<EvidenceRule> evidence;
    std::vector<ChangeRule> changes;
    std::vector<ClaimRule> claims;
};

struct Rule {
    std::string policy;
    std::string policy_version;
    std::string name;                  // unique in the whole set
    std::string title;                 // the sentence that people read
    std::vector<std::string> tools;    // names; `payments.*` and `*` are patterns
    std::optional<Condition> when;     // none: always
    Verdict verdict = Verdict::deny;
    std::optional<ApprovalRule> approval;     // of require_approval
    std::map<std::string, Json> obligations;
    std::string file;
    int line = 0;
    int column = 0;
};

// What a tool looks like to a policy: enough to check conditions and to fill in test requests.
struct Tool {
    Effect effect = Effect::unknown;
    std::string version;
    Json input = Json::object();       // JSON Schema
};
using Tools = std::map<std::string, Tool>;

bool matches(std::string_view pattern, std::string_view tool);

// Obligations that the language knows. What nobody implements denies when a rule asks for it.
std::vector<std::string> const& known_obligations();

}  // namespace resolute::policy
