// A value that another thread will deliver, for tests: waits for it instead of sleeping.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

namespace resolute::net {

// Copies share the value, so that a callback may outlive the test case that made it.
template <class T>
class Awaited {
  public:
    void set(T value) const {
        std::lock_guard const lock(state_->mutex);
        ++state_->deliveries;
        state_->value = std::move(value);
        state_->changed.notify_all();
    }

    T get() const {
        std::unique_lock lock(state_->mutex);
        auto const is_there = [this] { return state_->value.has_value(); };
        if (!state_->changed.wait_for(lock, std::chrono::seconds(20), is_there))
            throw std::runtime_error("nothing was delivered within 20 s");
        return *state_->value;
    }

    int deliveries() const {
        std::lock_guard const lock(state_->mutex);
        return state_->deliveries;
    }

  private:
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<T> value;
        int deliveries = 0;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace resolute::net
