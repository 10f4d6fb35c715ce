// When runs of one workflow became durably complete, by their ids: for those who wait for a run of
// their own while others come and go.
//
// Thread-safe: committers tell, the measuring thread waits.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "engine/append.h"

namespace resolute::bench {

class Finishes {
  public:
    // Of this workflow's runs only; the others are nobody's.
    explicit Finishes(std::string workflow) : workflow_(std::move(workflow)) {}

    void committed(std::vector<Append> const& appends);
    // The moment by seconds_now(). Throws when the run did not complete within half a minute.
    double wait_for(RunId run);

  private:
    std::string const workflow_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<RunId, double> finished_;  // guarded by mutex_; until somebody waits for it
};

}  // namespace resolute::bench
