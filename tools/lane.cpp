#include "tools/lane.h"

#include <utility>

namespace resolute::tools {

bool Lane::enter(std::function<void()> work) {
    std::unique_lock lock(mutex_);
    if (width_ == 0 || (under_way_ < width_ && waiting_.empty())) {
        ++under_way_;
        lock.unlock();
        work();
        return true;
    }
    if (waiting_.size() >= longest_queue_) return false;
    waiting_.push_back(std::move(work));
    run_waiting(lock);
    return true;
}

void Lane::leave() {
    std::unique_lock lock(mutex_);
    --under_way_;
    run_waiting(lock);
}

// Work that ends at once calls leave() from inside this loop; it then finds the loop running and
// returns, so that a long queue does not become a deep stack.
void Lane::run_waiting(std::unique_lock<std::mutex>& lock) {
    if (is_running_waiting_) return;
    is_running_waiting_ = true;
    while (!waiting_.empty() && under_way_ < width_) {
        auto const work = std::move(waiting_.front());
        waiting_.pop_front();
        ++under_way_;
        lock.unlock();
        work();
        lock.lock();
    }
    is_running_waiting_ = false;
}

}  // namespace resolute::tools
