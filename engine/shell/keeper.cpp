#include "engine/shell/keeper.h"

#include <algorithm>

#include "base/error_codes.h"
#include "base/failpoint.h"
#include "base/limits.h"
#include "base/log.h"
#include "engine/child.h"

namespace resolute::shell {
namespace {

Reply undelivered(std::string const& what) {
    auto why = communication_failure(
        "The message did not reach the run's process; try again: " + what, "engine_unavailable");
    why.status = 503;
    return Refused{std::move(why)};
}

// Harmless to send twice: its id is that of the start's answer.
Message stillborn(Message const& message, StartRun const& start, std::string const& why) {
    auto error = configuration_failure("The run was not started: " + why, codes::unknown_workflow);
    return {message_id_of(message.run, 1), start.parent->run,
            EndChild{message.run, ChildEnd::faulted, {}, std::move(error)}};
}

}  // namespace

Keeper::Keeper(MemberId member, Membership& membership, std::unique_ptr<EventStore> store,
               Clock const& clock, Options options, Callbacks callbacks)
    : member_(member),
      membership_(membership),
      store_(std::move(store)),
      clock_(clock),
      options_(options),
      callbacks_(std::move(callbacks)),
      recovery_(*store_, clock, {callbacks_.found, callbacks_.loading, callbacks_.quarantine}),
      thread_([this] { loop(); }) {}

Keeper::~Keeper() { stop(); }

void Keeper::poke() {
    {
        std::lock_guard lock(mutex_);
        poked_ = true;
    }
    changed_.notify_all();
}

void Keeper::members_changed() {
    {
        std::lock_guard lock(mutex_);
        members_changed_ = poked_ = true;
    }
    changed_.notify_all();
}

void Keeper::drained(std::vector<int> const& shards) {
    {
        std::lock_guard lock(mutex_);
        drained_.insert(drained_.end(), shards.begin(), shards.end());
        poked_ = true;
    }
    changed_.notify_all();
}

void Keeper::forward(Message message, std::function<void(Reply)> done) {
    {
        std::lock_guard lock(mutex_);
        if (!stopping_) letters_.push_back({std::move(message), std::exchange(done, {})});
        poked_ = true;
    }
    changed_.notify_all();
    if (done) done(undelivered("this process is stopping"));
}

void Keeper::returned(std::vector<MessageId> messages) {
    std::lock_guard lock(mutex_);
    returned_.insert(returned_.end(), messages.begin(), messages.end());
}

void Keeper::give_all_away() {
    std::unique_lock lock(mutex_);
    departing_ = poked_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, options_.patience + options_.lease,
                      [&] { return departed_ || stopping_; });
}

void Keeper::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    forward_messages();  // what came last is not lost either
}

void Keeper::loop() {
    while (true) {
        try {
            look();
        } catch (Fenced const& error) {
            log::warn(error.what());
            std::unique_lock lock(mutex_);
            departed_ = true;  // there is nothing left to give away
            lock.unlock();
            changed_.notify_all();
            return callbacks_.fenced();
        } catch (std::exception const& error) {
            log::warn(std::string("looking at the store failed: ") + error.what());
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, pause(), [&] { return stopping_ || poked_; });
        poked_ = false;
        if (stopping_) return;
    }
}

// Never so long that the lease could not be renewed in time.
Duration Keeper::pause() const {
    if (more_ || recovery_.is_busy()) return std::chrono::milliseconds(limits::hurried_poll_ms);
    return std::min(options_.poll, options_.lease / 6);
}

void Keeper::look() {
    auto const now = clock_.monotonic();
    if (renewed_at_ == Duration{} || now - renewed_at_ >= options_.lease / 3) renew();
    forward_messages();
    if (is_departing()) give_away(shards_);
    release_drained();
    bool changed = false;
    {
        std::lock_guard lock(mutex_);
        changed = std::exchange(members_changed_, false);
    }
    if (is_departing()) return;
    if (changed || now - claimed_at_ >= options_.lease / 5) claim();
    sweep();
    more_ = store_->match_events() > 0;
    if (callbacks_.has_room()) {
        find_due();
        find_messages();
    }
    recovery_.step();
}

void Keeper::renew() {
    auto const asked_at = clock_.monotonic();  // the lease counts from before the question
    membership_.renew(member_, options_.lease);
    renewed_at_ = asked_at;
    callbacks_.renewed(asked_at + options_.lease);
}

// Takes what nobody has and gives away what somebody else should have.
void Keeper::claim() {
    auto shards = membership_.claim(member_);
    std::erase_if(shards, [&](int shard) { return leaving_.contains(shard); });
    std::ranges::sort(shards);
    claimed_at_ = clock_.monotonic();
    if (shards != shards_) {
        std::vector<int> fresh;
        std::ranges::set_difference(shards, shards_, std::back_inserter(fresh));
        shards_ = std::move(shards);
        callbacks_.owns(shards_);
        RESOLUTE_FAILPOINT("shards.owned");
        unswept_.insert(fresh.begin(), fresh.end());
    }
    give_away(membership_.surplus(member_));
}

