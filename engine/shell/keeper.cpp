#include "engine/shell/keeper.h"

#include <algorithm>

#include "base/limits.h"
#include "base/log.h"

namespace resolute::shell {

Keeper::Keeper(MemberId member, Membership& membership, std::unique_ptr<EventStore> store,
               Clock const& clock, Options options, Callbacks callbacks)
    : member_(member),
      membership_(membership),
      store_(std::move(store)),
      clock_(clock),
      options_(options),
      callbacks_(std::move(callbacks)),
      thread_([this] { loop(); }) {}

Keeper::~Keeper() { stop(); }

void Keeper::poke() {
    {
        std::lock_guard lock(mutex_);
        poked_ = true;
    }
    changed_.notify_one();
}

void Keeper::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Keeper::loop() {
    while (true) {
        try {
            look();
        } catch (Fenced const& error) {
            log::warn(error.what());
            return callbacks_.fenced();
        } catch (std::exception const& error) {
            log::warn(std::string("looking at the store failed: ") + error.what());
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, options_.poll, [&] { return stopping_ || poked_; });
        poked_ = false;
        if (stopping_) return;
    }
}

void Keeper::look() {
    auto const now = clock_.monotonic();
    if (renewed_at_ == Duration{} || now - renewed_at_ >= options_.lease / 3) renew();
    if (claimed_at_ == Duration{} || now - claimed_at_ >= options_.lease / 5) claim();
    find_due(shards_, EventStore::Scope::waiting);
    find_messages();
}

void Keeper::renew() {
    auto const asked_at = clock_.monotonic();  // the lease counts from before the question
    membership_.renew(member_, options_.lease);
    renewed_at_ = asked_at;
    callbacks_.renewed(asked_at + options_.lease);
}

void Keeper::claim() {
    auto shards = membership_.claim(member_);
    std::ranges::sort(shards);
    claimed_at_ = clock_.monotonic();
    if (shards == shards_) return;
    std::vector<int> fresh;
    std::ranges::set_difference(shards, shards_, std::back_inserter(fresh));
    shards_ = std::move(shards);
    callbacks_.owns(shards_);
    find_due(fresh, EventStore::Scope::everything);
}

void Keeper::find_due(std::vector<int> const& shards, EventStore::Scope scope) {
    if (shards.empty()) return;
    std::vector<std::pair<RunId, ShardInput>> found;
    auto const limit =
        scope == EventStore::Scope::everything ? limits::recovery_page : limits::wake_page;
    for (auto const& due : store_->due(shards, clock_.now(), scope, limit))
        found.emplace_back(due.run, Wake{due.run});
    if (!found.empty()) callbacks_.found(std::move(found));
}

void Keeper::find_messages() {
    if (shards_.empty()) return;
    std::vector<std::pair<RunId, ShardInput>> found;
    std::set<MessageId> seen;
    for (auto& message : store_->inbox(shards_, limits::wake_page)) {
        seen.insert(message.id);
        if (delivered_.contains(message.id)) continue;
        if (auto const* start = std::get_if<StartRun>(&message.content))
            callbacks_.prepare(start->workflow.digest);
        auto const run = message.run;
        found.emplace_back(run, Deliver{std::move(message), 0});
    }
    delivered_ = std::move(seen);
    if (!found.empty()) callbacks_.found(std::move(found));
}

}  // namespace resolute::shell
