#include "bench/watch.h"

#include <chrono>
#include <stdexcept>

#include "bench/server.h"
#include "engine/names.h"

namespace resolute::bench {
namespace {

constexpr std::chrono::seconds patience{30};

}  // namespace

void Watch::committed(std::vector<Append> const& appends) {
    Committed more{.commits = 1};
    std::string failure;
    for (auto const& append : appends) {
        more.events += append.events.size();
        for (auto const& event : append.events) more.bytes += event.body.size();
        if (!append.row || append.row->status == RunRow::Status::running ||
            append.row->status == RunRow::Status::waiting)
            continue;
        ++more.runs;
        if (append.row->status != RunRow::Status::completed)
            failure = "run " + to_string(append.run) + " is " +
                      std::string(name(append.row->status)) + ": " + append.events.back().body;
    }
    {
        std::lock_guard lock(mutex_);
        total_.runs += more.runs;
        total_.events += more.events;
        total_.bytes += more.bytes;
        total_.commits += more.commits;
        if (more.runs > 0) total_.last_completed_s = seconds_now();
        if (!failure.empty()) failure_ = failure;
    }
    if (more.runs > 0) changed_.notify_all();
}

void Watch::failed(std::string const& why) {
    {
        std::lock_guard lock(mutex_);
        failure_ = why;
    }
    changed_.notify_all();
}

Committed Watch::now() const {
    std::lock_guard lock(mutex_);
    return total_;
}

Committed Watch::beyond(std::uint64_t runs) {
    std::unique_lock lock(mutex_);
    auto const is_told = [&] { return !failure_.empty() || total_.runs > runs; };
    for (auto events = total_.events; !changed_.wait_for(lock, patience, is_told);
         events = total_.events)
        if (total_.events == events)
            throw std::runtime_error("nothing was committed for half a minute");
    if (!failure_.empty()) throw std::runtime_error(failure_);
    return total_;
}

}  // namespace resolute::bench
