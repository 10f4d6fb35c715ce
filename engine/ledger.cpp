#include "engine/ledger.h"

#include <algorithm>

namespace resolute {
namespace {

// What the step asked for, as far as the fold still knows it.
std::pair<std::string, Payload> asked_at(Run const& run, StepId const& step) {
    if (run.frames.contains(step)) return {"frame", {}};
    if (auto const found = run.activities.find(step); found != run.activities.end())
        return {found->second.intent.kind, found->second.intent.request};
    for (auto const& [id, approval] : run.approvals)
        if (approval.asked.step == step) return {"approval", approval.asked.card};
    if (auto const found = run.children.find(step); found != run.children.end())
        return {"run", Payload(Json(found->second.workflow))};
    if (auto const found = run.listening.find(step); found != run.listening.end())
        return {"event", found->second.filters};
    if (auto const found = run.taken.find(step); found != run.taken.end())
        return {"signal", Payload(Json(found->second.name))};
    if (auto const found = run.awaiting.find(step); found != run.awaiting.end())
        return {"signal", Payload(Json(found->second))};
    if (run.step_started.contains(step)) return {"wait", {}};
    return {};
}

bool is_sealed(Run const& run, StepId const& step) {
    auto const found = run.frames.find(step);
    return found != run.frames.end() && found->second.kind == FrameKind::sealed;
}

// Those that ended since the frame was opened are at the end.
void forget_inside(Run& run, StepId const& step) {
    auto const opened = run.frames.at(step).entered;
    auto first = run.ledger.end();
    while (first != run.ledger.begin() && std::prev(first)->at >= opened) --first;
    auto const kept = std::remove_if(
        first, run.ledger.end(), [&](Ended const& ended) { return is_within(ended.step, step); });
    run.ledger.erase(kept, run.ledger.end());
}

}  // namespace

bool is_replayed(Run const& run) {
    auto const root = run.frames.find(StepId{});
    return root != run.frames.end() && root->second.kind == FrameKind::replayed;
}

void note_end(Run& run, StepId const& step, Timestamp at, Payload const& output,
              std::optional<Failure> error) {
    if (!is_replayed(run)) return;
    auto [kind, asked] = asked_at(run, step);
    if (is_sealed(run, step)) forget_inside(run, step);
    run.ledger.push_back({step, at, std::move(kind), std::move(asked), output, std::move(error)});
}

}  // namespace resolute
