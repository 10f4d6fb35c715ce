// One thread with one connection to PostgreSQL that carries out the engine's own steps in turn.
//
// Thread-safe. When too many steps wait, or one has waited too long, they are postponed. A
// connection that was lost leaves the step unknown, and what became of it is looked up later; any
// other failure of the database is one that may be tried again.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "engine/activity_handler.h"
#include "engine/store/connection.h"

namespace resolute::memory {

// What is done on the queue's own thread; may throw.
struct StepWork {
    std::function<Outcome(store::Connection&, Attempt const&)> carry_out;
    std::function<Verification(store::Connection&, Attempt const&)> look_up;
};

class StepQueue {
  public:
    // `connect` is called on the queue's own thread, again after a connection was lost.
    StepQueue(std::function<store::Connection()> connect, Clock const& clock, StepWork work);
    ~StepQueue();

    void perform(Attempt const& attempt, std::function<void(Outcome)> done);
    void verify(Attempt const& attempt, std::function<void(Verification)> done);

  private:
    struct Job {
        Attempt attempt;
        std::function<void(Outcome)> done;       // of a step that is carried out
        std::function<void(Verification)> told;  // of one that is asked about
    };
    bool take(Job job);  // false: too many wait
    void loop();
    store::Connection& connection();
    Outcome carry_out(Attempt const& attempt);
    Verification look_up(Attempt const& attempt);

    std::function<store::Connection()> connect_;
    Clock const& clock_;
    StepWork work_;
    std::optional<store::Connection> connection_;  // of the queue's thread
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> queue_;  // guarded by mutex_
    bool stopping_ = false;  // guarded by mutex_
    std::thread thread_;
};

// Time-outs and tries of such steps: their own database says what is in it.
Terms step_terms();

// The same step makes the same row however often it is sent: an id from its key.
Uuid row_id(std::string_view what, std::string const& key);

}  // namespace resolute::memory
