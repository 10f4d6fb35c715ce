// A clock that tests of memory and cases move by hand, so that the order of what was recorded is
// theirs.
#pragma once

#include "base/clock.h"

namespace resolute::memory {

class HandClock final : public Clock {
  public:
    Timestamp now() const override { return {now_}; }
    Duration monotonic() const override { return Duration(now_); }
    void advance(Duration by) { now_ += by.count(); }

  private:
    std::int64_t now_ = 1'790'000'000'000'000;
};

}  // namespace resolute::memory
