// Calls that take their time, as those of systems elsewhere do: performed after a delay.
#pragma once

#include "engine/activity_handler.h"
#include "net/runtime.h"

namespace resolute::bench {

// Both collaborators outlive it. Thread-safe as they are.
class Distant final : public ActivityHandler {
  public:
    Distant(ActivityHandler& near, net::Runtime& runtime, Duration delay)
        : near_(near), runtime_(runtime), delay_(delay) {}

    Admission admit(Proposal const& proposal) const override { return near_.admit(proposal); }
    Terms terms(ActivityIntent const& intent) const override { return near_.terms(intent); }
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override {
        if (delay_ == Duration::zero()) return near_.perform(attempt, std::move(done));
        runtime_.after(delay_, [this, attempt, done = std::move(done)]() mutable {
            near_.perform(attempt, std::move(done));
        });
    }
    void verify(Attempt const& attempt, std::function<void(Verification)> done) override {
        near_.verify(attempt, std::move(done));
    }

  private:
    ActivityHandler& near_;
    net::Runtime& runtime_;
    Duration delay_;
};

}  // namespace resolute::bench
