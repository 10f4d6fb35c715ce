// Lets only so many calls of a system be under way at a time; the others wait in the order they
// came, as long as they can.
//
// Thread-safe. Work runs on the thread that makes room for it; it must call leave() exactly once,
// at any time and from any thread, and must not throw. The clock is the caller's, any that never
// goes back. Work whose patience is over is given up, without a place: when its turn would have
// come, or earlier, whenever somebody enters or leaves.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "base/clock.h"

namespace resolute {

class Lane {
  public:
    struct Work {
        std::function<void()> go;
        std::function<void()> give_up = {};      // instead of `go`
        Duration patient_until = Duration::max();  // of the caller's clock
    };

    // `width` 0 = no limit.
    Lane(std::size_t width, std::size_t longest_queue)
        : width_(width), longest_queue_(longest_queue) {}

    // Runs the work now or as soon as there is room. False: the queue is full, the work was not
    // taken.
    bool enter(Work work, Duration now = {});
    void leave(Duration now = {});

    std::size_t waiting() const;

  private:
    void run_waiting(std::unique_lock<std::mutex>& lock, Duration now);
    std::vector<Work> take_impatient(Duration now);

    std::size_t const width_;
    std::size_t const longest_queue_;
    mutable std::mutex mutex_;
    std::size_t under_way_ = 0;
    std::deque<Work> waiting_;
    bool is_running_waiting_ = false;  // some thread is in run_waiting and will see what changed
};

}  // namespace resolute
