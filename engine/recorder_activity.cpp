// The part of the Recorder that deals with activities: gate, attempts, answers.
#include <algorithm>

#include "engine/recorder.h"
#include "engine/settlement.h"

namespace resolute {
namespace {

// The same for every attempt and after every crash: it depends on the run and the step's occurrence
// only.
std::string derived_key(RunId run, StepId const& step) {
    auto const digest = sha256({to_string(run), "|", step.path});
    std::string key = "rk_";
    append_hex(key, digest.view().substr(0, 20));
    return key;
}

}  // namespace

Proposal Recorder::proposal(StepId const& step, std::string const& kind, Payload request,
                            std::string key) const {
    return {.run = run_.id,
            .tenant = run_.started.tenant,
            .case_id = run_.started.case_id,
            .workflow = run_.started.workflow,
            .started_by = run_.started.started_by,
            .step = step,
            .kind = kind,
            .request = std::move(request),
            .key = key.empty() ? derived_key(run_.id, step) : std::move(key),
            .at = now_,
            .history = &run_};
}

Attempt Recorder::attempt_of(StepId const& step, ActivityIntent const& intent, int number,
                             Timestamp deadline) const {
    return {.run = run_.id,
            .tenant = run_.started.tenant,
            .case_id = run_.started.case_id,
            .workflow = run_.started.workflow,
            .started_by = run_.started.started_by,
            .step = step,
            .number = number,
            .intent = intent,
            .deadline = deadline,
            .last_failure = {},
            .last_evidence = {}};
}

Terms Recorder::terms_of(ActivityIntent const& intent) const {
    auto const found = around_.handlers.find(intent.kind);
    return found == around_.handlers.end() ? Terms{} : found->second->terms(intent);
}

Duration Recorder::timeout_of(ActivityIntent const& intent) const {
    auto const contract = terms_of(intent).timeout;
    return intent.timeout_ms > 0
               ? std::min<Duration>(contract, std::chrono::milliseconds(intent.timeout_ms))
               : contract;
}

void Recorder::call(CallActivity const& command) {
    auto const timeout =
        command.timeout ? std::chrono::ceil<std::chrono::milliseconds>(*command.timeout).count()
                        : 0;
    admit(command.step, proposal(command.step, command.kind, command.request, command.key),
          static_cast<int>(timeout));
}

// The gate. Whatever it does not expressly permit does not happen.
void Recorder::admit(StepId const& step, Proposal const& proposal, int timeout_ms) {
    auto const handler = around_.handlers.find(proposal.kind);
    if (handler == around_.handlers.end()) {
        auto failure = configuration_failure(
            "Nothing here can perform a `" + proposal.kind + "` call.", "no_handler");
        return fail(step, std::move(failure));
    }
    auto admission = handler->second->admit(proposal);
    if (auto* permitted = std::get_if<Permitted>(&admission)) {
        permitted->intent.timeout_ms = timeout_ms;
        if (permitted->in_process && permitted->intent.effect == Effect::read)
            return start_unrecorded(step, std::move(permitted->intent));
        return start_attempt(step, std::move(permitted->intent), {});
    }
    if (auto* needs = std::get_if<NeedsApproval>(&admission)) {
        needs->intent.timeout_ms = timeout_ms;
        needs->ask.step = step;
        record(ActivityProposed{step, std::move(needs->intent)});
        return request_approval(std::move(needs->ask), needs->expires_after);
    }
    if (auto* denied = std::get_if<Denied>(&admission))
        return deny(step, "denied_by_policy", std::move(denied->sentence),
                    std::move(denied->intent));
    auto failure = std::get<Rejected>(std::move(admission)).why;
    if (run_.activities.contains(step)) return deny(step, failure.code, failure.detail, {});
    fail(step, std::move(failure));
}

void Recorder::deny(StepId const& step, std::string code, std::string sentence,
                    std::optional<ActivityIntent> intent) {
    record(ActivityDenied{step, std::move(code), std::move(sentence), std::move(intent)});
}

void Recorder::start_attempt(StepId const& step, std::optional<ActivityIntent> fresh,
                             std::optional<ApprovalId> approval) {
    auto const found = run_.activities.find(step);
    auto const* before = found == run_.activities.end() ? nullptr : &found->second;
    int number = 1;
    if (before && !fresh)
        if (auto const* waited = std::get_if<activity::BackingOff>(&before->state))
            number = waited->attempts + 1;
    auto const& intent = fresh ? *fresh : before->intent;
    auto const deadline = now_ + timeout_of(intent);
    auto attempt = attempt_of(step, intent, number, deadline);
    if (before && !fresh)
        if (auto const* waited = std::get_if<activity::BackingOff>(&before->state)) {
            attempt.last_failure = waited->why;
            attempt.last_evidence = waited->evidence;
        }
    bool const after_commit = intent.effect != Effect::read;
    record(ActivityStarted{step, number, deadline, std::move(fresh), approval});
    live_.dispatches.push_back({Dispatch::What::perform, std::move(attempt), after_commit});
}

void Recorder::start_unrecorded(StepId const& step, ActivityIntent intent) {
    auto attempt = attempt_of(step, intent, 1, now_ + timeout_of(intent));
    live_.unrecorded.insert_or_assign(step, std::move(intent));
    live_.dispatches.push_back({Dispatch::What::perform, std::move(attempt), false});
}

void Recorder::finished(StepId const& step, int attempt, Outcome const& outcome) {
    if (auto found = live_.unrecorded.find(step); found != live_.unrecorded.end()) {
        auto intent = std::move(found->second);
        live_.unrecorded.erase(found);
        activity::Running const running{attempt, now_};
        auto fact = settle(step, running, intent.effect, outcome, terms_of(intent), now_);
        if (auto* good = std::get_if<ActivitySucceeded>(&fact)) good->intent = std::move(intent);
        if (auto* bad = std::get_if<ActivityFailed>(&fact)) bad->intent = std::move(intent);
        return record(std::move(fact));
    }
    auto const found = run_.activities.find(step);
    if (found == run_.activities.end()) return;
    auto const* running = std::get_if<activity::Running>(&found->second.state);
    if (!running || running->attempt != attempt) return;
    auto const& intent = found->second.intent;
    record(settle(step, *running, intent.effect, outcome, terms_of(intent), now_));
}

void Recorder::verified(StepId const& step, int attempt, Verification const& answer) {
    live_.asking.erase({step, attempt});
    auto const found = run_.activities.find(step);
    if (found == run_.activities.end()) return;
    auto const* uncertain = std::get_if<activity::Uncertain>(&found->second.state);
    // A run that was loaded again may have asked twice; once a person is asked, it is up to them.
    if (!uncertain || uncertain->attempt != attempt || !uncertain->verify_at) return;
    auto terms = terms_of(found->second.intent);
    if (is_given_up(step)) {  // nothing is sent any more
        terms.attempts = 0;
        terms.resend_is_safe = false;
    }
    if (is_late(step)) terms.attempts = 0;  // sent again only to learn what became of it
    record(settle(step, *uncertain, answer, terms, now_));
}

Fact Recorder::interrupted_fact(StepId const& step, activity::Running const& running,
                                ActivityIntent const& intent) const {
    return interrupted(step, running, intent.effect, terms_of(intent), now_);
}

void Recorder::wake_activities() {
    std::vector<StepId> retries;
    std::vector<ActivityUnknown> stale;
    for (auto& [step, activity] : run_.activities) {
        if (auto const* waits = std::get_if<activity::BackingOff>(&activity.state)) {
            if (waits->retry_at > now_ || run_.pause || is_given_up(step)) continue;
            if (is_late(step) && !waits->in_doubt) continue;
            if (is_stale(*waits, terms_of(activity.intent), now_))
                stale.push_back({step, waits->attempts, waits->why, now_});
            else
                retries.push_back(step);
        } else if (auto const* uncertain = std::get_if<activity::Uncertain>(&activity.state)) {
            bool const due = uncertain->verify_at && *uncertain->verify_at <= now_;
            if (due && live_.asking.insert({step, uncertain->attempt}).second)
                live_.dispatches.push_back({Dispatch::What::verify,
                                            attempt_of(step, activity.intent, uncertain->attempt,
                                                       now_ + terms_of(activity.intent).timeout),
                                            false});
        }
    }
    for (auto const& step : retries) start_attempt(step, {}, {});
    for (auto& unknown : stale) record(std::move(unknown));
}

}  // namespace resolute
