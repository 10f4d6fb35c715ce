#include "tests/simulation/report.h"

namespace resolute::simulation {
namespace {

constexpr std::array<std::string_view, fault_count> fault_names{
    "process killed",
    "process killed by a run that it resumed",
    "run blamed by chance, and released",
    "process paused past its lease",
    "process left in good order",
    "process found itself fenced",
    "send held back by its own lease",
    "shards given up with work under way",
    "clock ahead or behind",
    "store refused a commit",
    "commit slow",
    "commit answer lost",
    "commit arrived after its answer was given up",
    "append called stale",
    "store refused a load",
    "snapshot lost",
    "store refused a look",
    "read failed",
    "refused before it was sent",
    "postponed before it was sent",
    "refused by the tool",
    "too late to send",
    "lost before the effect",
    "lost after the effect",
    "error after the effect",
    "effect arrived late",
    "request delivered twice",
    "verification lost",
    "the key's window was over",
    "reviewers raced",
    "decision sent twice",
    "decision after expiry",
    "decision by the initiator",
    "decision on another digest",
    "policy changed",
    "signal before it was awaited",
    "run cancelled",
    "run paused",
    "run set aside, and released",
    "start repeated for a case",
};

constexpr std::array<std::string_view, check_count> check_names{
    "I1 intent before effect",
    "I2 one effect per key",
    "I2 effect iff the step succeeded",
    "I3 approved is executed",
    "I4 consumed once, with the intent",
    "I5 nothing stale is consumed",
    "I6 separation of duties and quorum",
    "I7 a fenced member commits nothing",
    "I7 only a shard's owner commits",
    "I7 a fenced member sends nothing",
    "I8 no retry without a verdict",
    "I9 rows agree with the history",
    "I10 the chain verifies",
    "I13 nothing crosses a tenant",
    "I14 denied has no effect",
    "I18 whoever waits names its cause",
    "what was acknowledged is kept",
    "one run per case",
    "a message is taken once",
    "an event is heard once",
    "what was applied is undone, the last first",
    "one run per item, and no more than may be",
    "every message is taken",
    "a snapshot is its run",
    "no run is set aside that kills nobody",
    "a run that kills its process is set aside",
    "nobody is blamed who was not alone at two deaths",
    "everything ends",
    "a run that is over asks nobody",
    "the same seed gives the same bytes",
};

}  // namespace

std::string_view to_string(Fault fault) { return fault_names[static_cast<std::size_t>(fault)]; }
std::string_view to_string(Check check) { return check_names[static_cast<std::size_t>(check)]; }

void Report::add(Report const& other) {
    for (std::size_t i = 0; i < fault_count; ++i) faults[i] += other.faults[i];
    for (std::size_t i = 0; i < check_count; ++i) checks[i] += other.checks[i];
    runs += other.runs;
    events += other.events;
    generated += other.generated;
}

}  // namespace resolute::simulation
