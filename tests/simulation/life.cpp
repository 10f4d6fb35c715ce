#include "tests/simulation/life.h"

#include <algorithm>

#include "engine/child.h"
#include "engine/shard_of.h"
#include "engine/shell/loader.h"
#include "tests/simulation/network.h"

namespace resolute::simulation {
namespace {

using namespace std::chrono_literals;

constexpr Duration lease = 10s;
constexpr Duration poll = 3s;
constexpr Duration hurried_poll = 200ms;  // while runs are brought back
constexpr Duration patience = 5s;  // with what is under way in a shard that goes elsewhere
constexpr int writers_per_process = 2;

}  // namespace

Life::Life(Ground& ground, std::string name, OwnClock const& clock, std::function<void(End)> on_end)
    : ground_(ground), name_(std::move(name)), clock_(clock), on_end_(std::move(on_end)) {}

void Life::begin() {
    auto& database = ground_.database;
    member_ = database.membership().join(name_, writers_per_process, lease);
    ++ground_.joins;
    reader_ = database.open(member_, -1);
    begin_recovery();
    for (int i = 0; i < writers_per_process; ++i) {
        auto const number = static_cast<std::size_t>(i);
        auto plan = [this, number](std::vector<Append> const& batch) {
            return commit_fault(number, batch);
        };
        writers_.push_back({database.open(member_, i, plan), {}, {}, {}});
    }
    ground_.setting.note(name_ + " joins");
    later(1us, [this] { look(); });
}

bool Life::is_paused() const { return ground_.setting.now() < paused_until_; }

void Life::kill() {
    note_trials();
    end(End::killed);
}

void Life::pause(Duration length) {
    note_trials();
    paused_until_ = ground_.setting.now() + length;
}

void Life::end(End how) {
    if (std::exchange(is_over_, true)) return;
    shards_.clear();
    tickets_.clear();
    on_end_(how);
}

void Life::later(Duration delay, std::function<void()> action) {
    ground_.setting.at(delay, [life = shared_from_this(), action = std::move(action)]() mutable {
        life->turn(std::move(action));
    });
}

void Life::turn(std::function<void()> action) {
    if (is_over_) return;
    if (is_paused()) return later(paused_until_ - ground_.setting.now(), std::move(action));
    try {
        action();
    } catch (Fenced const&) {
        ground_.setting.count(Fault::fenced);
        ground_.setting.note(name_ + " finds itself fenced");
        end(End::fenced);
    }
}

// ---- what the keeper does

void Life::look() {
    if (is_leaving_) return;
    later(recovery_->is_busy() ? hurried_poll : poll, [this] { look(); });
    if (ground_.setting.strikes(Fault::membership_refused)) return note_trials();
    auto const asked_at = clock();
    ground_.database.membership().renew(member_, lease);
    lease_until_ = asked_at + lease - lease / 5;
    for (auto& dispatch : std::exchange(held_, {})) send(std::move(dispatch));
    claim();
    hand_over();
    sweep();
    find_due();
    reader_->match_events();
    find_messages();
    recovery_->step();
}

void Life::claim() {
    auto all = ground_.database.membership().claim(member_);
    std::vector<int> now_owned;
    std::ranges::set_difference(all, handing_over_, std::back_inserter(now_owned));
    if (now_owned == owned_) return;
    std::vector<int> fresh;
    std::ranges::set_difference(now_owned, owned_, std::back_inserter(fresh));
    owned_ = std::move(now_owned);
    std::erase_if(shards_, [&](auto const& item) {
        return !owns(item.first) && !handing_over_.contains(item.first);
    });
    unswept_.insert(fresh.begin(), fresh.end());
}

// A member that came later gets its share: first the work stops, then what is under way commits,
// then the shards are released.
void Life::hand_over() {
    if (!handing_over_.empty()) {
        bool const is_over = ground_.setting.now() - handing_over_since_ >= patience;
        if (is_over && is_at_work(handing_over_)) give_up(handing_over_);
        if (is_at_work(handing_over_)) return;
        std::erase_if(shards_, [&](auto const& item) { return !owns(item.first); });
        ground_.database.membership().release(member_,
                                              {handing_over_.begin(), handing_over_.end()});
        handing_over_.clear();
    }
    if (std::exchange(joins_seen_, ground_.joins) == ground_.joins) return;
    auto const surplus = ground_.database.membership().surplus(member_);
    if (surplus.empty()) return;
    handing_over_ = {surplus.begin(), surplus.end()};
    handing_over_since_ = ground_.setting.now();
    std::erase_if(owned_, [&](int shard) { return handing_over_.contains(shard); });
    for (auto const& [number, shard] : shards_) {
        if (!handing_over_.contains(number)) continue;
        std::vector<ShardOutput> outputs;
        shard->retire(outputs);
        if (shard->wants_flush()) dirty_.insert(number);
        route(outputs);
    }
    flush_soon();
    --joins_seen_;  // ask again: an older member may have been fenced meanwhile
}

// Effects that take longer than anybody waits: the new owner finds their intents.
void Life::give_up(std::set<int> const& shards) {
    for (auto const& [number, shard] : shards_) {
        if (!shards.contains(number) || shard->resident_runs() == 0) continue;
        ground_.setting.count(Fault::shards_given_up);
        std::vector<ShardOutput> outputs;
        shard->abandon(outputs);
        route(outputs);
    }
}

bool Life::is_at_work(std::set<int> const& shards) const {
    return std::ranges::any_of(shards_, [&](auto const& item) {
        return shards.contains(item.first) && !item.second->is_at_rest();
    });
}

void Life::find_due() {
    std::vector<RunId> runs;
    for (auto const& due : reader_->due(owned_, clock(), EventStore::Scope::waiting, 1000))
        runs.push_back(due.run);
    for (auto const& run : recovery_->resume_now(runs)) feed(run, Wake{run});
}

void Life::find_messages() {
    auto page = reader_->inbox(owned_, 1000);
    std::set<MessageId> seen;
    std::vector<RunId> runs;
    for (auto const& message : page)
        if (delivered_.contains(message.id))
            seen.insert(message.id);
        else
            runs.push_back(message.run);
    auto const allowed = recovery_->resume_now(runs);
    for (auto& message : page) {
        if (!allowed.contains(message.run) || !seen.insert(message.id).second) continue;
        if (!resolve(message)) continue;
        auto const run = message.run;
        feed(run, Deliver{std::move(message), 0});
    }
    delivered_ = std::move(seen);
}

// What a run that another run starts is to be, as the keeper looks it up.
bool Life::resolve(Message& message) {
    auto* start = std::get_if<StartRun>(&message.content);
    if (!start || !start->workflow.digest.is_zero()) return true;
    auto const found = ground_.names.find(start->workflow.name);
    if (found != ground_.names.end()) {
        start->workflow.digest = found->second;
        return true;
    }
    EndChild const end{message.run, ChildEnd::faulted, {}, runtime_failure("No such workflow.")};
    ground_.database.post({message_id_of(message.run, 1), start->parent->run, end});
    reader_->refuse(message.id, "there is no such workflow");
    return false;
}

void Life::poke() {
    if (is_over_ || is_leaving_ || std::exchange(look_is_due_, true)) return;
    later(1ms, [this] {
        look_is_due_ = false;
        if (!is_leaving_) find_messages();
    });
}

// ---- what the core's loop does

bool Life::owns(int shard) const { return std::ranges::binary_search(owned_, shard); }

void Life::deliver(Message message, std::function<void(Reply const&)> done) {
    auto const ticket = ++last_ticket_;
    tickets_[ticket] = std::move(done);
    auto const run = message.run;
    later(1ms, [this, run, ticket, message = std::move(message)] {
        feed(run, Deliver{message, ticket});
    });
}

void Life::feed(RunId run, ShardInput input) {
    auto const number = shard_of(run);
    if (is_over_ || is_leaving_) return;
    bool const is_end_of_something = std::holds_alternative<AppendSettled>(input) ||
                                     std::holds_alternative<EffectFinished>(input) ||
                                     std::holds_alternative<EffectVerified>(input);
    bool const is_leaving =
        is_end_of_something && handing_over_.contains(number) && shards_.contains(number);
    if (!owns(number) && !is_leaving) return;  // the new owner goes on from the store
    auto& shard = shards_[number];
    if (!shard) {
        auto definitions = [this](Digest const& digest) -> Orchestrator const* {
            auto const found = ground_.definitions.find(digest);
            return found == ground_.definitions.end() ? nullptr : found->second.get();
        };
        // Snapshots often, so that runs are resumed from every kind of state.
        shard = std::make_unique<Shard>(definitions, ground_.handlers, ground_.setting.random(),
                                        SnapshotRule{3, 5, 1u << 20});
    }
    std::vector<ShardOutput> outputs;
    shard->on(std::move(input), clock(), outputs);
    if (shard->wants_flush()) dirty_.insert(number);
    route(outputs);
    flush_soon();
}

void Life::flush_soon() {
    auto has_work = [](Writer const& writer) { return !writer.queue.empty() && !writer.under_way; };
    if (dirty_.empty() && std::ranges::none_of(writers_, has_work)) return;
    if (std::exchange(flush_is_due_, true)) return;
    later(ground_.setting.some(1ms), [this] { flush(); });
}

void Life::flush() {
    flush_is_due_ = false;
    while (!dirty_.empty())
        for (int const number : std::exchange(dirty_, {})) {
            auto const found = shards_.find(number);
            if (found == shards_.end()) continue;
            std::vector<ShardOutput> outputs;
            found->second->flush(clock(), outputs);
            if (found->second->wants_flush()) dirty_.insert(number);
            route(outputs);
        }
    for (std::size_t i = 0; i < writers_.size(); ++i) commit(i);
}

void Life::route(std::vector<ShardOutput>& outputs) {
    struct Routing {
        Life& self;
        void operator()(CommitAppend& o) {
            auto const writer = static_cast<std::size_t>(o.append.shard) % self.writers_.size();
            self.writers_[writer].queue.push_back(std::move(o));
        }
        void operator()(PerformEffect& o) { self.send(std::move(o.dispatch)); }
        void operator()(SetTimer& o) {
            self.later(o.at - self.clock(),
                       [life = &self, run = o.run] { life->feed(run, TimerDue{run}); });
        }
        void operator()(LoadRun& o) { self.load(o.run); }
        void operator()(EvictRun&) {}
        void operator()(KeepSnapshot& o) { self.keep(std::move(o.snapshot)); }
        void operator()(Answer& o) {
            auto const found = self.tickets_.find(o.ticket);
            if (found == self.tickets_.end()) return;
            auto const done = std::move(found->second);
            self.tickets_.erase(found);
            done(o.reply);
        }
        void operator()(ReturnMessages& o) {
            for (auto const& message : o.messages) self.delivered_.erase(message);
        }
        void operator()(QuarantineRun& o) {
            self.ground_.setting.breach(Check::nothing_set_aside,
                                        to_string(o.run) + ": " + o.reason);
        }
    };
    for (auto& output : outputs) std::visit(Routing{*this}, output);
}

void Life::load(RunId run) {
    ++loading_;
    later(1ms + ground_.setting.some(5ms), [this, run] {
        --loading_;
        if (ground_.setting.strikes(Fault::load_refused)) return load(run);
        auto stored = shell::fold_stored(*reader_, run, reader_->resume({run}).front());
        auto const* loaded = std::get_if<RunLoaded>(&stored);
        if (loaded && ground_.is_poison(loaded->fold)) {
            ground_.setting.count(Fault::killed_by_a_run);
            ground_.setting.note(name_ + " is killed by " + to_string(run));
            return kill();
        }
        feed(run, std::move(stored));
    });
}

// Later, and out of order: a snapshot may be lost and must never be missed.
void Life::keep(Snapshot snapshot) {
    if (ground_.setting.strikes(Fault::snapshot_lost)) return;
    later(ground_.setting.some(1s),
          [this, snapshot = std::move(snapshot)] { reader_->keep({snapshot}); });
}

// A process whose lease is nearly over by its own clock sends nothing more.
void Life::send(Dispatch dispatch) {
    if (!has_lease()) {
        ground_.setting.count(Fault::lease_held_back);
        held_.push_back(std::move(dispatch));
        return;
    }
    ground_.setting.require(!ground_.is_fenced(member_), Check::i7_fenced_sends_nothing,
                            "a fenced process began to send");
    if (dispatch.what == Dispatch::What::verify)
        ask_outside(ground_, *this, dispatch.attempt);
    else
        send_outside(ground_, *this, dispatch.attempt);
}

}  // namespace resolute::simulation
