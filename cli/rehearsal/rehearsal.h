// Plays a run of a workflow, and whatever runs it starts, in memory, in no time: the real core,
// gates and interpreter; a scripted outside; a clock that skips whatever is waited for.
#pragma once

#include "cli/rehearsal/outside.h"

namespace resolute::cli::rehearsal {

struct Report {
    std::string status;                 // completed, faulted, cancelled, waiting
    std::string waits_for;              // the cause's code, when it waits; with its sentence
    std::string waits_sentence;
    Json output;
    Json error;
    std::vector<Event> history;
    std::vector<std::pair<Digest, std::vector<Event>>> children;  // workflow and history
    std::vector<MadeCall> calls;  // of all of them
    std::vector<std::string> problems;  // of the script: something was asked that it does not say
    Duration elapsed{};  // by the skipping clock
};

// A run of `workflow`, one of the project's. Deterministic: the same script gives the same report.
Report rehearse(Compiled const& project, WorkflowRef const& workflow, Script const& script);

}  // namespace resolute::cli::rehearsal
