// Who listens for lifecycle events, as far as this process knows: asked for every append that is
// committed, so the answer "nobody" costs one flag.
//
// Thread-safe.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "workflow/lifecycle.h"

namespace resolute::cli {

class Lifecycle {
  public:
    explicit Lifecycle(workflow::KindOfStep kind_of) : kind_of_(std::move(kind_of)) {}

    // From now on it is told.
    void hear(workflow::Definition const& definition);
    void hear(std::set<std::string> const& types);  // for somebody outside
    void tell(Run const& run, Append& append) const;

  private:
    workflow::KindOfStep kind_of_;
    std::atomic<bool> is_heard_ = false;
    mutable std::mutex mutex_;
    std::shared_ptr<workflow::Audience const> audience_ =
        std::make_shared<workflow::Audience const>();  // guarded by mutex_
};

}  // namespace resolute::cli
