// How the flow goes from one step to the next: through blocks, loops, branches, and out of them.
#include "workflow/deciding.h"

namespace resolute::workflow {

Block const& Deciding::block_of(Step const* owner, Position const& position) const {
    if (!owner) return definition_.steps;
    if (auto const* what = std::get_if<Do>(&owner->what)) return what->body;
    if (auto const* what = std::get_if<For>(&owner->what)) return what->body;
    if (auto const* what = std::get_if<Listen>(&owner->what)) return what->each->body;
    auto const& guarded = std::get<Try>(owner->what);
    return position.handling ? guarded.handler : guarded.body;
}

// A frame was opened or moved on: its next step begins.
void Deciding::go_into(StepId const& id) {
    auto const found = run_.frames.find(id);
    if (found == run_.frames.end()) return;  // it ended meanwhile
    auto const* owner = id.path.empty() ? nullptr : &step_at(id);
    if (found->second.kind == FrameKind::parallel) return start_branches(id, *owner);
    auto const position = position_of(found->second);
    if (position.paused) return;  // until the timer rings
    if (owner && std::holds_alternative<Listen>(owner->what)) return go_on_listening({owner, id});
    auto const* loop = owner ? std::get_if<For>(&owner->what) : nullptr;
    if (loop && loop->while_ && position.begins_block()) {
        Arguments arguments({definition_, run_, now_, owner, id}, found->second.flow);
        try {
            if (!loop->while_->holds(arguments))
                return finish({owner, id}, found->second.flow, owner->then);
        } catch (Fault& fault) {
            return fail({owner, id}, std::move(fault.error));
        }
    }
    start_child(id, owner, position, position.at);
}

void Deciding::start_child(StepId const& frame, Step const* owner, Position const& position,
                           std::size_t index) {
    limit_attempt(frame, owner, position);
    auto const& child = *block_of(owner, position).steps.at(index);
    start({&child, child_of(frame, owner, position, child)});
}

// An attempt of a `try` that may not take for ever has a deadline of its own.
void Deciding::limit_attempt(StepId const& frame, Step const* owner, Position const& position) {
    auto const* what = owner ? std::get_if<Try>(&owner->what) : nullptr;
    if (!what || !what->retry || !what->retry->each_within || position.handling) return;
    auto const attempt = attempt_of(frame, position);
    if (run_.deadlines.contains(attempt)) return;
    commands_.push_back(SetDeadline{attempt, now_ + *what->retry->each_within});
}

// All that have not begun, unless one of them decides right away what becomes of the fork.
void Deciding::start_branches(StepId const& id, Step const& owner) {
    auto const& frame = run_.frames.at(id);
    auto const& fork = std::get<Fork>(owner.what);
    for (auto const& branch : fork.branches.steps) {
        Spot const spot{branch.get(), child_of(id, &owner, {}, *branch)};
        bool const has_begun = frame.outputs.contains(spot.id) ||
                               run_.step_started.contains(spot.id) || is_open(run_, spot.id);
        if (has_begun) continue;
        start(spot);
        bool const failed = std::holds_alternative<FailStep>(commands_.back());
        bool const won = fork.compete && std::holds_alternative<CompleteStep>(commands_.back());
        if (failed || won) return;
    }
}

void Deciding::go_on_after(StepId const& child, Ending ending) {
    if (is_gone(child)) return;
    auto const id = parent_of(child);
    auto const& frame = run_.frames.at(id);
    auto const& ended = step_at(child);
    if (frame.kind == FrameKind::parallel) return join(id, *ended.around, child, ending);
    if (!frame.last || frame.last->step != child) return;  // the frame has moved on since
    go_on(id, ended, frame.last->next);
}

void Deciding::go_on(StepId const& id, Step const& ended, Directive const& next) {
    auto const& frame = run_.frames.at(id);
    auto position = position_of(frame);
    bool const was_last = ended.index + 1 == ended.block->steps.size();
    if (next == "end") return end_work(frame.flow);
    if (next == "exit" || (next.empty() && was_last)) return end_block(id, ended.around, position);
    auto const index = next.empty() ? ended.index + 1 : ended.block->find(next).value();
    if (index > ended.index) return start_child(id, ended.around, position, index);
    ++position.lap;
    position.at = index;
    position.paused = false;
    commands_.push_back(AdvanceStep{id, to_state(position)});
}

// The last step of a block has ended, or one of them left it.
void Deciding::end_block(StepId const& id, Step const* owner, Position const& position) {
    auto const& frame = run_.frames.at(id);
    if (!owner) return end_work(frame.flow);
    if (std::holds_alternative<For>(owner->what)) {
        auto const items = frame.first_state.json().at("items").size();
        if (static_cast<std::size_t>(position.turn) + 1 < items) {
            commands_.push_back(AdvanceStep{id, to_state({.turn = position.turn + 1})});
            return;
        }
    }
    if (std::holds_alternative<Listen>(owner->what)) return end_item({owner, id}, frame.flow);
    auto const* guarded = std::get_if<Try>(&owner->what);
    bool const goes_elsewhere = guarded && position.handling && guarded->then;
    finish({owner, id}, frame.flow, goes_elsewhere ? *guarded->then : owner->then);
}

// A branch has ended; the fork does when all have, or when the first one wins. A skipped branch
// wins nothing.
void Deciding::join(StepId const& id, Step const& owner, StepId const& ended, Ending ending) {
    auto const& frame = run_.frames.at(id);
    auto const& fork = std::get<Fork>(owner.what);
    bool const ends_all = ending.next == "end";
    if (ends_all) return end_work(frame.outputs.at(ended));
    if (fork.compete && !ending.skipped)
        return finish({&owner, id}, frame.outputs.at(ended), owner.then);
    if (frame.outputs.size() < fork.branches.steps.size()) return;
    if (fork.compete) return finish({&owner, id}, frame.input, owner.then);
    Json outputs = Json::array();
    for (auto const& branch : fork.branches.steps)
        outputs.push_back(frame.outputs.at(child_of(id, &owner, {}, *branch)).json());
    finish({&owner, id}, Payload(std::move(outputs)), owner.then);
}

// ---- after an interruption
// -------------------------------------------------------------------------

// Goes on from whatever was folded last and not decided on; what waits for something is left alone.
Commands Deciding::resume() {
    if (run_.is_closed()) return {};
    for (auto const& [id, activity] : run_.activities)
        if (activity.is_settled()) on_activity(id);
    for (auto const& [id, approval] : run_.approvals)
        if (approval.status == ApprovalStatus::answered ||
            approval.status == ApprovalStatus::expired)
            on_approval(id, now_);
    for (auto const& [id, child] : run_.children)
        if (child.end) on_child(id);
    for (auto const& [id, mapping] : run_.mappings)
        if (is_over(mapping)) on_map(id);
    for (auto const& [id, listening] : run_.listening)
        if (!run_.frames.contains(id)) on_event(id);
    std::vector<StepId> handled;  // frames whose `wait` is over and not recorded as completed
    for (auto const& [id, started] : run_.step_started) {
        if (is_open(run_, id)) continue;
        handled.push_back(parent_of(id));
        on_timer(id);
    }
    for (auto const& [id, frame] : run_.frames) {
        if (is_ending(run_, id)) continue;
        if (frame.kind == FrameKind::parallel)
            resume_branches(id);
        else if (is_idle(run_, id) && std::ranges::find(handled, id) == handled.end())
            resume_sequence(id);
    }
    return std::move(commands_);
}

void Deciding::resume_sequence(StepId const& id) {
    auto const& frame = run_.frames.at(id);
    if (frame.last) return go_on_after(frame.last->step, {});
    auto const position = position_of(frame);
    if (!position.paused) return go_into(id);
    start_child(id, &step_at(id), position, position.at);
}

// The fork itself may have been over: all branches ended, or one has won.
void Deciding::resume_branches(StepId const& id) {
    auto const& owner = step_at(id);
    auto const& frame = run_.frames.at(id);
    auto const& fork = std::get<Fork>(owner.what);
    for (auto const& [branch, output] : frame.outputs)
        if (fork.compete && !output.is_null()) return join(id, owner, branch, {});
    if (frame.outputs.size() == fork.branches.steps.size())
        return join(id, owner, frame.outputs.begin()->first, {.skipped = true});
    start_branches(id, owner);
}

}  // namespace resolute::workflow
