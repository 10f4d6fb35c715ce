#include "memory/step_queue.h"

#include <algorithm>

#include "base/error_codes.h"
#include "base/limits.h"
#include "engine/postponement.h"

namespace resolute::memory {
namespace {

Outcome not_now(Attempt const& attempt) {
    return postponed(attempt,
                     communication_failure("Too many such steps wait already.", codes::tool_busy));
}

}  // namespace

StepQueue::StepQueue(std::function<store::Connection()> connect, Clock const& clock, StepWork work)
    : connect_(std::move(connect)),
      clock_(clock),
      work_(std::move(work)),
      thread_([this] { loop(); }) {}

StepQueue::~StepQueue() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

bool StepQueue::take(Job job) {
    {
        std::lock_guard lock(mutex_);
        if (queue_.size() >= limits::memory_queue) return false;
        queue_.push_back(std::move(job));
    }
    changed_.notify_one();
    return true;
}

void StepQueue::perform(Attempt const& attempt, std::function<void(Outcome)> done) {
    if (!take({attempt, done, {}})) done(not_now(attempt));
}

void StepQueue::verify(Attempt const& attempt, std::function<void(Verification)> done) {
    if (!take({attempt, {}, done})) done({Verdict::undecided, {}, {}});
}

void StepQueue::loop() {
    while (true) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        auto job = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        if (job.told) {
            job.told(look_up(job.attempt));
            continue;
        }
        bool const is_late = clock_.now() >= job.attempt.deadline;
        job.done(is_late ? not_now(job.attempt) : carry_out(job.attempt));
    }
}

store::Connection& StepQueue::connection() {
    if (!connection_) connection_.emplace(connect_());
    return *connection_;
}

Outcome StepQueue::carry_out(Attempt const& attempt) {
    try {
        return work_.carry_out(connection(), attempt);
    } catch (store::ConnectionLost const& error) {
        connection_.reset();
        return outcome::Unknown{communication_failure(error.what(), "store_unavailable"), {}};
    } catch (std::exception const& error) {
        connection_.reset();
        return outcome::Failed{
            communication_failure(error.what(), "store_unavailable"), true, {}, {}};
    }
}

Verification StepQueue::look_up(Attempt const& attempt) {
    try {
        return work_.look_up(connection(), attempt);
    } catch (std::exception const& error) {
        connection_.reset();
        return {Verdict::undecided, Json{{"why", error.what()}}, {}};
    }
}

Terms step_terms() {
    Terms terms;
    terms.timeout = std::chrono::milliseconds(limits::memory_timeout_ms);
    terms.attempts = limits::memory_attempts;
    terms.can_verify = true;
    terms.settle = Duration::zero();
    return terms;
}

Uuid row_id(std::string_view what, std::string const& key) {
    auto const digest = sha256({what, "|", key});
    Uuid id;
    std::copy_n(digest.bytes.begin(), id.size(), id.begin());
    // version 8: made by a rule of our own
    id[6] = static_cast<std::uint8_t>((id[6] & 0x0f) | 0x80);
    id[8] = static_cast<std::uint8_t>((id[8] & 0x3f) | 0x80);
    return id;
}

}  // namespace resolute::memory
