// Lets only so many calls of a tool be under way at a time; the others wait in the order they came.
//
// Thread-safe. Work runs on the thread that makes room for it; it must call leave() exactly once,
// at any time and from any thread, and must not throw.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace resolute::tools {

class Lane {
  public:
    // `width` 0 = no limit.
    Lane(std::size_t width, std::size_t longest_queue)
        : width_(width), longest_queue_(longest_queue) {}

    // Runs the work now or as soon as there is room. False: the queue is full, the work was not
    // taken.
    bool enter(std::function<void()> work);
    void leave();

  private:
    void run_waiting(std::unique_lock<std::mutex>& lock);

    std::size_t const width_;
    std::size_t const longest_queue_;
    std::mutex mutex_;
    std::size_t under_way_ = 0;
    std::deque<std::function<void()>> waiting_;
    bool is_running_waiting_ = false;  // some thread is in run_waiting and will see what changed
};

}  // namespace resolute::tools
