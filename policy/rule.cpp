#include "policy/rule.h"

namespace resolute::policy {

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::permit: return "permit";
        case Verdict::require_approval: return "require_approval";
        case Verdict::deny: break;
    }
    return "deny";
}

std::string_view to_string(Risk risk) {
    switch (risk) {
        case Risk::low: return "low";
        case Risk::medium: return "medium";
        case Risk::high: break;
    }
    return "high";
}

std::string_view to_string(Trust trust) {
    switch (trust) {
        case Trust::system: return "system";
        case Trust::user: return "user";
        case Trust::verified_tool: return "verified_tool";
        case Trust::untrusted: break;
    }
    return "untrusted";
}

bool matches(std::string_view pattern, std::string_view tool) {
    if (!pattern.ends_with('*')) return pattern == tool;
    return tool.starts_with(pattern.substr(0, pattern.size() - 1));
}

std::vector<std::string> const& known_obligations() {
    static std::vector<std::string> const all = {
        "cap", "egress", "mask", "notify", "retention", "step_up", "two_person", "verify_outcome"};
    return all;
}

}  // namespace resolute::policy
