#include "engine/shell/incarnation.h"

#include <algorithm>

#include "base/error_codes.h"
#include "base/failpoint.h"
#include "base/limits.h"
#include "base/log.h"
#include "engine/shard_of.h"
#include "engine/store/inbox.h"

namespace resolute::shell {

Incarnation::Incarnation(Engine& engine, std::function<void()> fenced) : engine_(engine) {
    auto const& options = engine.options_;
    auto& database = engine.database_;
    lease_ = std::make_shared<Lease>(engine.clock_);
    member_ = database.membership->join(options.name, options.committers, options.keeper.lease);
    RESOLUTE_FAILPOINT("member.joined");
    Sinks sinks{
        .commit = [this](std::vector<CommitAppend> appends) { commit(std::move(appends)); },
        .watch = engine.options_.watch,
        .load = [this](RunId run) { loader_->load(run); },
        .quarantine = [this](RunId run,
                             std::string reason) { loader_->quarantine(run, std::move(reason)); },
        .returned =
            [this](std::vector<MessageId> messages) { keeper_->returned(std::move(messages)); },
        .keep = [this](Snapshot snapshot) { loader_->keep(std::move(snapshot)); },
        .forward =
            [this](Message message, std::function<void(Reply)> done) {
                keeper_->forward(std::move(message), std::move(done));
            },
        .drained = [this](std::vector<int> const& drained) { keeper_->drained(drained); },
        .lease = lease_,
        .patience = options.keeper.patience};
    auto definitions = [this](Digest const& digest) { return engine_.definitions_.find(digest); };
    core_ =
        std::make_shared<CoreLoop>(engine.clock_, definitions, engine.handlers_, std::move(sinks));
    for (int writer = 0; writer < options.committers; ++writer)
        committers_.push_back(std::make_unique<Committer>(database.store(member_, writer),
                                                          committer_callbacks(fenced)));
    auto prepare = [this](Digest const& digest) { engine_.definitions_.prepare(digest); };
    auto loaded = [core = core_](RunId run, ShardInput input) {
        core->post(run, std::move(input));
    };
    loader_ = std::make_unique<Loader>(database.store(member_, -1), engine.clock_, prepare, loaded);
    keeper_ = std::make_unique<Keeper>(member_, *database.membership, database.store(member_, -1),
                                       engine.clock_, options.keeper, keeper_callbacks(fenced));
    core_->start();  // now that everybody it talks to is there
    log::info("member=" + to_string(member_) + " joined as " + options.name);
}

Incarnation::~Incarnation() { stop(false); }

// In good order the shards are drained first. Then the keeper and the loader stop, so that nothing
// new comes; then the core, then what is queued is committed.
void Incarnation::stop(bool gracefully) {
    if (std::exchange(stopped_, true)) return;
    if (gracefully)
        keeper_->give_all_away();
    else
        lease_->end();
    keeper_->stop();
    loader_->stop();
    core_->stop();
    for (auto& committer : committers_) committer->stop(gracefully);
    if (!gracefully) return;
    try {
        RESOLUTE_FAILPOINT("member.leaving");
        engine_.database_.membership->leave(member_);
    } catch (std::exception const& error) {
        log::warn(std::string("leaving failed, the lease will end by itself: ") + error.what());
    }
}

// Each committer is woken once for all that its shards have to commit.
void Incarnation::commit(std::vector<CommitAppend> appends) {
    std::vector<std::vector<CommitAppend>> shares(committers_.size());
    for (auto& append : appends)
        shares[static_cast<std::size_t>(append.append.shard) % shares.size()].push_back(
            std::move(append));
    for (std::size_t i = 0; i < shares.size(); ++i)
        if (!shares[i].empty()) committers_[i]->enqueue(std::move(shares[i]));
}

Committer::Callbacks Incarnation::committer_callbacks(std::function<void()> fenced) {
    return {.settled =
                [core = core_](std::vector<std::pair<RunId, ShardInput>> inputs) {
                    core->post(std::move(inputs));
                },
            .committed =
                [this](std::vector<Append> const& appends) {
                    if (engine_.listener_) engine_.listener_(appends);
                    auto posts = [](Append const& append) {
                        return !append.posted.empty() || !append.events_changed.empty();
                    };
                    if (std::ranges::any_of(appends, posts)) keeper_->poke();
                },
            .fenced = std::move(fenced)};
}

Keeper::Callbacks Incarnation::keeper_callbacks(std::function<void()> fenced) {
    return {
        .renewed =
            [this](Duration until) {
                // A margin for what is already on its way when the lease runs out.
                lease_->extend(until - engine_.options_.keeper.lease / 5);
                core_->lease_renewed();
            },
        .owns =
            [this](std::vector<int> const& shards) {
                core_->own(shards);  // before anybody can mint a run there
                {
                    std::lock_guard lock(mutex_);
                    shards_ = shards;
                }
                engine_.changed_.notify_all();
            },
        .found =
            [this](std::vector<std::pair<RunId, ShardInput>> inputs) {
                core_->post(std::move(inputs));
            },
        .has_room = [this] { return has_room_for_runs(); },
        .expect =
            [this](std::vector<std::pair<RunId, Timestamp>> due) { core_->expect(std::move(due)); },
        .loading = [this] { return loader_->waiting(); },
        .quarantine = [this](RunId run,
                             std::string reason) { loader_->quarantine(run, std::move(reason)); },
        .prepare = [this](Digest const& digest) { engine_.definitions_.prepare(digest); },
        .resolve =
            [this](std::string const& name, std::string const& version) {
                if (!engine_.options_.resolve)
                    throw std::runtime_error("Nothing here knows workflows by name.");
                return engine_.options_.resolve(name, version);
            },
        .post = [this](Message const& message) { engine_.database_.post(message); },
        .fenced = std::move(fenced)};
}

std::vector<int> Incarnation::shards() const {
    std::lock_guard lock(mutex_);
    return shards_;
}

bool Incarnation::has_room_for_messages() const {
    Committer::Backlog queued;
    for (auto const& committer : committers_) {
        auto const one = committer->backlog();
        queued.appends += one.appends;
        queued.bytes += one.bytes;
    }
    return core_->backlog() <= limits::loop_backlog && queued.appends <= limits::commit_backlog &&
           queued.bytes <= limits::commit_backlog_bytes;
}

bool Incarnation::has_room_for_runs() const {
    return has_room_for_messages() && core_->resident_runs() < limits::runs_in_memory;
}

void Incarnation::deliver(Message message, std::function<void(Reply)> done) {
    bool const is_start = std::holds_alternative<StartRun>(message.content);
    if (is_start ? !has_room_for_runs() : !has_room_for_messages())
        return done(Refused{
            not_taken("The engine has more work queued than it takes on; try again in a moment.",
                      codes::overloaded)});
    auto const owned = shards();
    if (std::ranges::binary_search(owned, shard_of(message.run)))
        return core_->deliver(std::move(message), std::move(done));
    auto const run = message.run;
    try {
        engine_.database_.post(message);  // durable in the owner's inbox
    } catch (store::InboxFull const& error) {
        return done(Refused{not_taken(error.what(), codes::overloaded)});
    }
    RESOLUTE_FAILPOINT("message.forwarded");
    done(Accepted{run, 0});
}

}  // namespace resolute::shell
