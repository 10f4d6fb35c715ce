// What is large: a run of a million steps, a loop, a fork, a map over many items, and a payload as
// large as one may be. What each part costs next to one of a smaller whole, and the memory it
// takes.
//
// Used by one thread, on a stand of its own.
#pragma once

#include <string>

#include "bench/report.h"
#include "bench/server.h"
#include "bench/stand.h"

namespace resolute::bench {

class Large {
  public:
    static constexpr char name[] = "large";
    struct Sizes {
        int turns = 500'000;  // of a loop of two steps; and a fifth of them of an empty one
        int branches = 10'000;
        int items = 100'000;
        std::size_t payload = 32u << 20;
    };

    Large(Server& server, int committers, Sizes sizes, Report& report);
    void round();

  private:
    struct Cost {
        double engine_us = 0;  // of processor time, for each part
        double server_us = 0;
        double peak_bytes = 0;  // over what the process held before
    };
    Cost cost_of(WorkflowRef const& workflow, Json input, std::uint64_t runs, double parts);
    void compare(std::string const& what, Cost const& few, Cost const& many, double bound);
    void steps();
    void turns();
    void branches();
    void items();
    void payload();

    Server& server_;
    Sizes sizes_;
    Report& report_;
    Stand stand_;
    WorkflowRef look_, turn_, one_, sweep_, pass_on_;
};

}  // namespace resolute::bench
