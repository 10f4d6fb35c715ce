// The unsent bytes of one streamed answer: filled from any thread, emptied by the session that
// sends them.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <utility>

namespace resolute::net {

class StreamQueue {
  public:
    enum class Pushed { queued, closed, too_slow };

    void open(std::size_t most_bytes) {
        std::lock_guard const lock(mutex_);
        most_bytes_ = most_bytes;
        is_open_ = true;
    }

    // Bytes count until the session says that they are sent. Over the bound the queue closes
    // itself.
    Pushed push(std::string const& bytes) {
        std::lock_guard const lock(mutex_);
        if (!is_open_) return Pushed::closed;
        if (unsent_ + bytes.size() > most_bytes_) {
            is_open_ = false;
            return Pushed::too_slow;
        }
        unsent_ += bytes.size();
        pending_ += bytes;
        return Pushed::queued;
    }

    std::string take() {
        std::lock_guard const lock(mutex_);
        return std::exchange(pending_, {});
    }

    void sent(std::size_t bytes) {
        std::lock_guard const lock(mutex_);
        unsent_ -= bytes;
    }

    // True for the call that closed it.
    bool close() {
        std::lock_guard const lock(mutex_);
        return std::exchange(is_open_, false);
    }

    bool is_open() const {
        std::lock_guard const lock(mutex_);
        return is_open_;
    }

  private:
    mutable std::mutex mutex_;
    std::string pending_;
    std::size_t unsent_ = 0;  // pending and on their way
    std::size_t most_bytes_ = 0;
    bool is_open_ = false;
};

}  // namespace resolute::net
