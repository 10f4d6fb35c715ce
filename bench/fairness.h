// What a tenant with a long queue does to another one: start-to-result of runs that need a place
// under a key that both tenants share, alone and beside 100,000 runs of the other tenant.
//
// Used by one thread, on a stand of its own.
#pragma once

#include "bench/finishes.h"
#include "bench/report.h"
#include "bench/stand.h"

namespace resolute::bench {

class Fairness {
  public:
    static constexpr char name[] = "fairness";

    Fairness(std::string const& database, int committers, std::size_t queued, Report& report);
    void round();

  private:
    struct Delay {
        double one_p50_ms = 0;  // of a run that comes alone
        double one_p99_ms = 0;
        double many_ms = 0;     // until the last of many that come at once is over
    };
    Delay delay_of_quiet();
    RunId start_of(char const* tenant);
    void fill_queue();
    std::int64_t waiting();

    std::size_t queued_;
    Report& report_;
    Finishes finishes_;
    Stand stand_;
    WorkflowRef limited_;
    store::Connection connection_;
};

}  // namespace resolute::bench
