#include "base/lane.h"

#include <utility>

namespace resolute {

bool Lane::enter(Work work, Duration now) {
    std::unique_lock lock(mutex_);
    if (width_ == 0 || (under_way_ < width_ && waiting_.empty())) {
        ++under_way_;
        lock.unlock();
        work.go();
        return true;
    }
    auto const impatient = take_impatient(now);
    bool const has_room = waiting_.size() < longest_queue_;
    if (has_room) waiting_.push_back(std::move(work));
    lock.unlock();
    for (auto const& one : impatient) one.give_up();
    lock.lock();
    run_waiting(lock, now);
    return has_room;
}

void Lane::leave(Duration now) {
    std::unique_lock lock(mutex_);
    --under_way_;
    run_waiting(lock, now);
}

std::size_t Lane::waiting() const {
    std::lock_guard const lock(mutex_);
    return waiting_.size();
}

// Work that ends at once calls leave() from inside this loop; it then finds the loop running and
// returns, so that a long queue does not become a deep stack.
void Lane::run_waiting(std::unique_lock<std::mutex>& lock, Duration now) {
    if (is_running_waiting_) return;
    is_running_waiting_ = true;
    while (true) {
        auto const impatient = take_impatient(now);
        bool const has_turn = !waiting_.empty() && under_way_ < width_;
        if (impatient.empty() && !has_turn) break;
        Work next;
        if (has_turn) {
            next = std::move(waiting_.front());
            waiting_.pop_front();
            ++under_way_;
        }
        lock.unlock();
        for (auto const& one : impatient) one.give_up();
        if (has_turn) next.go();
        lock.lock();
    }
    is_running_waiting_ = false;
}

// Those at the head of the queue whose time is over: the others came later.
std::vector<Lane::Work> Lane::take_impatient(Duration now) {
    std::vector<Work> impatient;
    while (!waiting_.empty() && waiting_.front().patient_until <= now) {
        impatient.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return impatient;
}

}  // namespace resolute
