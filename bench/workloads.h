// What a round consists of: the baselines first, then each workload next to the baseline that it is
// compared with.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "bench/bare.h"
#include "bench/growth.h"
#include "bench/report.h"
#include "bench/server.h"
#include "bench/stand.h"

namespace resolute::bench {

struct Load {
    double seconds = 3;  // of one measurement of throughput
    std::uint64_t in_flight = 200;  // runs at a time
};

class Workloads {
  public:
    Workloads(Server& server, Stand& stand, Load load, GrowthOptions growth, Report& report);

    static std::vector<std::string> names();
    // One round of these; baselines always.
    void round(std::set<std::string> const& wanted);
    // After the rounds, because it begins with an empty table: so many times each.
    void growth(int repeat);

  private:
    struct Baseline {
        double rows_per_second = 0;  // in batches of 500
        Bare::Commits commits;
    };
    struct Flow {
        Committed committed;
        Usage usage;
    };

    void ceiling();
    enum class Targets { of_reads, of_writes, none };
    void chain(std::string const& name, WorkflowRef const& workflow, Targets targets);
    void costs(std::string const& name, Flow const& flow);
    void latency();
    void start_to_result(std::string const& name, WorkflowRef const& workflow, bool with_targets);

    Flow flow(WorkflowRef const& workflow, int steps, double seconds);
    void check_effects(std::uint64_t before, std::uint64_t expected) const;

    Server& server_;
    Stand& stand_;
    Load load_;
    Report& report_;
    WorkflowRef read_chain_, write_chain_, long_chain_, one_read_, one_write_;
    Growth growth_;
    std::unique_ptr<Bare> bare_;
    Baseline baseline_;  // of this round
};

}  // namespace resolute::bench
