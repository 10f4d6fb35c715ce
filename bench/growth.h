// Whether a step costs the same when much is stored already, and at the end of a long run.
//
// Part of a benchmark's round; used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bench/report.h"
#include "bench/server.h"
#include "bench/stand.h"

namespace resolute::bench {

struct GrowthOptions {
    std::vector<std::uint64_t> stored = {1'000, 100'000};  // events, ascending
    int turns = 50'000;  // of the long run's loop: two steps each
};

class Growth {
  public:
    Growth(Server& server, Stand& stand, GrowthOptions options, Report& report);

    // Fills the table up to each size, with the bodies of the `sample` workflow's runs, and
    // measures.
    void stored(std::string const& sample, std::function<void(std::uint64_t)> const& measure);
    // One run that goes round its loop: what a step costs in it, next to one of a tenth its length.
    void long_run();

  private:
    double cpu_per_step(int turns);
    void fill(std::uint64_t events, std::string const& workflow);

    Server& server_;
    Stand& stand_;
    GrowthOptions options_;
    Report& report_;
    store::Connection connection_;
    WorkflowRef loop_;
};

}  // namespace resolute::bench
