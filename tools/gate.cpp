#include "tools/gate.h"

#include "base/spelling.h"

namespace resolute::tools {
namespace {

struct Asked {
    Contract const* contract = nullptr;
    Payload arguments;
};

Failure malformed(std::string detail) {
    return validation_failure(std::move(detail), codes::arguments_malformed);
}

std::variant<Asked, Failure> understand(Registry const& registry, Payload const& call) {
    auto const& request = call.json();
    auto const* members = request.get_ptr<Json::object_t const*>();
    if (!members) return malformed("A tool is called with a map of `tool` and `arguments`.");
    for (auto const& [key, value] : *members)
        if (key != "tool" && key != "arguments" && key != "version")
            return malformed("A tool call has no `" + key + "`.");
    auto const tool = request.find("tool");
    auto arguments = call.member("arguments");
    if (tool == request.end() || !tool->is_string())
        return malformed("`tool` must be the name of a tool.");
    if (!arguments || !arguments->json().is_object())
        return malformed("`arguments` must be a map, even when it is empty.");
    auto const& name = tool->get_ref<std::string const&>();
    auto const* contract = registry.find(name);
    if (!contract)
        return configuration_failure(
            "There is no tool `" + name + "`." + did_you_mean(name, registry.names()),
            codes::unknown_tool);
    return Asked{contract, *std::move(arguments)};
}

std::optional<Failure> broken_schema(Asked const& asked) {
    auto const violations = asked.contract->input.validate(asked.arguments.json());
    if (violations.empty()) return std::nullopt;
    std::string all;
    for (auto const& violation : violations)
        all += (all.empty() ? "" : "; ") +
               (violation.pointer.empty() ? "" : "`" + violation.pointer + "`: ") +
               violation.message + " (rule " + violation.rule + ")";
    return validation_failure(
        "The arguments of `" + asked.contract->name + "` break its input schema: " + all,
        codes::schema_violation);
}

approvals::ToolFace face_of(Registry const& registry, Contract const& contract) {
    return {.name = contract.name,
            .version = contract.version,
            .title = contract.title,
            .effect = contract.effect,
            .sentence = contract.sentence,
            .input = contract.input.shared_source(),
            .contract = contract.digest,
            .server_identity = registry.identity_of(contract)};
}

ActivityIntent intent_of(Contract const& contract, Proposal const& proposal,
                         Payload const& arguments, Payload decision) {
    Json::object_t request;
    request.emplace("arguments", arguments.json());
    request.emplace("tool", contract.name);
    request.emplace("version", contract.version);
    return {.kind = "tool",
            .target = contract.target(),
            .effect = contract.effect,
            .request = Payload(Json(std::move(request))),
            .key = proposal.key,
            .contract = contract.digest,
            .decision = std::move(decision)};
}

Permitted permitted_read(Contract const& contract, ActivityIntent intent) {
    bool const in_process = std::holds_alternative<FunctionCall>(contract.call);
    return {std::move(intent), contract.terms, in_process};
}

// One well-formed call on its way through policy and binding.
class Deciding {
  public:
    Deciding(Gate const& gate, Proposal const& proposal, Asked asked)
        : gate_(gate),
          proposal_(proposal),
          contract_(*asked.contract),
          arguments_(std::move(asked.arguments)),
          face_(face_of(gate.registry, contract_)),
          decision_(gate.policies.decide(policy_request(proposal, face_, arguments_))) {}

    Admission admission() const {
        // An obligation that nobody here keeps must not be passed over.
        if (!decision_.obligations.empty())
            return denied("The policy ties `" + contract_.name +
                          "` to an obligation that is not kept here.");
        switch (decision_.verdict) {
            case policy::Verdict::permit:
                return contract_.is_read() ? permitted_read(contract_, intent(recorded(decision_)))
                                           : permitted_write();
            case policy::Verdict::require_approval: return asked();
            case policy::Verdict::deny: break;
        }
        return denied(decision_.sentence);
    }

  private:
    ActivityIntent intent(Payload decision) const {
        return intent_of(contract_, proposal_, arguments_, std::move(decision));
    }

