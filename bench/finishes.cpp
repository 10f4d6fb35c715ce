#include "bench/finishes.h"

#include <stdexcept>

#include "bench/server.h"

namespace resolute::bench {

void Finishes::committed(std::vector<Append> const& appends) {
    bool is_news = false;
    for (auto const& append : appends) {
        bool const is_end = append.row && append.row->status == RunRow::Status::completed;
        if (!is_end || append.row->workflow.name != workflow_) continue;
        std::lock_guard lock(mutex_);
        finished_[append.run] = seconds_now();
        is_news = true;
    }
    if (is_news) changed_.notify_all();
}

double Finishes::wait_for(RunId run) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(30), [&] { return finished_.contains(run); }))
        throw std::runtime_error("run " + to_string(run) + " has not completed for half a minute");
    auto const found = finished_.extract(run);
    return found.mapped();
}

}  // namespace resolute::bench
