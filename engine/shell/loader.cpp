#include "engine/shell/loader.h"

#include <algorithm>

#include "base/failpoint.h"
#include "base/limits.h"
#include "base/log.h"
#include "engine/shell/bundle.h"
#include "engine/verified_fold.h"

namespace resolute::shell {
namespace {

using Kind = LoadFailed::Kind;

// Folds what was read, and what follows in the store, page by page.
RunLoaded fold_from(EventStore& store, VerifiedFold fold, StoredRun stored) {
    auto const snapshot = fold.run().sequence;
    while (true) {
        for (auto const& event : stored.events)
            if (event.sequence != snapshot) fold.add(event);
        if (!may_have_more(stored.events, limits::events_per_load)) break;
        auto next = store.load(fold.run().id, fold.run().sequence, limits::events_per_load);
        if (!next) break;
        stored.events = std::move(next->events);
    }
    auto const run = fold.run().id;
    return {run, std::move(stored.row), std::move(fold).take(), snapshot};
}

LoadFailed unknown_run(RunId run) {
    auto why = validation_failure("There is no run " + to_string(run) + ".", "unknown_run");
    why.status = 404;
    return {run, std::move(why), Kind::missing};
}

LoadFailed corrupt(RunId run, std::string const& what) {
    return {run, runtime_failure("Its history cannot have happened: " + what, "corrupt_history"),
            Kind::corrupt};
}

}  // namespace

bool may_have_more(std::vector<EncodedEvent> const& events, std::size_t wanted) {
    if (events.size() >= wanted) return true;
    std::size_t bytes = 0;
    for (auto const& event : events) bytes += event.body.size();
    return bytes >= limits::load_bytes;
}

std::optional<Run> restored(StoredRun const& stored) {
    if (!stored.snapshot || stored.events.empty()) return std::nullopt;
    auto const& last = stored.events.front();
    if (last.sequence != stored.snapshot->sequence || last.chain != stored.snapshot->head)
        return std::nullopt;
    return restore(*stored.snapshot, stored.row.workflow.digest);
}

ShardInput fold_stored(EventStore& store, RunId run, std::optional<StoredRun> stored) {
    try {
        if (!stored || (stored->events.empty() && !stored->snapshot)) return unknown_run(run);
        if (stored->row.status == RunRow::Status::quarantined)
            return LoadFailed{run,
                              runtime_failure("The run is set aside: " + stored->row.waits_sentence,
                                              "quarantined"),
                              Kind::aside};
        auto folded = restored(*stored);
        if (!folded && stored->snapshot) {
            log::warn("run=" + to_string(run) + " its snapshot does not fit: folding the history");
            stored = store.load(run, 0, limits::events_per_load);
            if (!stored) return unknown_run(run);
        }
        auto fold = folded ? VerifiedFold(*std::move(folded)) : VerifiedFold(run);
        return fold_from(store, std::move(fold), *std::move(stored));
    } catch (CorruptHistory const& error) {
        return corrupt(run, error.what());
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
        runs_.push_back(run);
    }
    changed_.notify_one();
}

void Loader::quarantine(RunId run, std::string reason) {
    {
        std::lock_guard lock(mutex_);
        aside_.push_back({run, std::move(reason)});
    }
    changed_.notify_one();
}

void Loader::keep(Snapshot snapshot) {
    {
        std::lock_guard lock(mutex_);
        if (snapshots_.size() >= limits::snapshots_waiting) return;
        snapshots_.insert_or_assign(snapshot.run, std::move(snapshot));
    }
    changed_.notify_one();
}

std::size_t Loader::waiting() const {
    std::lock_guard lock(mutex_);
    return runs_.size() + loading_;
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
    for (Work work; take(work);) {
        try {
            perform(work);
            delay = std::chrono::milliseconds(limits::store_retry_first_ms);
            continue;
        } catch (std::exception const& error) {
            log::warn(std::string("loading delayed: ") + error.what());
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, delay, [&] { return stopping_; });
        delay = std::min(delay * 2, std::chrono::milliseconds(limits::store_retry_longest_ms));
    }
}

// What a failed try left comes first; runs before snapshots, which can wait.
bool Loader::take(Work& work) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
        return stopping_ || !runs_.empty() || !aside_.empty() || !snapshots_.empty() ||
               !work.runs.empty() || !work.aside.empty();
    });
    if (stopping_) return false;
    for (; !aside_.empty(); aside_.pop_front()) work.aside.push_back(std::move(aside_.front()));
    for (; !runs_.empty() && work.runs.size() < limits::runs_per_load; runs_.pop_front())
        work.runs.push_back(runs_.front());
    loading_ = work.runs.size();
    work.snapshots.clear();
    if (!work.runs.empty()) return true;
    while (!snapshots_.empty() && work.snapshots.size() < limits::snapshots_per_write)
        work.snapshots.push_back(std::move(snapshots_.extract(snapshots_.begin()).mapped()));
    return true;
}

void Loader::perform(Work& work) {
    for (; !work.aside.empty(); work.aside.pop_back()) {
        auto const& [run, reason] = work.aside.back();
        auto const now = clock_.now();
        store_->quarantine(run, reason, now, diagnostic_bundle(*store_, run, reason, now));
    }
    load_all(work.runs);
    work.runs.clear();
    if (work.snapshots.empty()) return;
    RESOLUTE_FAILPOINT("snapshot.keeping");
    store_->keep(work.snapshots);
    RESOLUTE_FAILPOINT("snapshot.kept");
}

// One run whose rows cannot be read must not keep its neighbours: then each is read by itself.
void Loader::load_all(std::vector<RunId> const& runs) {
    if (runs.empty()) return;
    std::vector<std::optional<StoredRun>> stored;
    try {
        stored = store_->resume(runs);
    } catch (CorruptHistory const& error) {
        if (runs.size() == 1) return loaded_(runs.front(), corrupt(runs.front(), error.what()));
        for (auto const& run : runs) load_all({run});
        return;
    }
    for (std::size_t i = 0; i < runs.size(); ++i) hand_over(runs[i], std::move(stored[i]));
}

void Loader::hand_over(RunId run, std::optional<StoredRun> stored) {
    auto input = fold_stored(*store_, run, std::move(stored));
    if (auto const* loaded = std::get_if<RunLoaded>(&input)) {
        try {
            prepare_(loaded->fold.started.workflow.digest);
        } catch (StoreUnavailable const&) {
            throw;
        } catch (std::exception const& error) {
            input = LoadFailed{
                run,
                runtime_failure(std::string("its definition cannot be loaded: ") + error.what(),
                                "definition_missing"),
                Kind::corrupt};
        }
    }
    RESOLUTE_FAILPOINT("load.folded");
    loaded_(run, std::move(input));
}

}  // namespace resolute::shell
