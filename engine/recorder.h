// Turns commands, answers and messages into facts: through the gates, folded at once, decided on
// until nothing is left.
//
// Made for one input to one run and thrown away; everything that lasts is in the LiveRun. Pure
// apart from the handlers' gates, which are pure themselves.
#pragma once

#include "base/limits.h"
#include "engine/live_run.h"
#include "engine/message.h"

namespace resolute {

class Recorder {
  public:
    Recorder(LiveRun& live, Surroundings const& around, Timestamp now)
        : live_(live), run_(live.run), around_(around), now_(now) {}

    void start(StartRun const& message);
    std::optional<Failure> signal(MessageId id, SendSignal const& message);
    std::optional<Failure> cancel(CancelRun const& message);
    std::optional<Failure> decide(DecideApproval const& message);
    std::optional<Failure> pause(PauseRun const& message);
    std::optional<Failure> unpause(ResumeRun const& message);
    std::optional<Failure> migrate(MigrateRun const& message);
    std::optional<Failure> child_ended(EndChild const& message);
    std::optional<Failure> event_offered(MessageId id, OfferEvent const& offer);

    // Answers that belong to no open attempt are dropped: they came after the step was over.
    void finished(StepId const& step, int attempt, Outcome const& outcome);
    void verified(StepId const& step, int attempt, Verification const& answer);

    void resume();      // after a load: intents without outcomes become unknown, idle frames go on
    void wake();        // timers, retries, verifications and expiries that are due at `now`
    // Decides until nothing is left; false when the run should let others go first, after `enough`
    // facts: with 0 it stops where another process can go on.
    bool settle_down(std::size_t enough = limits::facts_per_decision);

  private:
    void record(Fact fact);
    void begin_shared(StartRun const& fork);
    void follow(Event const& event);
    bool follow_by_engine(Fact const& fact);
    bool follow_approval(ApprovalId id);  // false: a question, which the workflow follows
    void follow_tool_approval(Approval const& approval);
    Event const* for_workflow(Event const& event, std::optional<Event>& made) const;
    void ask_workflow(Event const& event);
    void fail(StepId const& step, Failure error);
    void execute(Command const& command);
    void call(CallActivity const& command);
    void ask(AskPerson const& command);
    void complete(CompleteStep const& command);
    void end(EndDecided how, std::string const& reason);  // at once, or when all inside is settled
    void conclude(EndDecided const& how);
    void finish_overdue();
    bool is_given_up(StepId const& step) const;  // nothing is sent there any more
    bool is_undecided_within(StepId const& step) const;
    bool is_late(StepId const& step) const;      // nothing new is begun there
    void go_on();
    bool withdraw(StepId const& step, std::string const& reason);
    void start_child(StartChild const& command);
    bool is_nested_too_deep() const;
    static Failure nested_too_deep();
    void start_map(StartMap const& command);
    void begin_items(StepId const& step);
    void begin_items_everywhere();
    bool item_ended(EndChild const& message);
    bool follow_map(Fact const& fact);
    bool withdraw_items(StepId const& step, std::string const& reason);
    void plan_compensation(Fact const& fact);
    void plan_compensation_at(StepId const& step);
    void plan_missing_compensations();
    bool has_compensated();
    bool compensate(CompensationPlanned const& plan);
    void end_undoing(std::optional<Failure> error);
    void stop_listening(StepId const& step);
    bool withdraw_children(StepId const& step, std::string const& reason);
    void finish_endings();
    bool is_about_ending(Fact const& fact) const;
    void admit(StepId const& step, Proposal const& proposal, int timeout_ms);
    void start_attempt(StepId const& step, std::optional<ActivityIntent> fresh,
                       std::optional<ApprovalId> approval);
    void start_unrecorded(StepId const& step, ActivityIntent intent);
    void ask_what_happened(StepId const& step);
    void answer_proposals();  // that were decided while the run was paused
    void follow_answers(StepId const& step);
    void use_approval(Approval const& approval);
    void settled_by_person(Approval const& approval);
    void request_approval(ApprovalRequested ask, std::optional<Duration> expires_after);
    void revoke_approvals(StepId const& step, std::string const& reason,
                          std::optional<ApprovalKind> except = {});
    void finish_cancel();
    void wake_approvals();
    void wake_activities();
    void wake_timers();
    void wake_deadlines();
    Proposal proposal(StepId const& step, std::string const& kind, Payload request,
                      std::string key) const;
    Attempt attempt_of(StepId const& step, ActivityIntent const& intent, int number,
                       Timestamp deadline) const;
    Terms terms_of(ActivityIntent const& intent) const;
    Fact interrupted_fact(StepId const& step, activity::Running const& running,
                          ActivityIntent const& intent) const;
    Duration timeout_of(ActivityIntent const& intent) const;
    void deny(StepId const& step, std::string code, std::string sentence,
              std::optional<ActivityIntent> intent);

    LiveRun& live_;
    Run& run_;
    Surroundings const& around_;
    Timestamp now_;
};

}  // namespace resolute
