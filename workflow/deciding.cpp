#include "workflow/deciding.h"

namespace resolute::workflow {
namespace {

void check(std::optional<JsonSchema> const& schema, Payload const& value, std::string const& what) {
    if (!schema) return;
    auto const violations = schema->validate(value.json());
    if (!violations.empty())
        throw Fault{
            validation_failure(what + " does not satisfy its schema: " + to_string(violations),
                               codes::schema_violation)};
}

}  // namespace

Payload shape_input(Shaping const& shaping, Arguments& arguments, std::string const& what) {
    check(shaping.schema, arguments.current(), what);
    return shaping.shape ? shaping.shape->evaluate(arguments) : arguments.current();
}

Payload shape_output(Shaping const& shaping, Arguments& arguments, std::string const& what) {
    auto shaped = shaping.shape ? shaping.shape->evaluate(arguments) : arguments.current();
    check(shaping.schema, shaped, what);
    return shaped;
}

// Which fact is whose business.
struct Deciding::Routing {
    Deciding& self;
    Timestamp at;
    void operator()(RunStarted const&) { self.on_start(); }
    void operator()(WorkStarted const&) { self.go_into({}); }
    void operator()(StepEntered const& now) { self.go_into(now.step); }
    void operator()(StepAdvanced const& now) { self.go_into(now.step); }
    void operator()(StepCompleted const& now) { self.go_on_after(now.step, {now.next, false}); }
    void operator()(StepSkipped const& now) { self.go_on_after(now.step, {now.next, true}); }
    void operator()(StepFailed const& now) { self.on_failure(now.step, now.error); }
    void operator()(ActivityDenied const& now) { self.on_activity(now.step); }
    void operator()(ActivitySucceeded const& now) { self.on_activity(now.step); }
    void operator()(ActivityFailed const& now) { self.on_activity(now.step); }
    void operator()(ActivityVerified const& now) { self.on_activity(now.step); }
    void operator()(ActivityResolved const& now) { self.on_activity(now.step); }
    void operator()(ApprovalDecided const& now) { self.on_approval(now.approval, at); }
    void operator()(ApprovalExpired const& now) { self.on_approval(now.approval, at); }
    void operator()(EventReceived const& now) { self.on_event(now.step); }
    void operator()(ChildEnded const& now) { self.on_child(now.step); }
    void operator()(MapItemEnded const& now) { self.on_map(now.step); }
    void operator()(TimerFired const& now) { self.on_timer(now.step); }
    // Everything else is the engine's own business, or needs no answer.
    template <class Other> void operator()(Other const&) {}
};

Commands Deciding::on(Event const& event) {
    if (!run_.is_closed()) std::visit(Routing{*this, event.at}, event.fact);
    return std::move(commands_);
}

// Also when a run comes back whose work has not begun.
void Deciding::on_start() {
    if (run_.listening.contains(StepId{})) return on_place();
    try {
        if (!waits_for_places()) begin_work();
    } catch (Fault& fault) {
        commands_.push_back(FaultRun{std::move(fault.error)});
    }
}

// The workflow's own time begins here: waiting for places is none of it.
void Deciding::begin_work() {
    auto const& input = run_.started.input;
    Arguments arguments({definition_, run_, now_}, input);
    try {
        auto shaped = shape_input(definition_.input, arguments, "The workflow's input");
        std::optional<Timestamp> due;
        arguments.set_input(shaped);
        if (definition_.timeout)
            due = now_ + duration_of(*definition_.timeout, arguments);
        commands_.push_back(BeginWork{shaped, shaped});
        if (due) commands_.push_back(SetDeadline{{}, *due});
    } catch (Fault& fault) {
        commands_.push_back(FaultRun{std::move(fault.error)});
    }
}

void Deciding::end_work(Payload const& output) {
    Arguments arguments({definition_, run_, now_}, run_.frames.at(StepId{}).input);
    arguments.set_output(output);
    try {
        commands_.push_back(
            CompleteRun{shape_output(definition_.output, arguments, "The workflow's output")});
    } catch (Fault& fault) {
        commands_.push_back(FaultRun{std::move(fault.error)});
    }
}

Step const& Deciding::step_at(StepId const& id) const {
    bool const is_node = id.path.find_first_of("#@") == std::string::npos;
    if (auto const* step = definition_.find(is_node ? id.path : node_of(id))) return *step;
    throw CorruptHistory("the workflow has no step `" + id.path + "`");
}

bool Deciding::is_gone(StepId const& id) const {
    return !run_.frames.contains(StepId{}) || is_ending(run_, id) ||
           (step_at(id).around && !run_.frames.contains(parent_of(id)));
}

void Deciding::on_activity(StepId const& id) {
    auto const found = run_.activities.find(id);
    if (found == run_.activities.end() || is_gone(id)) return;
    auto const& state = found->second.state;
    if (auto const* succeeded = std::get_if<activity::Succeeded>(&state)) {
        auto const spot = spot_of(id);
        finish(spot, succeeded->output, spot.step->then);
    } else if (auto const* failed = std::get_if<activity::Failed>(&state)) {
        fail(spot_of(id), is_overdue(run_, id, now_) ? overdue_failure() : failed->error);
    }
}

void Deciding::on_approval(ApprovalId id, Timestamp at) {
    auto const found = run_.approvals.find(id);
    if (found == run_.approvals.end() || found->second.asked.kind != ApprovalKind::question) return;
    if (!is_gone(found->second.asked.step))
        on_answer(spot_of(found->second.asked.step), found->second, at);
}

// {decision, by, at, form, comment}, the same shape whether a person decided or nobody did in time.
void Deciding::on_answer(Spot const& spot, Approval const& approval, Timestamp at) {
    auto const& ask = std::get<Ask>(spot.step->what);
    if (approval.status == ApprovalStatus::answered) {
        auto const& answer = approval.decisions.back();
        Json result{{"decision", answer.decision},
                    {"by", answer.by},
                    {"at", to_string(at)},
                    {"form", answer.form.json()},
                    {"comment", answer.comment}};
        finish(spot, Payload(std::move(result)), spot.step->then);
    } else if (approval.status == ApprovalStatus::expired && !ask.decision_when_expired.empty()) {
        Json result{{"decision", ask.decision_when_expired},
                    {"by", nullptr},
                    {"at", to_string(at)},
                    {"form", nullptr},
                    {"comment", "Nobody decided in time."}};
        finish(spot, Payload(std::move(result)), spot.step->then);
    } else if (approval.status == ApprovalStatus::expired) {
        fail(spot, timeout_failure("Nobody decided in time.", "approval_expired"));
    }
}

// The end of a `wait`, or of the delay before a retry.
void Deciding::on_timer(StepId const& id) {
    if (is_gone(id)) return;
    auto const spot = spot_of(id);
    if (std::holds_alternative<Wait>(spot.step->what))
        return finish(spot, arguments_inside(spot).input(), spot.step->then);
    auto const found = run_.frames.find(id);
    if (found == run_.frames.end()) return;
    auto const position = position_of(found->second);
    if (!position.paused) return;
    start_child(id, spot.step, position, position.at);
}

}  // namespace resolute::workflow
