// Several engines on one database in memory, with real threads, and what happened outside.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "engine/shard_of.h"
#include "engine/shell/engine.h"
#include "engine/store/memory_store.h"
#include "tests/engine/scripted_workflow.h"

namespace resolute::testing {

// A tool that answers from a thread of its own, in order; `hold` keeps answers back.
class SlowTool final : public ActivityHandler {
  public:
    SlowTool() : thread_([this](std::stop_token stopping) { loop(std::move(stopping)); }) {}

    Admission admit(Proposal const& proposal) const override {
        return permitted(proposal, "tool", Effect::write, terms({}));
    }
    Terms terms(ActivityIntent const&) const override { return {.can_verify = true}; }
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override {
        std::lock_guard const lock(mutex_);
        ++effects_[attempt.intent.key];
        answers_.push_back([done] { done(outcome::Succeeded{Payload(Json(1)), {}}); });
        changed_.notify_all();
    }
    void verify(Attempt const&, std::function<void(Verification)> done) override {
        done({Verdict::applied, {}, Payload(Json(1))});
    }

    void hold(bool held) {
        std::lock_guard const lock(mutex_);
        held_ = held;
        changed_.notify_all();
    }
    std::map<std::string, int> effects() const {
        std::lock_guard const lock(mutex_);
        return effects_;
    }

  private:
    void loop(std::stop_token stopping) {
        std::unique_lock lock(mutex_);
        while (changed_.wait(lock, stopping, [&] { return !held_ && !answers_.empty(); }))
            for (auto& answer : std::exchange(answers_, {})) {
                lock.unlock();
                answer();
                lock.lock();
            }
    }

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    bool held_ = false;
    std::map<std::string, int> effects_;
    std::vector<std::function<void()>> answers_;
    std::jthread thread_;
};

// Engines that hear of each other's comings and goings as processes do by notification.
class Town {
  public:
    ~Town() {
        while (!engines_.empty()) leave(engines_.size() - 1);
    }

    shell::Engine& join() {
        shell::EngineOptions options{
            .name = "engine",
            .committers = 2,
            .keeper = keeper,
            .resolve = [](std::string const& name, std::string const& version) {
                if (name != "test/flow" && name != "test/child")
                    throw std::runtime_error("No workflow `" + name + "` is deployed.");
                return WorkflowRef{name, version, sha256(name)};
            }};
        shell::Database database{
            .store = [this](MemberId member, int writer) { return store_.open(member, writer); },
            .membership = std::make_unique<Bell>(store_, [this](bool loud) { ring(loud); }),
            .post =
                [this](Message const& message) {
                    store_.post(message);
                    for (auto* engine : all()) engine->poke();
                }};
        auto engine = std::make_shared<shell::Engine>(
            options, std::move(database), Handlers{{"tool", &tool}},
            [](Digest const& digest) {
                std::vector<ScriptedStep> steps{{"first"}, {"second"}, {"third"}};
                if (digest == sha256("test/child")) steps = {{"only"}};
                if (digest == sha256("test/parent")) steps = {{"test/child", "child"}};
                if (digest == sha256("test/emits")) steps = {{"rung", "emit"}};
                if (digest == sha256("test/hears")) steps = {{"rung", "event"}, {"first"}};
                if (digest == sha256("test/orphan")) steps = {{"test/absent", "child"}};
                return std::make_unique<ScriptedWorkflow>(std::move(steps));
            },
            clock_);
        engine->on_commit([this](auto const&) { ring(false); });
        {
            std::lock_guard const lock(mutex_);
            engines_.push_back(engine);
        }
        engine->start();
        return *engine;
    }

    void leave(std::size_t which) {
        std::shared_ptr<shell::Engine> engine;
        {
            std::lock_guard const lock(mutex_);
            engine = engines_.at(which);
            engines_.erase(engines_.begin() + static_cast<std::ptrdiff_t>(which));
        }
        engine->stop();
    }

    RunId start(shell::Engine& engine, std::string const& workflow = "test/flow") {
        StartRun content{{workflow, "1", sha256(workflow)}, "default", {}, Json(1), "tester"};
        Message message{MessageId::make(clock_.now(), *random_), engine.mint_run_id(),
                        std::move(content)};
        auto const reply = engine.submit_and_wait(std::move(message));
        auto const* accepted = std::get_if<Accepted>(&reply);
        if (!accepted) throw std::runtime_error("a start was refused");
        return accepted->run;
    }

    void set_aside(RunId run) {
        auto const member = shares().begin()->first;
        store_.open(member, -1)->quarantine(run, "by the test", clock_.now());
    }
    bool release(RunId run) { return store_.release(run); }

    // Waits until `is_true`, which is asked again whenever something changed.
    bool comes_true(std::function<bool()> const& is_true) {
        std::unique_lock lock(bell_mutex_);
        return bell_.wait_for(lock, std::chrono::seconds(20), is_true);
    }

    std::map<MemberId, int> shares() const {
        std::lock_guard const lock(store_.mutex);
        std::map<MemberId, int> shares;
        for (auto const& owner : store_.tables.owners)
            if (owner) ++shares[*owner];
        return shares;
    }
    std::size_t completed() const {
        std::lock_guard const lock(store_.mutex);
        return static_cast<std::size_t>(std::ranges::count_if(
            store_.tables.runs,
            [](auto const& item) { return item.second.row.status == RunRow::Status::completed; }));
    }
    template <class F> int facts() const {
        std::lock_guard const lock(store_.mutex);
        int count = 0;
        for (auto const& [run, stored] : store_.tables.runs)
            for (auto const& event : stored.events)
                count += std::holds_alternative<F>(decode(event).fact);
        return count;
    }

    shell::Keeper::Options keeper;
    SlowTool tool;

  private:
    class Bell final : public Membership {
      public:
        Bell(store::MemoryDatabase& database, std::function<void(bool)> ring)
            : membership_(database), ring_(std::move(ring)) {}

        MemberId join(std::string const& name, int writers, Duration lease) override {
            auto const member = membership_.join(name, writers, lease);
            ring_(true);
            return member;
        }
        void renew(MemberId member, Duration lease) override { membership_.renew(member, lease); }
        std::vector<int> claim(MemberId member) override {
            auto shards = membership_.claim(member);
            ring_(false);
            return shards;
        }
        std::vector<int> surplus(MemberId member) override { return membership_.surplus(member); }
        void release(MemberId member, std::vector<int> const& shards) override {
            membership_.release(member, shards);
            ring_(true);
        }
        void leave(MemberId member) override {
            membership_.leave(member);
            ring_(true);
        }

      private:
        store::MemoryMembership membership_;
        std::function<void(bool)> ring_;
    };

    std::vector<shell::Engine*> all() {
        std::lock_guard const lock(mutex_);
        std::vector<shell::Engine*> engines;
        for (auto const& engine : engines_) engines.push_back(engine.get());
        return engines;
    }

    // Loud: the members themselves must look.
    void ring(bool loud) {
        if (loud)
            for (auto* engine : all()) engine->members_changed();
        {
            std::lock_guard const lock(bell_mutex_);
        }
        bell_.notify_all();
    }

    SystemClock clock_;
    std::unique_ptr<Random> random_ = system_random();
    store::MemoryDatabase store_{[this] { return clock_.now(); }};
    std::mutex mutex_;
    std::vector<std::shared_ptr<shell::Engine>> engines_;  // guarded by mutex_
    std::mutex bell_mutex_;
    std::condition_variable bell_;
};

}  // namespace resolute::testing
