// Counts what is durable: every number of a benchmark comes from committed appends, never from
// promises.
//
// Thread-safe: committers tell, the measuring thread waits.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "engine/append.h"

namespace resolute::bench {

struct Committed {
    std::uint64_t runs = 0;     // completed
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;    // of bodies
    std::uint64_t commits = 0;
    double last_completed_s = 0;  // when the last run's completion was durable

    Committed operator-(Committed const& before) const {
        return {runs - before.runs, events - before.events, bytes - before.bytes,
                commits - before.commits, last_completed_s};
    }
};

class Watch {
  public:
    void committed(std::vector<Append> const& appends);
    void failed(std::string const& why);  // a run that was to complete will not

    Committed now() const;
    // Returns when more than `runs` runs have completed. Throws when one failed, or when nothing
    // moved for a long time.
    Committed beyond(std::uint64_t runs);

  private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Committed total_;  // guarded by mutex_
    std::string failure_;  // guarded by mutex_
};

}  // namespace resolute::bench
