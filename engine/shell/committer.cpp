#include "engine/shell/committer.h"

#include <algorithm>

#include "base/failpoint.h"
#include "base/limits.h"
#include "base/log.h"

namespace resolute::shell {
namespace {

std::size_t bytes_of(Append const& append) {
    std::size_t bytes = 0;
    for (auto const& event : append.events) bytes += event.body.size();
    return bytes;
}

}  // namespace

Committer::Committer(std::unique_ptr<EventStore> store, Callbacks callbacks)
    : store_(std::move(store)), callbacks_(std::move(callbacks)), thread_([this] { loop(); }) {}

Committer::~Committer() { stop(false); }

void Committer::enqueue(std::vector<CommitAppend> appends) {
    // Whoever finds others waiting lends a hand: while this thread is at it, a batch is written.
    if (backlog().appends > 0)
        for (auto& append : appends) store_->prepare(append.append);
    {
        std::lock_guard lock(mutex_);
        appends_ += appends.size();
        for (auto& append : appends) {
            bytes_ += bytes_of(append.append);
            queue_.push_back(std::move(append));
        }
    }
    changed_.notify_one();
}

void Committer::stop(bool drain) {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        draining_ = drain;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Committer::loop() {
    while (true) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
            if (stopping_ && (queue_.empty() || !draining_)) return;
        }
        if (!commit(take())) return;
    }
}

Committer::Batch Committer::take() {
    std::lock_guard lock(mutex_);
    Batch batch;
    auto const most = std::min(queue_.size(), limits::batch_events);
    batch.appends.reserve(most);
    batch.numbers.reserve(most);
    std::size_t events = 0;
    std::size_t bytes = 0;
    while (!queue_.empty()) {
        auto& next = queue_.front();
        events += std::max<std::size_t>(1, next.append.events.size());
        bytes += bytes_of(next.append);
        bool const full = events > limits::batch_events || bytes > limits::batch_bytes;
        if (full && !batch.appends.empty()) break;
        batch.appends.push_back(std::move(next.append));
        batch.numbers.push_back(next.number);
        queue_.pop_front();
    }
    return batch;
}

bool Committer::commit(Batch batch) {
    auto& appends = batch.appends;
    std::vector<AppendVerdict> verdicts;
    auto delay = std::chrono::milliseconds(limits::store_retry_first_ms);
    while (true) {
        try {
            verdicts = store_->append(appends);
            break;
        } catch (Fenced const& error) {
            log::warn(error.what());
            callbacks_.fenced();
            return false;
        } catch (std::exception const& error) {
            log::warn(std::string("commit delayed: ") + error.what());
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, delay, [&] { return stopping_; });
        if (stopping_) return false;
        delay = std::min(delay * 2, std::chrono::milliseconds(limits::store_retry_longest_ms));
    }
    appends_ -= appends.size();
    for (auto const& append : appends) bytes_ -= bytes_of(append);
    std::vector<std::pair<RunId, ShardInput>> inputs;
    inputs.reserve(appends.size());
    for (std::size_t i = 0; i < appends.size(); ++i)
        inputs.emplace_back(appends[i].run,
                            AppendSettled{appends[i].run, batch.numbers[i], verdicts[i]});
    RESOLUTE_FAILPOINT("verdicts.delivering");
    callbacks_.settled(std::move(inputs));
    RESOLUTE_FAILPOINT("verdicts.delivered");
    std::size_t i = 0;
    std::erase_if(appends,
                  [&](auto const&) { return !std::holds_alternative<Committed>(verdicts[i++]); });
    callbacks_.committed(appends);
    return true;
}

}  // namespace resolute::shell
