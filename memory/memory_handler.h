// Performs memory steps: explicit remember, recall and forget, each recorded in the run's history.
//
// Request: {op, scope, subject, key, query, value, source, limit}. A recall is a read whose answer
// is recorded, so replay sees what the run saw. Remembering is idempotent by the step's key, and
// what became of a step whose answer was lost is looked up. One thread with one connection; when
// too many steps wait for it, or for too long, they are postponed.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "engine/activity_handler.h"
#include "memory/items.h"

namespace resolute::memory {

class MemoryHandler final : public ActivityHandler {
  public:
    // `connect` is called on the handler's own thread, again after a connection was lost.
    MemoryHandler(std::function<store::Connection()> connect, Clock const& clock);
    ~MemoryHandler() override;

    Admission admit(Proposal const& proposal) const override;
    Terms terms(ActivityIntent const& intent) const override;
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override;
    void verify(Attempt const& attempt, std::function<void(Verification)> done) override;

  private:
    struct Job {
        Attempt attempt;
        std::function<void(Outcome)> done;          // of a step that is carried out
        std::function<void(Verification)> told;     // of one that is asked about
    };
    bool take(Job job);  // false: too many wait
    void loop();
    Outcome carry_out(Attempt const& attempt);
    Verification look_up(Attempt const& attempt);

    std::function<store::Connection()> connect_;
    Clock const& clock_;
    std::optional<Items> items_;  // of the handler's thread
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> queue_;       // guarded by mutex_
    bool stopping_ = false;       // guarded by mutex_
    std::thread thread_;
};

}  // namespace resolute::memory