void Keeper::give_away(std::vector<int> const& shards) {
    auto const before = shards_.size();
    for (int const shard : std::vector<int>(shards))
        if (std::erase(shards_, shard) > 0) leaving_.insert(shard);
    if (shards_.size() == before) return;
    callbacks_.owns(shards_);
    RESOLUTE_FAILPOINT("shards.given_away");
}

// Runs that nobody works on since their shard changed hands; again, should the store be away.
void Keeper::sweep() {
    std::erase_if(unswept_, [&](int shard) { return !std::ranges::binary_search(shards_, shard); });
    recovery_.owns(shards_);
    recovery_.took_over({unswept_.begin(), unswept_.end()});
    unswept_.clear();
}

// The others are told by the release itself; whoever should have them takes them.
void Keeper::release_drained() {
    std::vector<int> drained;
    {
        std::lock_guard lock(mutex_);
        drained = drained_;
    }
    std::erase_if(drained, [&](int shard) { return !leaving_.contains(shard); });
    if (!drained.empty()) {
        RESOLUTE_FAILPOINT("shards.drained");
        membership_.release(member_, drained);
        for (int const shard : drained) leaving_.erase(shard);
        log::info("member=" + to_string(member_) + " released " + std::to_string(drained.size()) +
                  " shards, keeps " + std::to_string(shards_.size()));
    }
    std::lock_guard lock(mutex_);
    std::erase_if(drained_, [&](int shard) { return !leaving_.contains(shard); });
    if (departing_ && leaving_.empty()) {
        departed_ = true;
        changed_.notify_all();
    }
}

void Keeper::forward_messages() {
    std::vector<Letter> letters;
    {
        std::lock_guard lock(mutex_);
        letters.swap(letters_);
    }
    for (auto& [message, done] : letters) {
        auto const run = message.run;
        try {
            callbacks_.post(message);
            done(Accepted{run, 0});
        } catch (std::exception const& error) {
            done(undelivered(error.what()));
        }
    }
}

bool Keeper::is_departing() {
    std::lock_guard lock(mutex_);
    return departing_;
}

// Those that are due now, and those that will be before the next look: nobody keeps the others in
// mind.
void Keeper::find_due() {
    if (shards_.empty()) return;
    auto const now = clock_.now();
    auto const page =
        store_->due(shards_, now + options_.poll, EventStore::Scope::waiting, limits::wake_page);
    more_ = more_ || page.size() == limits::wake_page;
    std::vector<RunId> due;
    std::vector<std::pair<RunId, Timestamp>> soon;
    for (auto const& run : page) {
        if (*run.wake_at <= now)
            due.push_back(run.run);
        else
            soon.emplace_back(run.run, *run.wake_at);
    }
    auto const allowed = recovery_.resume_now(due);
    std::vector<std::pair<RunId, ShardInput>> found;
    for (auto const& run : due)
        if (allowed.contains(run)) found.emplace_back(run, Wake{run});
    if (!soon.empty()) callbacks_.expect(std::move(soon));
    if (found.empty()) return;
    RESOLUTE_FAILPOINT("wake.found");
    callbacks_.found(std::move(found));
}

// Whoever posted a start had the definition; that it cannot be loaded here must not hold up the
// others. A child's definition is looked up here; when there is none, its parent is told so.
bool Keeper::can_follow(Message& message) {
    auto* start = std::get_if<StartRun>(&message.content);
    auto const* migration = std::get_if<MigrateRun>(&message.content);
    if (!start && !migration) return true;
    try {
        if (migration) callbacks_.prepare(migration->workflow.digest);
        if (migration) return true;
        if (start->workflow.digest.is_zero())
            start->workflow = callbacks_.resolve(start->workflow.name, start->workflow.version);
        callbacks_.prepare(start->workflow.digest);
        return true;
    } catch (StoreUnavailable const&) {
        throw;  // later
    } catch (std::exception const& error) {
        auto const why = "its workflow cannot be loaded: " + std::string(error.what());
        log::error("message=" + to_string(message.id) + " in the inbox is put aside: " + why);
        if (start && start->parent && !start->parent->detached)
            callbacks_.post(stillborn(message, *start, error.what()));
        store_->refuse(message.id, why);
        return false;
    }
}

void Keeper::find_messages() {
    if (shards_.empty()) return;
    {
        std::lock_guard lock(mutex_);
        for (auto const& message : std::exchange(returned_, {})) delivered_.erase(message);
    }
    auto page = store_->inbox(shards_, limits::wake_page);
    more_ = more_ || page.size() == limits::wake_page;
    std::set<MessageId> seen;
    std::vector<RunId> runs;
    for (auto const& message : page)
        if (delivered_.contains(message.id))
            seen.insert(message.id);
        else
            runs.push_back(message.run);
    auto const allowed = recovery_.resume_now(runs);
    std::vector<std::pair<RunId, ShardInput>> found;
    for (auto& message : page) {
        if (!allowed.contains(message.run) || !seen.insert(message.id).second) continue;
        if (!can_follow(message)) continue;
        auto const run = message.run;
        found.emplace_back(run, Deliver{std::move(message), 0});
    }
    delivered_ = std::move(seen);
    if (found.empty()) return;
    RESOLUTE_FAILPOINT("inbox.found");
    callbacks_.found(std::move(found));
}

}  // namespace resolute::shell
