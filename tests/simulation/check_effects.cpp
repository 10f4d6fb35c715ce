// The checks that compare histories with the systems of record: one effect per key, exactly one iff
// the step succeeded, none of what was denied; and those that compare them with the tables.
#include <algorithm>

#include "engine/names.h"
#include "tests/simulation/checks.h"

namespace resolute::simulation {
namespace {

enum class Known { open, succeeded, failed, denied };

struct Call {
    ActivityIntent intent;
    Known known = Known::open;
};

// What a history says last about every activity in it.
class ReadingCalls {
  public:
    void read(Fact const& fact) {
        if (auto const* f = std::get_if<ActivityProposed>(&fact)) by_step[f->step] = {f->intent};
        if (auto const* f = std::get_if<ActivityStarted>(&fact)) {
            if (f->intent) by_step[f->step].intent = *f->intent;
            by_step[f->step].known = Known::open;
        }
        if (auto const* f = std::get_if<ActivityDenied>(&fact)) {
            if (f->intent) by_step[f->step].intent = *f->intent;
            by_step[f->step].known = Known::denied;
        }
        if (auto const* f = std::get_if<ActivitySucceeded>(&fact)) {
            if (f->intent) by_step[f->step].intent = *f->intent;
            by_step[f->step].known = Known::succeeded;
        }
        if (auto const* f = std::get_if<ActivityFailed>(&fact); f && !f->retry_at)
            by_step[f->step].known = Known::failed;
        if (auto const* f = std::get_if<ActivityVerified>(&fact)) {
            if (f->verdict == Verdict::applied)
                by_step[f->step].known = Known::succeeded;
            else if (f->verdict != Verdict::undecided && !f->next_at)
                by_step[f->step].known = Known::failed;
        }
        if (auto const* f = std::get_if<ActivityResolved>(&fact)) {
            if (f->verdict == Verdict::applied)
                by_step[f->step].known = Known::succeeded;
            else if (!f->retry_at)
                by_step[f->step].known = Known::failed;
        }
        if (auto const* f = std::get_if<ActivityCancelled>(&fact))
            by_step[f->step].known = Known::failed;
    }

    std::map<StepId, Call> by_step;
};

bool has_status(RunRow const& row, Run const& fold) {
    if (fold.is_closed()) return name(row.status) == to_string(fold.status);
    return row.status == RunRow::Status::running || row.status == RunRow::Status::waiting;
}

std::map<ApprovalId, Approval> approvals_of(History const& history) {
    std::map<ApprovalId, Approval> approvals;
    for (auto const& event : history.events)
        std::visit(
            [&](auto const& fact) {
                using F = std::decay_t<decltype(fact)>;
                if constexpr (std::is_same_v<F, ApprovalRequested>)
                    approvals[fact.approval] = {fact, ApprovalStatus::pending, {}, event.at};
                else if constexpr (std::is_same_v<F, ApprovalDecided> ||
                                   std::is_same_v<F, ApprovalExpired> ||
                                   std::is_same_v<F, ApprovalRevoked>)
                    apply(approvals.at(fact.approval), event.fact);
                else if constexpr (std::is_same_v<F, ActivityStarted>) {
                    if (fact.approval) apply(approvals.at(*fact.approval), event.fact);
                }
            },
            event.fact);
    return approvals;
}

}  // namespace

void check_effects(Ground& ground, History const& history) {
    ReadingCalls calls;
    for (auto const& event : history.events) calls.read(event.fact);
    auto& setting = ground.setting;
    for (auto const& [step, call] : calls.by_step) {
        if (call.intent.effect == Effect::read) continue;
        if (call.known == Known::open) {
            if (history.fold.is_closed())
                setting.breach(Check::i2_effect_iff_success,
                               "the run is over and nobody knows what became of a write (" +
                                   to_string(history.run) + " " + step.path + ")");
            continue;
        }
        int const applied = ground.outside.applied(call.intent.key);
        auto const says = " but the effect happened " + std::to_string(applied) + " times (" +
                          to_string(history.run) + " " + step.path + ")";
        if (call.known == Known::denied) {
            setting.looked(Check::i14_denied_has_no_effect);
            if (applied != 0) setting.breach(Check::i14_denied_has_no_effect, "denied," + says);
            continue;
        }
        setting.looked(Check::i2_effect_iff_success);
        int const expected = call.known == Known::succeeded ? 1 : 0;
        if (applied != expected)
            setting.breach(Check::i2_effect_iff_success,
                           (expected ? "the step succeeded," : "the step failed,") + says);
        auto const found = ground.outside.by_key.find(call.intent.key);
        if (found == ground.outside.by_key.end() || found->second.arrived == 0) continue;
        setting.require(
            found->second.request == call.intent.request.text() && !found->second.differs,
            Check::i3_approved_is_executed, "other bytes went out than the intent holds");
    }
}

void check_keys(Ground& ground) {
    for (auto const& [key, effects] : ground.outside.by_key)
        ground.setting.require(effects.applied <= 1, Check::i2_one_effect_per_key,
                               "a key had more than one effect");
}

void check_rows(Ground& ground, History const& history) {
    auto const& tables = ground.database.tables;
    auto& setting = ground.setting;
    auto const check = Check::i9_rows_agree_with_history;
    auto const& row = tables.runs.at(history.run).row;
    bool const is_told = has_status(row, history.fold) || ground.is_set_aside_for_good(history.run);
    setting.require(row.sequence <= history.fold.sequence && is_told, check,
                    "the row of a run says something else than its history");
    for (auto const& [id, approval] : approvals_of(history)) {
        auto const found = tables.approvals.find(id);
        setting.require(found != tables.approvals.end() && found->second.status == approval.status,
                        check, "the row of an approval says something else than its history");
        if (!history.fold.is_closed()) continue;
        setting.require(approval.status != ApprovalStatus::pending &&
                            approval.status != ApprovalStatus::approved,
                        Check::over_asks_nobody, "a run is over, and still asks a person");
    }
    std::set<StepId> uncertain;
    std::set<StepId> unresolved;
    for (auto const& [step, activity] : history.fold.activities)
        if (std::holds_alternative<activity::Uncertain>(activity.state)) uncertain.insert(step);
    for (auto const& [key, unresolved_row] : tables.unresolved)
        if (key.first == history.run) unresolved.insert(key.second);
    setting.require(uncertain == unresolved, check,
                    "the unresolved attempts are not those of the history");
}

}  // namespace resolute::simulation
