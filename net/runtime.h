// The threads on which network and child processes live, with timers and a way to take turns.
//
// A Runtime outlives everything that is made on it. Functions given to it run on its threads, must
// be short, and must not throw: an exception there ends the process.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>

#include "base/clock.h"

namespace boost::asio {
class io_context;
}

namespace resolute::net {

// How many files and sockets this process may have open at a time.
std::size_t descriptor_limit();

// A function that will run later, unless it is cancelled. A handle: dropping it cancels nothing.
class Timer {
  public:
    Timer() = default;

    // True when the function had not begun; then it never will. From any thread, any number of
    // times.
    bool cancel();

  private:
    friend struct TimerMaker;
    struct State;
    std::weak_ptr<State> state_;
};

class Runtime {
  public:
    // Also makes the process ignore SIGPIPE, and lets it open as many files as the system allows.
    explicit Runtime(int threads = 1);
    ~Runtime();  // stops
    Runtime(Runtime const&) = delete;
    Runtime& operator=(Runtime const&) = delete;

    void start();
    // Waits for the functions that run now and drops those that have not begun. Not from its own
    // threads.
    void stop();
    bool is_running() const;
    bool owns_this_thread() const;

    void post(std::function<void()> function);
    Timer after(Duration delay, std::function<void()> function);
    // Calls back for the first of these signals that arrives, once.
    void on_signal(std::initializer_list<int> signals, std::function<void(int)> function);

    boost::asio::io_context& context();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// Runs functions one after the other, in the order in which they came, on the threads of a runtime:
// state that is only touched from one Serial needs no lock. Cheap to copy; copies share the queue.
class Serial {
  public:
    explicit Serial(Runtime& runtime);

    void post(std::function<void()> function) const;  // later, never inside this call
    void dispatch(std::function<void()> function) const;  // at once when already in turn
    Timer after(Duration delay, std::function<void()> function) const;

    struct Strand;  // defined in net/strand.h, for files that speak Asio
    Strand const& strand() const { return *strand_; }

  private:
    std::shared_ptr<Strand const> strand_;
};

}  // namespace resolute::net
