// A run that is being worked on: its fold, and what this process knows that no commit holds yet.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "engine/activity_handler.h"
#include "engine/append.h"
#include "engine/orchestrator.h"
#include "engine/run.h"

namespace resolute {

using Handlers = std::map<std::string, ActivityHandler*>;  // by the kind of activity

// An effect to be performed, or the question what became of one.
struct Dispatch {
    enum class What { perform, verify };
    What what = What::perform;
    Attempt attempt;
    bool after_commit = true;  // a write waits until its intent is durable (I1); a read need not
};

// Rows that change together with the events (I9).
struct Projection {
    std::vector<ApprovalRow> approvals;
    std::vector<ApprovalDecisionRow> decisions;
    std::vector<UnresolvedRow> unresolved;
    std::vector<Message> posted;
    std::vector<EventChange> events;
};

struct LiveRun {
    Run run;
    // in-process reads under way: recorded with their outcome
    std::map<StepId, ActivityIntent> unrecorded;
    // attempts whose verification is under way in this process
    std::set<std::pair<StepId, int>> asking;
    // folded, and the workflow was not asked yet what follows
    std::deque<std::shared_ptr<Event const>> undecided;
    std::vector<std::shared_ptr<Event>> fresh;  // folded, not handed to an append yet
    Projection projection;                 // of the fresh events
    std::vector<Dispatch> dispatches;      // that the fresh events call for
};

// What recording needs beside the run. All of it outlives the Recorder.
struct Surroundings {
    Orchestrator const& workflow;
    Handlers const& handlers;
    Random& random;
};

}  // namespace resolute
