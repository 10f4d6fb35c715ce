// One run's coroutine as far as it has come: what it asked for, what it waits for, and what a
// decision of the engine makes it ask for next.
//
// Internal to workflow/sdk. Made from the run's fold by replaying it, kept while the run is in
// memory, and thrown away at any time. Not thread-safe. Throws CorruptHistory when the code asks
// for something else than what was recorded.
#pragma once

#include <set>

#include "workflow/sdk/flow.h"

namespace resolute::sdk {

class Instance {
  public:
    // `body` is the workflow with its input; it outlives the instance.
    Instance(Body body, Run const& run);
    ~Instance();

    // Begins, or is replayed against what the run recorded.
    void replay(Run const& run);
    // What is to be done about everything that is open. `interrupted`: it is not known what was
    // decided on last, so that what is over and not followed up is followed up here.
    enum class Knowledge { interrupted, current };
    Commands catch_up(Run const& run, Knowledge knowledge);
    // What follows from this event, which was folded into `run` right before.
    Commands follow(Run const& run, Event const& event);

    std::uint64_t sequence() const { return sequence_; }  // of the last event that it knows
    std::size_t open_steps() const { return pending_.size(); }

    // ---- for the verbs of Flow
    Operation& ask(Scope& scope, std::string_view name, Asking asking);
    Operation& ask_block(Scope& scope, std::string_view name, Asking asking, Body body,
                         bool sealed);
    Operation& ask_fork(Scope& scope, std::string_view name, std::vector<BranchPlan> branches,
                        bool race);
    Timestamp now() const { return now_; }
    RunStarted const& started() const { return started_; }
    RunId run() const { return run_; }
    void body_ended(Scope& scope) { ended_.push_back(&scope); }

  private:
    void deliver(Operation& operation, StepEnd outcome);
    void check(Ended const& recorded, Operation const& operation) const;
    [[noreturn]] void report_unasked(Ended const& recorded) const;
    void settle();  // what bodies that ended mean
    void branch_ended(Operation& branch);
    void add_branch(Scope& scope, Operation& fork, BranchPlan plan, std::size_t index);
    void start_body(Scope& scope);
    Operation& add(Scope& scope, std::string_view name);
    void note(Operation& operation, Asking asking);
    void push(Command command);
    bool runs_body(StepId const& step, bool sealed) const;
    void withdraw(Operation& operation);  // it is over: so is all inside
    void begin(Operation& operation);
    void follow_up(Operation& operation, Run const& run);
    void cancel(Run const& run);
    Operation* find(StepId const& step) const;
    std::vector<Operation*> in_order() const;

    RunId run_;
    RunStarted started_;
    Timestamp now_;
    std::uint64_t sequence_ = 0;
    std::uint64_t ordinal_ = 0;
    bool cancelling_ = false;
    bool replaying_ = false;
    std::set<std::string> closed_;  // frames that have ended; for the replay only
    std::set<std::string> unopened_;  // frames that a cancel kept from opening; likewise
    std::vector<Scope*> ended_;
    Commands commands_;
    std::unordered_map<std::string, Operation*> pending_;  // by path, without an outcome
    std::optional<Command> end_;  // of the run
    std::optional<Scope> root_;
};

}  // namespace resolute::sdk
