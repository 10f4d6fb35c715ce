// The people of a simulated world: clients who start cases, reviewers who race and come late,
// senders of signals, whoever changes policies and cancels.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/simulation/ground.h"
#include "tests/simulation/process.h"

namespace resolute::simulation {

struct Case {
    std::string tenant;
    std::string id;
    WorkflowRef workflow;
};
struct Acknowledged {
    RunId run;
    std::uint64_t sequence = 0;
};

class People {
  public:
    People(Ground& ground, std::vector<Process>& processes, std::vector<Case> cases);

    void begin();
    void go_home() { are_gone_ = true; }             // nobody sends anything any more
    bool is_everything_over() const;                 // every case has a run, and no run goes on
    std::vector<Case> const& cases() const { return cases_; }
    std::vector<Acknowledged> const& acknowledged() const { return acknowledged_; }

  private:
    void start(std::size_t number, bool until_answered);
    void start_through_inbox(Case const& wanted);
    void go_round();
    void visit(RunId run);
    void decide(RunId run, Approval const& approval);
    void settle(RunId run, Approval const& approval);
    void answer(RunId run, Approval const& approval, std::string by, std::string choice);
    void change_policies();
    // As if its process had died of it; an operator who knows better releases it.
    void set_aside(RunId run);
    // One event that the step may be waiting for.
    void tell(std::string const& tenant, Listening const& listening);
    // To the owner's API, or into the inbox of whoever owns the run.
    void mail(RunId run, decltype(Message::content) content);
    void post(Message const& message);
    Life* some_life();
    std::string reviewer(Approval const& approval);

    Ground& ground_;
    Setting& setting_;
    std::vector<Process>& processes_;
    std::vector<Case> cases_;
    std::vector<bool> is_answered_;                  // by case
    std::vector<Acknowledged> acknowledged_;
    std::set<ApprovalId> late_;                      // somebody will answer these too late
    std::uint64_t decisions_ = 0;
    std::uint64_t events_ = 0;
    bool are_gone_ = false;
};

}  // namespace resolute::simulation
