// Does a workflow ask for what a history recorded? The question behind golden histories, replay
// against another definition, and migration.
//
// Folds the history event by event and asks the workflow at each what follows, as the Recorder
// would. Every fact that only a workflow can cause must have been asked for before it comes, with
// the same content; times may differ by as much as the decision came later. Pure.
#pragma once

#include <optional>
#include <vector>

#include "engine/orchestrator.h"

namespace resolute {

struct Difference {
    std::uint64_t sequence = 0;  // of the event that does not fit, or after which something misses
    StepId step;
    std::string sentence;
};

class Comparison {
  public:
    // The workflow outlives it.
    Comparison(Orchestrator const& workflow, RunId run) : workflow_(workflow), run_{.id = run} {}

    // What does not fit, if anything; then nothing more is to be followed.
    std::optional<Difference> follow(Event const& event);
    // What the workflow asks for and the history has not, of a run with nothing under way. A read
    // that is not answered leaves no trace, so it does not count.
    std::optional<Difference> missing() const;

    std::size_t open_commands() const { return asked_.size(); }
    std::uint64_t compared() const { return compared_; }  // facts that the workflow asked for
    Run const& run() const { return run_; }

  private:
    struct Asked {
        Command command;
        std::uint64_t sequence = 0;  // of the event that led to it
        Timestamp at;
    };
    void ask(Event const& event);
    bool follows_edit(Event const& event);
    void take(Commands commands, Event const& event);
    Commands decided(Event const& event) const;
    void drop_within(StepId const& step);
    bool is_asked_for(Fact const& fact) const;
    std::optional<Difference> expect(Event const& event);
    Difference difference(Event const& event) const;
    void fold(Event const& event);

    Orchestrator const& workflow_;
    Run run_;
    std::vector<Asked> asked_;
    std::uint64_t compared_ = 0;
    bool edited_ = false;  // an output in what is shared with another run
};

struct Verdicts {
    std::optional<Difference> first;
    std::uint64_t compared = 0;
    Run run;
};
// A whole history; `missing` counts for a run that is still open.
Verdicts compare(Orchestrator const& workflow, RunId run, std::vector<Event> const& history);

}  // namespace resolute
