#include "tests/simulation/tools.h"

#include <stdexcept>

namespace resolute::simulation {
namespace {

using Gate = ToolName::Gate;
using namespace std::chrono_literals;

struct Variant {
    Duration timeout;
    int attempts;
    Duration expires;
    Duration window;  // longer than `resend_horizon` of the terms, or no key would be sent again
};
constexpr Variant variants[tool_variants] = {
    {5s, 4, 60s, 45s}, {20s, 3, 30s, 90s}, {30s, 2, 120s, 75s}, {2s, 1, 45s, 25s}};

}  // namespace

ToolName ToolName::parse(std::string const& text) {
    ToolName name;
    auto const end = text.find('_');
    auto const gate = text.substr(0, end);
    if (gate == "peek") name.gate = Gate::peek;
    if (gate == "write") name.gate = Gate::open;
    if (gate == "gated") name.gate = Gate::gated;
    if (gate == "pair") name.gate = Gate::pair;
    if (gate == "denied") name.gate = Gate::denied;
    if (end == text.npos || end + 2 >= text.size()) return name;
    name.tool_class = text[end + 1] == 'b'   ? ToolClass::b
                      : text[end + 1] == 'c' ? ToolClass::c
                                             : ToolClass::a;
    name.variant = (text[end + 2] - '0') % tool_variants;
    return name;
}

PolicyLog::Entry PolicyLog::in_force(std::string const& tool) const {
    auto const found = by_tool.find(tool);
    return found == by_tool.end() ? Entry{} : found->second.back();
}

bool PolicyLog::was_in_force(std::string const& tool, int version, Timestamp from,
                             Timestamp until) const {
    auto const found = by_tool.find(tool);
    if (found == by_tool.end()) return version == 0;
    auto const& entries = found->second;
    if (version == 0) return from < entries.front().since;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        bool const is_over = i + 1 < entries.size() && entries[i + 1].since <= from;
        if (entries[i].version == version) return entries[i].since <= until && !is_over;
    }
    return false;
}

void PolicyLog::change(std::string const& tool, Timestamp at, bool denies) {
    auto& entries = by_tool[tool];
    int const version = entries.empty() ? 1 : entries.back().version + 1;
    entries.push_back({at, version, denies});
}

Admission SimulatedTools::admit(Proposal const& proposal) const {
    auto const& tool = proposal.request.json().at("tool").get_ref<std::string const&>();
    auto const name = ToolName::parse(tool);
    auto const policy = policies_.in_force(tool);
    ActivityIntent intent{
        .kind = "tool",
        .target = tool,
        .effect = name.reads() ? Effect::read : Effect::write,
        .request = proposal.request,
        .key = proposal.key,
        .contract = {},
        .decision = Payload(Json{{"policy", policy.version}, {"at", proposal.at.microseconds}}),
        .binding = sha256({to_string(proposal.run), proposal.step.path, proposal.request.text(),
                           std::to_string(policy.version)})};
    if (name.gate == Gate::denied || policy.denies) return Denied{intent, "The policy says no."};
    if (name.gate == Gate::gated || name.gate == Gate::pair) {
        ApprovalRequested ask{.digest = intent.binding,
                              .card = Payload(Json{{"sentence", tool}}),
                              .choices = {"approve", "reject"},
                              .not_by = {initiator},
                              .quorum = name.gate == Gate::pair ? 2 : 1};
        return NeedsApproval{intent, ask, variants[name.variant].expires};
    }
    auto const how = terms(intent);
    return Permitted{intent, how, name.gate == Gate::peek};
}

Duration key_window(ActivityIntent const& intent) {
    return variants[ToolName::parse(intent.target).variant].window;
}

Terms SimulatedTools::terms(ActivityIntent const& intent) const {
    auto const name = ToolName::parse(intent.target);
    auto const& variant = variants[name.variant];
    return {.timeout = variant.timeout,
            .attempts = variant.attempts,
            .first_delay = 1s,
            .longest_delay = 8s,
            .can_verify = name.tool_class == ToolClass::b,
            .resend_is_safe = name.tool_class == ToolClass::a,
            .settle = 3s,
            .verify_every = 4s,
            .verify_within = 30s};
}

void SimulatedTools::perform(Attempt const&, std::function<void(Outcome)>) {
    throw std::logic_error("effects of a simulated world go through its network");
}
void SimulatedTools::verify(Attempt const&, std::function<void(Verification)>) {
    throw std::logic_error("questions of a simulated world go through its network");
}

}  // namespace resolute::simulation