    // The intent with its binding, and with what else is needed to compute the binding again before
    // sending.
    ActivityIntent intent(approvals::Bound const& bound) const {
        policy::Admitted const admitted{bound.binding.evidence_root, proposal_.at};
        auto made = intent(recorded(decision_, admitted));
        made.binding = bound.digest;
        return made;
    }

    approvals::Question question() const {
        return {.proposal = proposal_,
                .tool = face_,
                .arguments = arguments_,
                .decision = decision_,
                .identify = gate_.identify};
    }

    Admission denied(std::string sentence) const {
        return Denied{intent(recorded(decision_)), std::move(sentence)};
    }

    Admission permitted_write() const {
        auto const bound = approvals::bind(question());
        if (!bound) return unbindable(bound.diagnostics());
        return Permitted{intent(*bound), contract_.terms, false};
    }

    Admission asked() const {
        auto ask = approvals::ask(question());
        if (!ask) return unbindable(ask.diagnostics());
        return NeedsApproval{intent(ask->bound), std::move(ask->ask), ask->expires_after};
    }

    Admission unbindable(Diagnostics const& problems) const {
        return Rejected{validation_failure(
            "What `" + contract_.name +
                "` would do cannot be fixed exactly, so it may not be done: " + to_string(problems),
            codes::binding_incomplete)};
    }

    Gate const& gate_;
    Proposal const& proposal_;
    Contract const& contract_;
    Payload arguments_;
    approvals::ToolFace face_;
    policy::Decision decision_;
};

Failure gate_failure(char const* what) {
    return runtime_failure(std::string("The gate in front of this tool failed: ") + what,
                           codes::gate_failed);
}

}  // namespace

Admission admit(Gate const& gate, Proposal const& proposal) noexcept {
    try {
        auto understood = understand(gate.registry, proposal.request);
        if (auto* failure = std::get_if<Failure>(&understood)) return Rejected{std::move(*failure)};
        auto& asked = std::get<Asked>(understood);
        if (auto failure = broken_schema(asked)) return Rejected{std::move(*failure)};
        auto const& contract = *asked.contract;
        auto const* recorded =
            contract.is_read() ? gate.policies.permitted_read(contract.name) : nullptr;
        if (recorded)
            return permitted_read(contract,
                                  intent_of(contract, proposal, asked.arguments, *recorded));
        return Deciding(gate, proposal, std::move(asked)).admission();
    } catch (std::exception const& error) {
        return Rejected{gate_failure(error.what())};
    } catch (...) {
        return Rejected{gate_failure("unknown")};
    }
}

std::variant<policy::Decision, Failure> consult(Gate const& gate, Proposal const& proposal,
                                                std::string const& policy,
                                                Json const& call) noexcept {
    try {
        auto understood = understand(gate.registry, Payload(call));
        if (auto* failure = std::get_if<Failure>(&understood)) return std::move(*failure);
        auto& asked = std::get<Asked>(understood);
        if (auto failure = broken_schema(asked)) return std::move(*failure);
        auto const face = face_of(gate.registry, *asked.contract);
        return gate.policies.decide(policy_request(proposal, face, std::move(asked.arguments)),
                                    policy);
    } catch (std::exception const& error) {
        return gate_failure(error.what());
    } catch (...) {
        return gate_failure("unknown");
    }
}

Result<Digest> binding_of(Registry const& registry, Contract const& contract,
                          Attempt const& attempt) {
    auto digest_at = [&](char const* member) {
        auto const text = attempt.intent.decision.text_at(member);
        return text ? parse_digest(*text).value_or(Digest{}) : Digest{};
    };
    approvals::Binding binding;
    binding.tenant = attempt.tenant;
    binding.run = attempt.run;
    binding.step = attempt.step;
    binding.tool = contract.name;
    binding.tool_version = contract.version;
    binding.schema_digest = contract.digest;
    binding.server_identity = registry.identity_of(contract);
    binding.principal = attempt.started_by;
    binding.arguments = attempt.intent.request.member("arguments").value_or(Payload());
    binding.idempotency_key = attempt.intent.key;
    binding.policy_digest = digest_at("policy");
    binding.evidence_root = digest_at("evidenceRoot");
    return digest_of(binding);
}

}  // namespace resolute::tools
