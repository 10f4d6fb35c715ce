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
        ActivityIntent intent{.kind = proposal.kind,
                              .target = "reader",
                              .effect = Effect::read,
                              .request = proposal.request,
                              .key = proposal.key,
                              .contract = {},
                              .decision = {},
                              .binding = {}};
        auto const allowed = terms(intent);
        return Permitted{std::move(intent), allowed, false};
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

    void add(std::vector<CommitAppend> const& handed_over) {
        std::lock_guard const lock(mutex);
        for (auto const& item : handed_over) {
            ++appends[item.append.run];
            completed += item.append.row && item.append.row->status == RunRow::Status::completed;
        }
        changed.notify_all();
    }
    bool has(std::size_t runs) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, std::chrono::seconds(20), [&] { return completed == runs; });
    }
};

TEST_CASE("runs that come together and only read are one append each", "[core_loop]") {
    constexpr std::size_t runs = 2 * limits::inputs_per_flush;
    SystemClock clock;
    Reader reader;
    Committed committed;
    Handlers const handlers{{"tool", &reader}};
    ScriptedWorkflow const workflow({{"one"}, {"two"}, {"three"}, {"four"}});
    auto loop = std::make_shared<shell::CoreLoop>(
        clock, [&](Digest const&) { return &workflow; }, handlers,
        shell::Sinks{.commit = [&](auto appends) { committed.add(appends); },
                     .drained = [](auto const&) {},
                     .patience = std::chrono::seconds(1)});
    loop->start();
    loop->own({0});
    auto const random = seeded_random(1);
    auto start = [&] {
        auto const run = with_shard(RunId::make(clock.now(), *random), 0);
        loop->deliver({MessageId::make(clock.now(), *random), run,
                       StartRun{{"test/flow", "1", sha256("flow")}, "default", {}, Json(1), "me"}},
                      [](Reply const&) {});
    };
    // All but the first wait in one heap until the first one's read is answered.
    for (std::size_t i = 0; i < runs; ++i) start();
    reader.go_on.count_down();
    REQUIRE(committed.has(runs));
    loop->stop();
    CHECK(committed.appends.size() == runs);
    for (auto const& [run, appends] : committed.appends) CHECK(appends == 1);
}

}  // namespace
}  // namespace resolute::testing
