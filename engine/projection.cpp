#include "engine/projection.h"

#include <algorithm>

#include "engine/shard_of.h"

namespace resolute {
namespace {

ApprovalRow row_of(Run const& run, Approval const& approval, Timestamp at) {
    return {.approval = approval.asked.approval,
            .run = run.id,
            .tenant = run.started.tenant,
            .case_id = run.started.case_id,
            .workflow = run.started.workflow.name,
            .step = approval.asked.step,
            .kind = approval.asked.kind,
            .status = approval.status,
            .digest = approval.asked.digest,
            .requested_at = approval.requested_at,
            .expires_at = approval.asked.expires_at,
            .changed_at = at};
}

struct Projecting {
    Run const& run;
    Timestamp at;
    Projection& rows;

    void operator()(ApprovalRequested const& now) {
        auto row = row_of(run, run.approvals.at(now.approval), at);
        row.asked_in = run.sequence;
        rows.approvals.push_back(std::move(row));
    }
    void operator()(ApprovalDecided const& now) {
        auto const& approval = run.approvals.at(now.approval);
        rows.decisions.push_back({now.approval,
                                  run.id,
                                  run.started.tenant,
                                  now.decision_id,
                                  now.decision,
                                  now.by,
                                  now.comment,
                                  {},
                                  at});
        if (approval.status != ApprovalStatus::pending) update(now.approval);
    }
    void operator()(ApprovalAnswerRefused const& now) {
        rows.decisions.push_back({now.approval,
                                  run.id,
                                  run.started.tenant,
                                  {},
                                  now.decision,
                                  now.by,
                                  {},
                                  now.reason,
                                  at});
    }
    void operator()(ApprovalExpired const& now) { update(now.approval); }
    void operator()(ApprovalRevoked const& now) { update(now.approval); }
    void operator()(ActivityStarted const& now) {
        if (now.approval) update(*now.approval);
    }

    void operator()(ActivityUnknown const& now) { uncertain(now.step); }
    void operator()(ActivityVerified const& now) { uncertain(now.step); }
    void operator()(ActivityResolved const& now) { uncertain(now.step); }
    void operator()(ChildStarted const& now) {
        post(now.run, start(now.workflow, now.version, now.input, now.step, now.detached));
    }
    void operator()(ChildWithdrawn const& now) {
        post(run.children.at(now.step).run, CancelRun{"run " + to_string(run.id), now.reason});
    }
    void operator()(MapItemsStarted const& now) {
        auto const& mapping = run.mappings.at(now.step);
        for (auto const& item : latest_items(mapping, now.step, at))
            post_part(item.run, item.index,
                      start(mapping.workflow, mapping.version, item.input,
                            item_step(now.step, item.index), false));
    }
    void operator()(MapWithdrawn const& now) {
        for (auto const& [child, index] : run.mappings.at(now.step).under_way)
            post_part(child, index, CancelRun{"run " + to_string(run.id), now.reason});
    }
    StartRun start(std::string const& workflow, std::string const& version, Payload const& input,
                   StepId const& step, bool detached) const {
        auto const& started = run.started;
        int const depth = started.parent ? started.parent->depth : 0;
        return {{workflow, version, {}}, started.tenant,
                started.case_id,         input,
                started.started_by,      ParentStep{run.id, step, depth + 1, detached}};
    }
    void post_part(RunId to, int part, decltype(Message::content) content) {
        rows.posted.push_back({message_id_of(run.id, run.sequence, static_cast<std::size_t>(part)),
                               to, std::move(content)});
    }
    void operator()(EventEmitted const& now) {
        rows.events.push_back({EventChange::Kind::emitted, now.step, now.event});
    }
    void operator()(EventsAwaited const& now) { listen(now.step); }
    void operator()(EventDeclined const& now) {
        auto const& declined = run.listening.at(now.step).declined;
        rows.events.push_back(
            {EventChange::Kind::returned, now.step, Payload(Json{{"position", declined.back()}})});
        listen(now.step);
    }
    void operator()(ListeningEnded const& now) {
        rows.events.push_back({EventChange::Kind::ended, now.step, {}});
    }
    void listen(StepId const& step) {
        auto const& listening = run.listening.at(step);
        Json const wanted{{"filters", listening.filters.json()}, {"declined", listening.declined}};
        rows.events.push_back({EventChange::Kind::awaited, step, Payload(wanted)});
    }

