// What one thing too many does to everybody else: start-to-result of a one-step run through the
// API, before a trouble and while it lasts.
//
// Used by one thread, on a stand of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "bench/finishes.h"
#include "bench/report.h"
#include "bench/troubles.h"

namespace resolute::bench {

class Overload {
  public:
    static constexpr char name[] = "overload";

    Overload(std::string const& database, int committers, double seconds, Report& report);
    void round();

  private:
    struct Latency {
        double p50_ms = 0;
        double p99_ms = 0;
    };
    using Begin = std::function<std::unique_ptr<Trouble>()>;

    Latency probe(double seconds);
    void measure(std::string const& trouble, Begin const& begin);

    std::string database_;
    double seconds_;
    Report& report_;
    BadSystems systems_;
    Finishes finishes_;
    Stand stand_;
    WorkflowRef one_read_, hang_, huge_;
};

}  // namespace resolute::bench
