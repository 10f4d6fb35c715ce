#include "engine/shell/engine.h"

#include <algorithm>
#include <future>
#include <thread>

#include "base/log.h"
#include "engine/shard_of.h"
#include "engine/shell/incarnation.h"

namespace resolute::shell {

int usual_committers() {
    return std::clamp(static_cast<int>(std::thread::hardware_concurrency()) / 2, 1, 4);
}
namespace {

constexpr auto rejoin_delay = std::chrono::milliseconds(200);

Reply still_joining() {
    return Refused{not_taken("The engine is joining its database; try again in a moment.",
                             "engine_unavailable")};
}

}  // namespace

Engine::Engine(EngineOptions options, Database database, Handlers handlers,
               DefinitionCache::Source definitions, Clock const& clock)
    : options_(std::move(options)),
      database_(std::move(database)),
      handlers_(std::move(handlers)),
      definitions_(std::move(definitions)),
      clock_(clock) {}

Engine::~Engine() { stop(); }

std::shared_ptr<Incarnation> Engine::current() const {
    std::lock_guard lock(mutex_);
    return incarnation_;
}

void Engine::start() {
    auto fenced = [this] {
        std::lock_guard lock(mutex_);
        fenced_ = true;
        changed_.notify_all();
    };
    auto first = std::make_shared<Incarnation>(*this, fenced);
    std::unique_lock lock(mutex_);
    incarnation_ = std::move(first);
    supervisor_ = std::thread([this] { supervise(); });
    // Shards of a dead member are free only when its lease is over; do not wait longer than that.
    changed_.wait_for(lock, options_.keeper.lease, [&] {
        return stopping_ || !incarnation_ || !incarnation_->shards().empty();
    });
}

void Engine::supervise() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return stopping_ || fenced_; });
        if (stopping_) return;
        auto over = std::move(incarnation_);
        lock.unlock();
        if (over) over->stop(false);
        over.reset();
        std::shared_ptr<Incarnation> next;
        try {
            next = std::make_shared<Incarnation>(*this, [this] {
                std::lock_guard again(mutex_);
                fenced_ = true;
                changed_.notify_all();
            });
        } catch (std::exception const& error) {
            log::warn(std::string("joining failed: ") + error.what());
        }
        lock.lock();
        if (next) {
            incarnation_ = std::move(next);
            fenced_ = false;
        } else {
            changed_.wait_for(lock, rejoin_delay, [&] { return stopping_; });
        }
    }
}

void Engine::stop() {
    std::shared_ptr<Incarnation> last;
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        last = std::move(incarnation_);
    }
    changed_.notify_all();
    if (supervisor_.joinable()) supervisor_.join();
    if (last) last->stop(true);
}

RunId Engine::mint_run_id() {
    thread_local auto random = system_random();
    auto const run = RunId::make(clock_.now(), *random);
    auto const shards = owned_shards();
    if (shards.empty()) return run;
    return with_shard(run, shards[minted_++ % shards.size()]);
}

void Engine::submit(Message message, std::function<void(Reply)> done) {
    if (auto const* start = std::get_if<StartRun>(&message.content))
        definitions_.prepare(start->workflow.digest);
    if (auto const* migration = std::get_if<MigrateRun>(&message.content))
        definitions_.prepare(migration->workflow.digest);
    auto const incarnation = current();
    if (!incarnation) return done(still_joining());
    incarnation->deliver(std::move(message), std::move(done));
}

Reply Engine::submit_and_wait(Message message) {
    std::promise<Reply> promise;
    auto future = promise.get_future();
    submit(std::move(message), [&](Reply reply) { promise.set_value(std::move(reply)); });
    return future.get();
}

void Engine::poke() {
    if (auto const incarnation = current()) incarnation->poke();
}

void Engine::members_changed() {
    if (auto const incarnation = current()) incarnation->members_changed();
}

void Engine::on_commit(std::function<void(std::vector<Append> const&)> listener) {
    listener_ = std::move(listener);
}

MemberId Engine::member() const {
    auto const incarnation = current();
    return incarnation ? incarnation->member() : MemberId{};
}

std::vector<int> Engine::owned_shards() const {
    auto const incarnation = current();
    return incarnation ? incarnation->shards() : std::vector<int>{};
}

}  // namespace resolute::shell
