// The world outside the engine in a simulation: systems that take effects, lose answers, and can be
// asked.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/activity_handler.h"

namespace resolute::simulation {

// A: honours our key. B: can be asked what it did. C: neither.
enum class ToolClass { a, b, c };

struct Effects {
    int applied = 0;      // times that the effect really happened
    int dispatched = 0;   // times that a request arrived
    ToolClass tool_class = ToolClass::a;
};

// What the system of record knows, by idempotency key. Survives every crash of the engine.
struct Outside {
    std::map<std::string, Effects> by_key;
    std::vector<std::string> breaches;  // found while it happened

    // A request arrives. Class A applies a key once.
    void receive(std::string const& key, ToolClass tool_class) {
        auto& effects = by_key[key];
        effects.tool_class = tool_class;
        ++effects.dispatched;
        if (tool_class != ToolClass::a || effects.applied == 0) ++effects.applied;
    }
    bool has_applied(std::string const& key) const {
        auto const found = by_key.find(key);
        return found != by_key.end() && found->second.applied > 0;
    }
};

inline ToolClass class_of(ActivityIntent const& intent) {
    switch (intent.target.back()) {
        case 'b': return ToolClass::b;
        case 'c': return ToolClass::c;
        default: return ToolClass::a;
    }
}

// The gate of the simulated tools: their names say what they are: "write_a", "read", "gated_b",
// "denied_a".
class SimulatedTools final : public ActivityHandler {
  public:
    Admission admit(Proposal const& proposal) const override {
        auto const& tool = proposal.request.json().at("tool").get_ref<std::string const&>();
        bool const reads = tool.starts_with("read") || tool.starts_with("peek");
        ActivityIntent intent{.kind = "tool",
                              .target = tool,
                              .effect = reads ? Effect::read : Effect::write,
                              .request = proposal.request,
                              .key = proposal.key,
                              .contract = {},
                              .decision = {},
                              .binding = sha256({to_string(proposal.run), proposal.step.path,
                                                 proposal.request.text()})};
        if (tool.starts_with("denied")) return Denied{intent, "The policy says no."};
        if (tool.starts_with("gated")) {
            ApprovalRequested ask{.digest = intent.binding,
                                  .card = Payload(Json{{"sentence", tool}}),
                                  .choices = {"approve", "reject"}};
            return NeedsApproval{intent, ask, std::chrono::minutes(30)};
        }
        auto const how = terms(intent);
        return Permitted{intent, how, tool.starts_with("peek")};
    }

    Terms terms(ActivityIntent const& intent) const override {
        Terms terms{.timeout = std::chrono::seconds(5),
                    .attempts = 4,
                    .settle = std::chrono::seconds(2),
                    .verify_every = std::chrono::seconds(5),
                    .verify_within = std::chrono::minutes(2)};
        terms.can_verify = class_of(intent) == ToolClass::b;
        terms.resend_is_safe = class_of(intent) == ToolClass::a;
        return terms;
    }

    // The simulation performs effects itself, in its own time.
    void perform(Attempt const&, std::function<void(Outcome)>) override {
        throw std::logic_error("not in a simulation");
    }
    void verify(Attempt const&, std::function<void(Verification)>) override {
        throw std::logic_error("not in a simulation");
    }
};

}  // namespace resolute::simulation
