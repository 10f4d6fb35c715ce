// Workloads about runs that do not move: parked by the hundred thousand, woken all at once, brought
// back after a kill -9, and folded from a long history.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "bench/report.h"
#include "bench/server.h"
#include "bench/sleepers.h"

namespace resolute::bench {

class Asleep {
  public:
    struct Sizes {
        std::size_t parked = 100'000;  // runs that wait, of each kind
        std::size_t in_flight = 10'000;  // runs open when their process is killed
        std::size_t history = 1'000'000;  // events of one run
        int committers = 1;
    };
    Asleep(Server& server, Sizes sizes, Report& report)
        : server_(server), sizes_(sizes), report_(report) {}

    static std::vector<std::string> names() { return {"parked", "recovery", "replay"}; }
    void round(std::set<std::string> const& wanted);

  private:
    void parked(Sleep sleep);
    void recovery();
    void replay();
    std::int64_t database_bytes();
    std::set<RunId> open_runs();

    Server& server_;
    Sizes sizes_;
    Report& report_;
    int round_ = 0;
};

// What the killed process does: starts so many runs and moves them until it is killed.
[[noreturn]] void be_killed(std::string const& url, std::filesystem::path const& ledger,
                            std::size_t runs, int committers);

}  // namespace resolute::bench
