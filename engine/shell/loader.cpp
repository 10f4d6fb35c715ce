#include "engine/shell/loader.h"

#include <algorithm>

#include "base/failpoint.h"
#include "base/limits.h"
#include "base/log.h"
#include "engine/chain.h"

namespace resolute::shell {

ShardInput fold_stored(RunId run, std::optional<StoredRun> const& stored) {
    using Kind = LoadFailed::Kind;
    if (!stored || stored->events.empty()) {
        auto why = validation_failure("There is no run " + to_string(run) + ".", "unknown_run");
        why.status = 404;
        return LoadFailed{run, std::move(why), Kind::missing};
    }
    if (stored->row.status == RunRow::Status::quarantined)
        return LoadFailed{
            run,
            runtime_failure("The run is set aside: " + stored->row.waits_sentence, "quarantined"),
            Kind::missing};
    if (auto const fault = verify_chain(run, stored->events))
        return LoadFailed{
            run, runtime_failure("Its history does not verify: " + fault->what, "corrupt_history"),
            Kind::corrupt};
    try {
        RunLoaded loaded{run, stored->row, Run{.id = run}};
        for (auto const& event : stored->events) apply(loaded.fold, decode(event));
        loaded.fold.head = stored->events.back().chain;
        return loaded;
    } catch (CorruptHistory const& error) {
        return LoadFailed{
            run,
            runtime_failure(std::string("Its history cannot have happened: ") + error.what(),
                            "corrupt_history"),
            Kind::corrupt};
    }
}

Loader::Loader(std::unique_ptr<EventStore> store, Clock const& clock,
               std::function<void(Digest const&)> prepare,
               std::function<void(RunId, ShardInput)> loaded)
    : store_(std::move(store)),
      clock_(clock),
      prepare_(std::move(prepare)),
      loaded_(std::move(loaded)),
      thread_([this] { loop(); }) {}

Loader::~Loader() { stop(); }

void Loader::load(RunId run) {
    {
        std::lock_guard lock(mutex_);
        queue_.push_back({run, {}});
    }
    changed_.notify_one();
}

void Loader::quarantine(RunId run, std::string reason) {
    {
        std::lock_guard lock(mutex_);
        queue_.push_back({run, std::move(reason)});
    }
    changed_.notify_one();
}

void Loader::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Loader::loop() {
    auto delay = std::chrono::milliseconds(limits::store_retry_first_ms);
    while (true) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        auto const job = queue_.front();
        lock.unlock();
        bool done = true;
        try {
            perform(job);
        } catch (StoreUnavailable const& error) {
            log::warn(std::string("loading delayed: ") + error.what());
            done = false;
        } catch (CorruptHistory const& error) {
            loaded_(job.run, LoadFailed{job.run, runtime_failure(error.what(), "corrupt_history"),
                                        LoadFailed::Kind::corrupt});
        } catch (std::exception const& error) {
            loaded_(job.run, LoadFailed{job.run, runtime_failure(error.what(), "load_failed"),
                                        LoadFailed::Kind::missing});
        }
        lock.lock();
        if (done) {
            queue_.pop_front();
            delay = std::chrono::milliseconds(limits::store_retry_first_ms);
        } else {
            changed_.wait_for(lock, delay, [&] { return stopping_; });
            delay = std::min(delay * 2, std::chrono::milliseconds(limits::store_retry_longest_ms));
        }
    }
}

void Loader::perform(Job const& job) {
    if (job.quarantine) return store_->quarantine(job.run, *job.quarantine, clock_.now());
    auto input = fold_stored(job.run, store_->load(job.run));
    if (auto const* loaded = std::get_if<RunLoaded>(&input))
        prepare_(loaded->fold.started.workflow.digest);
    RESOLUTE_FAILPOINT("load.folded");
    loaded_(job.run, std::move(input));
}

}  // namespace resolute::shell
