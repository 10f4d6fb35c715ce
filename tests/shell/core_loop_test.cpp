// What the loop hands over to be committed, and when.
#include "engine/shell/core_loop.h"

#include <atomic>
#include <latch>

#include "base/limits.h"
#include "engine/shard_of.h"
#include "tests/catch.h"
#include "tests/engine/scripted_workflow.h"

namespace resolute::testing {
namespace {

// A tool that only reads and answers at once; its first call waits until it is let go.
class Reader final : public ActivityHandler {
  public:
    Admission admit(Proposal const& proposal) const override {
        return permitted(proposal, "reader", Effect::read, terms({}));
    }
    Terms terms(ActivityIntent const&) const override { return {}; }
    void perform(Attempt const&, std::function<void(Outcome)> done) override {
        if (is_first.exchange(false)) go_on.wait();
        done(outcome::Succeeded{Payload(Json(1)), {}});
    }
    void verify(Attempt const&, std::function<void(Verification)> done) override { done({}); }

    std::atomic<bool> is_first = true;
    std::latch go_on{1};
};

// What was handed over, by the loop's thread.
struct Committed {
    std::mutex mutex;
    std::condition_variable changed;
    std::map<RunId, int> appends;
    std::size_t completed = 0;
    std::size_t events = 0;

    void add(std::vector<CommitAppend> const& handed_over) {
        std::lock_guard const lock(mutex);
        for (auto const& item : handed_over) {
            ++appends[item.append.run];
            events += item.append.events.size();
            completed += item.append.row && item.append.row->status == RunRow::Status::completed;
        }
        changed.notify_all();
    }
    bool wait_for(std::size_t runs) {
        return comes_true([&] { return completed == runs; });
    }
    bool wait_for_events(std::size_t wanted) {
        return comes_true([&] { return events >= wanted; });
    }

  private:
    bool comes_true(std::function<bool()> const& is_true) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, std::chrono::seconds(20), is_true);
    }
};

// The loop on its own, which owns one shard and whose commits are never confirmed.
class OneLoop {
  public:
    explicit OneLoop(std::vector<ScriptedStep> steps) : workflow_(std::move(steps)) {
        loop_->start();
        loop_->own({0});
    }
    ~OneLoop() { loop_->stop(); }

    void start() {
        auto const run = with_shard(RunId::make(clock_.now(), *random_), 0);
        StartRun content{{"test/flow", "1", sha256("flow")}, "default", {}, Json(1), "me"};
        loop_->deliver({MessageId::make(clock_.now(), *random_), run, std::move(content)},
                       [](Reply const&) {});
    }

    Reader reader;
    Committed committed;

  private:
    SystemClock clock_;
    std::unique_ptr<Random> random_ = seeded_random(1);
    ScriptedWorkflow const workflow_;
    Handlers const handlers_{{"tool", &reader}};
    std::shared_ptr<shell::CoreLoop> loop_ = std::make_shared<shell::CoreLoop>(
        clock_, [this](Digest const&) { return &workflow_; }, handlers_,
        shell::Sinks{.commit = [this](auto appends) { committed.add(appends); },
                     .drained = [](auto const&) {},
                     .patience = std::chrono::seconds(1)});
};

TEST_CASE("runs that come together and only read are one append each", "[core_loop]") {
    constexpr std::size_t runs = 2 * limits::inputs_per_flush;
    OneLoop loop({{"one"}, {"two"}, {"three"}, {"four"}});
    // All but the first wait in one heap until the first one's read is answered.
    for (std::size_t i = 0; i < runs; ++i) loop.start();
    loop.reader.go_on.count_down();
    REQUIRE(loop.committed.wait_for(runs));
    std::lock_guard const lock(loop.committed.mutex);
    CHECK(loop.committed.appends.size() == runs);
    for (auto const& [run, appends] : loop.committed.appends) CHECK(appends == 1);
}

TEST_CASE("a run that reads on and on goes only so far ahead, and others get their turn",
          "[core_loop]") {
    std::vector<ScriptedStep> steps;
    for (std::size_t i = 0; i < 4 * limits::run_uncommitted_events; ++i)
        steps.push_back({"s" + std::to_string(i)});
    OneLoop loop(std::move(steps));
    loop.start();
    loop.start();
    loop.reader.go_on.count_down();
    REQUIRE(loop.committed.wait_for_events(2 * limits::run_uncommitted_events));
    std::lock_guard const lock(loop.committed.mutex);
    CHECK(loop.committed.appends.size() == 2);
    CHECK(loop.committed.completed == 0);
    for (auto const& [run, appends] : loop.committed.appends) CHECK(appends > 1);
}

}  // namespace
}  // namespace resolute::testing
