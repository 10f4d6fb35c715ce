// Folds a stored history and proves its chain in the same pass, event by event.
//
// Goes on from an empty run or from a fold whose head was proved before. Not thread-safe.
#pragma once

#include <utility>

#include "engine/codec.h"
#include "engine/run.h"

namespace resolute {

class VerifiedFold {
  public:
    explicit VerifiedFold(RunId run);
    explicit VerifiedFold(Run from) : run_(std::move(from)) {}

    // Throws CorruptHistory when the event does not follow, or is not what was committed. The fold
    // is of no use afterwards.
    void add(EncodedEvent const& event);

    Run const& run() const { return run_; }
    Run take() && { return std::move(run_); }

  private:
    Run run_;
};

}  // namespace resolute
