// Which steps and branches of a workflow its tests have been through.
#pragma once

#include <map>
#include <set>

#include "cli/rehearsal/rehearsal.h"

namespace resolute::cli::rehearsal {

// Branches are where a `switch` may lead, whether a `try` was caught, and whether an `if` was true.
class Coverage {
  public:
    void add(Digest const& workflow, std::vector<Event> const& history);

    struct Missed {
        int line = 0;
        std::string what;  // "step `decline`", "switch `triage` to `answer`"
    };
    struct Of {
        std::size_t steps = 0, steps_seen = 0;
        std::size_t branches = 0, branches_seen = 0;
        std::vector<Missed> missed;  // in the order of the text
    };
    Of of(workflow::Definition const& definition) const;

  private:
    struct Seen {
        std::set<std::string> begun;  // nodes
        std::set<std::string> skipped;
        std::set<std::pair<std::string, std::string>> led;  // node and directive
    };
    std::map<Digest, Seen> seen_;
};

}  // namespace resolute::cli::rehearsal
