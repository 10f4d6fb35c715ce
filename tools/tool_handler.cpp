#include "tools/tool_handler.h"

#include "engine/postponement.h"
#include "engine/settlement.h"
#include "tools/verification.h"

namespace resolute::tools {
namespace {

// Refusals before anything is sent: surely nothing happened, and trying again would end in the same
// way.
outcome::Failed refusal(Failure why) {
    return {std::move(why), false, std::nullopt, Payload(Json{{"sent", false}})};
}

outcome::Failed missing(Attempt const& attempt) {
    return refusal(configuration_failure("The contract of `" + attempt.intent.target + "` (" +
                                             short_form(attempt.intent.contract) +
                                             ") is not deployed here, so the call is not made.",
                                         codes::contract_missing));
}

std::optional<Payload> arguments_of(ActivityIntent const& intent, Contract const& contract) {
    if (intent.request.text_at("tool") != contract.name) return std::nullopt;
    auto arguments = intent.request.member("arguments");
    if (!arguments || !arguments->json().is_object()) return std::nullopt;
    return arguments;
}

// I3: what is sent is what was recorded, and what was recorded is what was approved.
std::optional<outcome::Failed> mismatch(Registry const& registry, Contract const& contract,
                                        Attempt const& attempt) {
    if (contract.is_read() && attempt.intent.binding.is_zero())
        return std::nullopt;  // nothing binds it
    auto const now = binding_of(registry, contract, attempt);
    if (now && *now == attempt.intent.binding && !now->is_zero()) return std::nullopt;
    auto const why =
        now ? "What would be sent to `" + contract.name +
                  "` now is not what was recorded and approved (" + short_form(*now) +
                  " instead of " + short_form(attempt.intent.binding) +
                  "); its arguments, its contract or the system it reaches are others."
            : "What would be sent to `" + contract.name +
                  "` cannot be compared with what was recorded: " + to_string(now.diagnostics());
    return refusal(runtime_failure(why, codes::binding_mismatch));
}

// The window counts from the admission: an approval that took long uses it up, and then a person is
// asked.
bool is_key_remembered(Contract const& contract, Attempt const& attempt, Timestamp now) {
    auto const recorded = attempt.intent.decision.text_at("admittedAt");
    if (!recorded) return false;
    auto const admitted = parse_timestamp(*recorded);
    return admitted &&
           now - *admitted + resend_horizon(contract.terms) < *contract.idempotency_window;
}

}  // namespace

ToolHandler::ToolHandler(Deployment deployment, Roads roads)
    : clock_(roads.clock), dispatcher_(std::make_shared<Dispatcher>(roads)) {
    deploy(std::move(deployment));
}

void ToolHandler::deploy(Deployment deployment) {
    auto fresh = std::make_shared<Deployment const>(std::move(deployment));
    std::lock_guard const lock(mutex_);
    deployment_ = std::move(fresh);
}

std::shared_ptr<Deployment const> ToolHandler::deployment() const {
    std::lock_guard const lock(mutex_);
    return deployment_;
}

Admission ToolHandler::admit(Proposal const& proposal) const {
    auto const deployed = deployment();
    return tools::admit({*deployed->registry, deployed->policies, deployed->identify}, proposal);
}

Terms ToolHandler::terms(ActivityIntent const& intent) const {
    auto const deployed = deployment();
    auto const* contract = deployed->registry->find(intent.contract);
    return contract ? contract->terms : Terms{};  // one attempt, and a person decides
}

void ToolHandler::perform(Attempt const& attempt, std::function<void(Outcome)> answer) {
    // The answer may come when `attempt` is gone; two of us may have to give it.
    auto const kept = std::make_shared<std::function<void(Outcome)> const>(std::move(answer));
    auto const& done = *kept;
    try {
        auto const registry = deployment()->registry;
        auto const* contract = registry->find(attempt.intent.contract);
        if (!contract) return done(missing(attempt));
        auto arguments = arguments_of(attempt.intent, *contract);
        if (!arguments)
            return done(refusal(
                runtime_failure("The recorded request of `" + contract->name + "` cannot be read.",
                                codes::binding_mismatch)));
        if (auto refused = mismatch(*registry, *contract, attempt))
            return done(std::move(*refused));
        Sending sending{registry,           contract,         std::move(*arguments),
                        attempt.intent.key, attempt.deadline, attempt.lease};
        dispatcher_->dispatch(
            std::move(sending), [registry, contract, run = attempt.run,
                                 last = attempt.last_evidence, kept](Answer answer) {
                auto outcome = outcome_of(*contract, std::move(answer));
                auto* failed = std::get_if<outcome::Failed>(&outcome);
                if (failed && failed->postponed)
                    outcome = postponed(run, last, std::move(failed->error),
                                        failed->retry_after.value_or(Duration::zero()));
                (*kept)(std::move(outcome));
            });
    } catch (std::exception const& error) {
        done(refusal(runtime_failure(std::string("The call was not made: ") + error.what(),
                                     codes::gate_failed)));
    }
}

void ToolHandler::verify(Attempt const& attempt, std::function<void(Verification)> done) {
    try {
        auto const registry = deployment()->registry;
        auto const* contract = registry->find(attempt.intent.contract);
        if (!contract) return done(undecided(missing(attempt).error.detail));
        if (contract->is_read())
            return done(
                {Verdict::resend, Payload(Json{{"why", "A read does no harm twice."}}), Payload()});
        if (contract->verify) return ask(registry, *contract, attempt, done);
        if (contract->idempotency_window && is_key_remembered(*contract, attempt, clock_.now()))
            return done(
                {Verdict::resend,
                 Payload(Json{{"why", "The system answers a repeated key as the first time."}}),
                 Payload()});
        if (contract->idempotency_window)
            return done(undecided("The system may have forgotten the key by now."));
        done(undecided("Nothing but a person can tell what became of it."));
    } catch (std::exception const& error) {
        done(undecided(std::string("Asking failed: ") + error.what()));
    }
}

void ToolHandler::ask(std::shared_ptr<Registry const> const& registry, Contract const& contract,
                      Attempt const& attempt, std::function<void(Verification)> const& done) {
    auto const* asked = registry->find(contract.verify->tool);
    if (!asked || !asked->is_read())
        return done(undecided("There is no read `" + contract.verify->tool + "` to ask."));
    auto const call = call_of(attempt);
    auto arguments = question(*contract.verify, call);
    if (!arguments)
        return done(undecided("`arguments` of `verify` cannot be evaluated: " +
                              to_string(arguments.diagnostics())));
    auto const violations = asked->input.validate(*arguments);
    if (!violations.empty())
        return done(undecided("`arguments` of `verify` break the input schema of `" + asked->name +
                              "`: " + to_string(violations)));
    auto const deadline = std::min(attempt.deadline, clock_.now() + asked->terms.timeout);
    Sending sending{registry, asked, Payload(std::move(*arguments)), {}, deadline, attempt.lease};
    dispatcher_->dispatch(std::move(sending),
                          [registry, asked, call, &contract, done](Answer answer) {
                              auto const outcome = outcome_of(*asked, std::move(answer));
                              done(judge(contract, call, outcome));
                          });
}

}  // namespace resolute::tools
