#include "engine/shell/core_loop.h"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "base/failpoint.h"
#include "base/limits.h"
#include "base/log.h"
#include "engine/shard_of.h"

namespace resolute::shell {
namespace {

Reply unavailable() {
    return Refused{
        not_taken("The engine is stopping or starting; try again.", "engine_unavailable")};
}

// Its append may be with a committer, which stops after this loop.
Reply in_doubt() {
    return Refused{runtime_failure(
        "The engine stopped before it knew whether this was taken; look before you try again.",
        "outcome_unknown")};
}

// Points of a commit that an approval takes part in.
void pass_approvals([[maybe_unused]] Append const& append) {
#ifdef RESOLUTE_FAILPOINTS
    for (auto const& row : append.approvals) {
        if (row.status == ApprovalStatus::pending) RESOLUTE_FAILPOINT("approval.requested");
        if (row.status == ApprovalStatus::approved) RESOLUTE_FAILPOINT("approval.decided");
        if (row.status == ApprovalStatus::consumed) RESOLUTE_FAILPOINT("approval.consumed");
    }
#endif
}

// Points at the door: what is fed to a shard.
void pass([[maybe_unused]] ShardInput const& input) {
#ifdef RESOLUTE_FAILPOINTS
    if (std::holds_alternative<Wake>(input)) RESOLUTE_FAILPOINT("wake.taken");
    auto const* delivery = std::get_if<Deliver>(&input);
    if (!delivery) return;
    if (delivery->ticket == 0)
        RESOLUTE_FAILPOINT("inbox.taken");
    else
        RESOLUTE_FAILPOINT("start.taken");
#endif
}

}  // namespace

CoreLoop::CoreLoop(Clock const& clock, Definitions definitions, Handlers const& handlers,
                   Sinks sinks)
    : clock_(clock),
      definitions_(std::move(definitions)),
      handlers_(handlers),
      sinks_(std::move(sinks)),
      random_(system_random()),
      timer_(context_) {}

CoreLoop::~CoreLoop() { stop(); }

void CoreLoop::start() {
    thread_ = std::thread([this] {
        auto const guard = boost::asio::make_work_guard(context_);
        context_.run();
    });
}

void CoreLoop::stop() {
    {
        std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    context_.stop();
    if (thread_.joinable()) thread_.join();
    for (auto& [ticket, done] : std::exchange(tickets_, {})) done(in_doubt());
    for (auto& posted : std::exchange(inbox_, {}))
        if (posted.done) posted.done(unavailable());
}

void CoreLoop::post(RunId run, ShardInput input) {
    std::vector<Posted> one;
    one.push_back({run, std::move(input), {}});
    enqueue(std::move(one));
}

void CoreLoop::post(std::vector<std::pair<RunId, ShardInput>> inputs) {
    std::vector<Posted> posted;
    posted.reserve(inputs.size());
    for (auto& [run, input] : inputs) posted.push_back({run, std::move(input), {}});
    enqueue(std::move(posted));
}

void CoreLoop::deliver(Message message, std::function<void(Reply)> done) {
    auto const run = message.run;
    std::vector<Posted> one;
    one.push_back({run, Deliver{std::move(message), 0}, std::move(done)});
    enqueue(std::move(one));
}

void CoreLoop::enqueue(std::vector<Posted> posted) {
    bool wake = false;
    {
        std::lock_guard lock(mutex_);
        if (!stopped_) {
            wake = inbox_.empty();
            if (wake)
                inbox_.swap(posted);
            else
                std::ranges::move(posted, std::back_inserter(inbox_));
            backlog_ = inbox_.size();
            posted.clear();
        }
    }
    for (auto& refused : posted)
        if (refused.done) refused.done(unavailable());
    if (wake) boost::asio::post(context_, [this] { pump(); });
}

void CoreLoop::expect(std::vector<std::pair<RunId, Timestamp>> due) {
    boost::asio::post(context_, [this, due = std::move(due)] {
        for (auto const& [run, at] : due) set_timer(run, at);
    });
}

void CoreLoop::lease_renewed() {
    boost::asio::post(context_, [this] {
        for (auto& dispatch : std::exchange(held_, {})) perform(std::move(dispatch));
        pump();
    });
}

Shard& CoreLoop::shard(int number) {
    auto& slot = shards_[number];
    if (!slot) slot = std::make_unique<Shard>(definitions_, handlers_, *random_);
    return *slot;
}

// Takes whatever came, one run after the other as far as each can go without waiting for anybody,
// reads that are answered at once included: all of that is one commit with what caused it.
void CoreLoop::pump() {
    std::vector<Posted> batch;
    std::vector<std::vector<int>> changes;
    {
        std::lock_guard lock(mutex_);
        batch.swap(inbox_);
        backlog_ = 0;
        changes.swap(changes_);
    }
    for (auto const& shards : changes) change_owned(shards);
    std::size_t fed = 0;
    for (auto& posted : batch) {
        feed(std::move(posted));
        fed += 1 + feed_local();
        if (fed < limits::inputs_per_flush) continue;
        flush();
        hand_over();
        fed = 0;
    }
    do {
        fed += feed_local();
        flush();
        if (fed >= limits::inputs_per_flush) {
            hand_over();
            fed = 0;
        }
    } while (!local_.empty() || !dirty_.empty());
    hand_over();
    count_resident();
    if (!leaving_.empty()) report_drained();
}

// Answers that came while their effect was being started, and the answers to what follows from
// them; not for ever, as a run is bounded only by what is handed over and not durable yet. Returns
// how many.
std::size_t CoreLoop::feed_local() {
    std::size_t fed = 0;
    std::vector<Posted> answers;
    while (!local_.empty() && fed < limits::facts_per_decision) {
        answers.swap(local_);
        for (auto& answer : answers) feed(std::move(answer));
        fed += answers.size();
        answers.clear();
    }
    return fed;
}

void CoreLoop::count_resident() {
    std::size_t resident = 0;
    for (auto const& [number, machine] : shards_) resident += machine->resident_runs();
    resident_ = resident;
}

// The shard was handed over meanwhile: its new owner goes on from the store and its inbox. A start
// that nobody knows of yet simply goes to a shard that is ours.
void CoreLoop::turn_away(Posted posted) {
    if (!posted.done) return;
    auto& message = std::get<Deliver>(posted.input).message;
    if (!std::holds_alternative<StartRun>(message.content))
        return sinks_.forward(std::move(message), std::move(posted.done));
    if (owned_.empty()) return posted.done(unavailable());
    message.run = posted.run = with_shard(posted.run, *owned_.begin());
    feed(std::move(posted));
}

void CoreLoop::feed(Posted posted) {
    int const number = shard_of(posted.run);
    bool const is_end_of_something = std::holds_alternative<AppendSettled>(posted.input) ||
                                     std::holds_alternative<EffectFinished>(posted.input) ||
                                     std::holds_alternative<EffectVerified>(posted.input);
    bool const is_ours =
        owned_.contains(number) || (is_end_of_something && leaving_.contains(number));
    if (!is_ours) return turn_away(std::move(posted));
    if (posted.done) {
        auto const ticket = ++last_ticket_;
        tickets_[ticket] = std::move(posted.done);
        std::get<Deliver>(posted.input).ticket = ticket;
    }
    pass(posted.input);
    [[maybe_unused]] bool const is_outcome = std::holds_alternative<EffectFinished>(posted.input);
    auto& machine = shard(number);
    auto outputs = std::exchange(outputs_, {});
    machine.on(std::move(posted.input), clock_.now(), outputs);
    if (is_outcome) RESOLUTE_FAILPOINT("outcome.recorded");
    if (machine.wants_flush()) dirty_.insert(number);
    route(outputs);
    outputs.clear();
    outputs_ = std::move(outputs);
}

void CoreLoop::flush() {
    for (int const number : std::exchange(dirty_, {})) {
        auto& machine = shard(number);
        auto outputs = std::exchange(outputs_, {});
        machine.flush(clock_.now(), outputs);
        if (machine.wants_flush()) dirty_.insert(number);
        route(outputs);
        outputs.clear();
        outputs_ = std::move(outputs);
    }
}

void CoreLoop::hand_over() {
    if (!staged_.empty()) sinks_.commit(std::exchange(staged_, {}));
}

void CoreLoop::watch(Append& append) {
    if (!sinks_.watch || append.events.empty()) return;
    if (auto const* run = shard(shard_of(append.run)).resident(append.run))
        sinks_.watch(*run, append);
}

void CoreLoop::route(std::vector<ShardOutput>& outputs) {
    struct Routing {
        CoreLoop& self;
        void operator()(CommitAppend& o) {
            pass_approvals(o.append);
            self.watch(o.append);
            self.staged_.push_back(std::move(o));
        }
        void operator()(PerformEffect& o) { self.perform(std::move(o.dispatch)); }
        void operator()(SetTimer& o) { self.set_timer(o.run, o.at); }
        void operator()(LoadRun& o) { self.sinks_.load(o.run); }
        void operator()(EvictRun&) {}
        void operator()(KeepSnapshot& o) { self.sinks_.keep(std::move(o.snapshot)); }
        void operator()(Answer& o) {
            auto found = self.tickets_.find(o.ticket);
            if (found == self.tickets_.end()) return;
            auto done = std::move(found->second);
            self.tickets_.erase(found);
            RESOLUTE_FAILPOINT("start.answering");
            done(std::move(o.reply));
            RESOLUTE_FAILPOINT("start.answered");
        }
        void operator()(ReturnMessages& o) { self.sinks_.returned(std::move(o.messages)); }
        void operator()(QuarantineRun& o) {
            log::error("run=" + to_string(o.run) + " set aside: " + o.reason);
            self.sinks_.quarantine(o.run, o.reason);
        }
    };
    for (auto& output : outputs) std::visit(Routing{*this}, output);
}

// A process whose lease is nearly over by its own clock sends nothing more (I7). Whoever carries
// the attempt out asks the lease once more, after its own queues.
void CoreLoop::perform(Dispatch&& dispatch) {
    int const number = shard_of(dispatch.attempt.run);
    if (!owned_.contains(number) && !leaving_.contains(number)) return;
    if (!may_send(sinks_.lease)) {
        held_.push_back(std::move(dispatch));
        return;
    }
    dispatch.attempt.lease = sinks_.lease;
    auto const& attempt = dispatch.attempt;
    auto const handler = handlers_.find(attempt.intent.kind);
    auto answer = [weak = weak_from_this(), this](RunId run, ShardInput input) {
        auto const alive = weak.lock();
        if (!alive) return;
        if (std::this_thread::get_id() == thread_.get_id())
            local_.push_back({run, std::move(input), {}});
        else
            post(run, std::move(input));
    };
    if (dispatch.what == Dispatch::What::verify) {
        RESOLUTE_FAILPOINT("verification.asking");
        auto done = [answer, run = attempt.run, step = attempt.step,
                     number = attempt.number](Verification verification) {
            RESOLUTE_FAILPOINT("verification.answered");
            answer(run, EffectVerified{run, step, number, std::move(verification)});
        };
        if (handler == handlers_.end()) return done({});
        return handler->second->verify(attempt, std::move(done));
    }
    [[maybe_unused]] bool const is_write = attempt.intent.effect != Effect::read;
    auto done = [answer, is_write, run = attempt.run, step = attempt.step,
                 number = attempt.number](Outcome outcome) {
        if (is_write) RESOLUTE_FAILPOINT("outcome.received");
        answer(run, EffectFinished{run, step, number, std::move(outcome)});
    };
    if (handler == handlers_.end()) {
        auto why = configuration_failure(
            "Nothing here can perform a `" + attempt.intent.kind + "` call.", "no_handler");
        return done(outcome::Failed{std::move(why), false, {}, {}});
    }
    if (is_write) RESOLUTE_FAILPOINT("effect.dispatching");
    handler->second->perform(attempt, std::move(done));
}

void CoreLoop::set_timer(RunId run, Timestamp at) {
    // Waiting costs nothing: the keeper hands it over when its time is near.
    if (at > clock_.now() + std::chrono::milliseconds(limits::timer_horizon_ms)) return;
    // the store's poll finds it
    if (timers_.size() >= limits::timers_in_memory && at > timers_.rbegin()->first) return;
    bool const first = timers_.empty() || at < timers_.begin()->first;
    timers_.emplace(at, run);
    if (timers_.size() > limits::timers_in_memory) timers_.erase(std::prev(timers_.end()));
    if (first) arm();
}

void CoreLoop::arm() {
    if (timers_.empty()) return;
    auto const wait = std::max(Duration::zero(), timers_.begin()->first - clock_.now());
    timer_.expires_after(wait);
    timer_.async_wait([this](boost::system::error_code const& error) {
        if (!error) fire();
    });
}

void CoreLoop::fire() {
    auto const now = clock_.now();
    while (!timers_.empty() && timers_.begin()->first <= now) {
        auto const run = timers_.begin()->second;
        timers_.erase(timers_.begin());
        RESOLUTE_FAILPOINT("timer.fired");
        local_.push_back({run, TimerDue{run}, {}});
    }
    arm();
    pump();
}

}  // namespace resolute::shell
