#include "cli/lifecycle.h"

namespace resolute::cli {

void Lifecycle::hear(workflow::Definition const& definition) {
    std::lock_guard const lock(mutex_);
    auto next = *audience_;
    next.add(definition);
    is_heard_ = !next.types.empty();
    audience_ = std::make_shared<workflow::Audience const>(std::move(next));
}

void Lifecycle::hear(std::set<std::string> const& types) {
    std::lock_guard const lock(mutex_);
    auto next = *audience_;
    next.types.insert(types.begin(), types.end());
    is_heard_ = !next.types.empty();
    audience_ = std::make_shared<workflow::Audience const>(std::move(next));
}

void Lifecycle::tell(Run const& run, Append& append) const {
    if (!is_heard_.load(std::memory_order_relaxed)) return;
    std::shared_ptr<workflow::Audience const> audience;
    {
        std::lock_guard const lock(mutex_);
        audience = audience_;
    }
    workflow::tell(*audience, kind_of_, run, append);
}

}  // namespace resolute::cli
