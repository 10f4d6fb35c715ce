// What the server can do at best: rows inserted and committed by a bare client, nothing around
// them.
//
// One connection, used by one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/store/connection.h"

namespace resolute::bench {

class Bare {
  public:
    // The rows carry the bodies of the runs that are stored of this workflow.
    Bare(std::string const& url, std::string const& workflow);

    double mean_body_bytes() const;
    void clear();  // empties the table
    double rows_per_second(std::size_t batch, double seconds);

    struct Commits {
        double per_second = 0;
        double p50_ms = 0;
        double p99_ms = 0;
    };
    Commits one_row_commits(double seconds);

  private:
    void insert(std::size_t rows);

    store::Connection connection_;
    std::vector<std::string> bodies_;
    std::unique_ptr<Random> random_ = system_random();
    SystemClock clock_;
    std::size_t turn_ = 0;
};

// The value below which this share of them lies; they come back sorted.
double quantile(std::vector<double>& values, double share);

}  // namespace resolute::bench