    void operator()(RunCompleted const& now) { end({{}, ChildEnd::completed, now.output, {}}); }
    void operator()(RunFaulted const& now) { end({{}, ChildEnd::faulted, {}, now.error}); }
    void operator()(RunCancelled const&) { end({{}, ChildEnd::cancelled, {}, {}}); }
    void operator()(auto const&) {}

    // Its places are free with its last fact.
    void end(EndChild how) {
        if (run.places > 0) rows.events.push_back({EventChange::Kind::ended, StepId{}, {}});
        report(std::move(how));
    }
    void report(EndChild end) {
        auto const& parent = run.started.parent;
        if (!parent || parent->detached) return;
        end.child = run.id;
        post(parent->run, std::move(end));
    }
    void post(RunId to, decltype(Message::content) content) {
        rows.posted.push_back({message_id_of(run.id, run.sequence), to, std::move(content)});
    }

    void update(ApprovalId id) { rows.approvals.push_back(row_of(run, run.approvals.at(id), at)); }

    void uncertain(StepId const& step) {
        auto const& activity = run.activities.at(step);
        auto const* state = std::get_if<activity::Uncertain>(&activity.state);
        rows.unresolved.push_back({.run = run.id,
                                   .tenant = run.started.tenant,
                                   .step = step,
                                   .target = activity.intent.target,
                                   .key = activity.intent.key,
                                   .attempt = state ? state->attempt : 0,
                                   .verifications = state ? state->verifications : 0,
                                   .verify_at = state ? state->verify_at : std::nullopt,
                                   .since = state ? state->since : at,
                                   .resolved = state == nullptr});
    }
};

RunRow::Status status_of(Run const& run, Motion motion) {
    switch (run.status) {
        case RunStatus::completed: return RunRow::Status::completed;
        case RunStatus::faulted: return RunRow::Status::faulted;
        case RunStatus::cancelled: return RunRow::Status::cancelled;
        case RunStatus::running: break;
    }
    return motion == Motion::parked ? RunRow::Status::waiting : RunRow::Status::running;
}

// People first, then the system of record, then time: the cause that someone can do something
// about.
int urgency(WaitsFor const& wait) {
    switch (wait.cause) {
        case WaitsFor::Cause::paused: return -1;
        case WaitsFor::Cause::person: return 0;
        case WaitsFor::Cause::approval: return 1;
        case WaitsFor::Cause::verification: return 2;
        case WaitsFor::Cause::retry: return 3;
        case WaitsFor::Cause::signal:
        case WaitsFor::Cause::event:
        case WaitsFor::Cause::place:
        case WaitsFor::Cause::child: return 4;
        case WaitsFor::Cause::timer: return 5;
        case WaitsFor::Cause::activity: return 6;
    }
    return 7;
}

std::optional<RunId> parent_of(RunStarted const& started) {
    return started.parent ? std::optional(started.parent->run) : std::nullopt;
}
std::optional<RunId> origin_of(RunStarted const& started) {
    return started.forked ? std::optional(started.forked->run) : std::nullopt;
}

}  // namespace

void project(Run const& run, Event const& event, Projection& projection) {
    std::visit(Projecting{run, event.at, projection}, event.fact);
}

RunRow row_of(Run const& run, Motion motion, Timestamp now) {
    RunRow row{.run = run.id,
               .tenant = run.started.tenant,
               .shard = shard_of(run.id),
               .workflow = run.started.workflow,
               // A child serves its parent's case and does not stand for it.
               .case_id = run.started.parent ? std::string() : run.started.case_id,
               .parent = parent_of(run.started),
               .forked_from = origin_of(run.started),
               .status = status_of(run, motion),
               .sequence = run.sequence,
               .started_at = run.started_at,
               .updated_at = now};
    if (row.status != RunRow::Status::waiting) return row;
    auto const waits = waits_of(run);
    auto const first = std::ranges::min_element(waits, {}, urgency);
    if (first != waits.end()) {
        row.waits_code = to_string(first->cause);
        row.waits_sentence = first->sentence;
    }
    row.wake_at = next_due(run);
    return row;
}

}  // namespace resolute
