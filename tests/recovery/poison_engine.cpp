// An engine whose tool `boom` brings the process down, until it is told that it was mended.
//
//   poison_engine URL begin|resume|mended
//
// Ends with 0 when no run can move any more, and with 3 when that takes too long.
#include <cstdlib>
#include <cstring>
#include <future>
#include <thread>

#include "base/log.h"
#include "engine/names.h"
#include "engine/shell/engine.h"
#include "engine/store/postgres_membership.h"
#include "engine/store/postgres_store.h"
#include "engine/store/read_model.h"
#include "tests/engine/scripted_workflow.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

constexpr int innocents = 5;

// A write that honours its key; `boom` is deadly whether it is called or asked for.
class Tool final : public ActivityHandler {
  public:
    explicit Tool(bool mended) : mended_(mended) {}

    Admission admit(Proposal const& proposal) const override {
        ActivityIntent intent{.kind = proposal.kind,
                              .target = proposal.request.json().at("tool").get<std::string>(),
                              .effect = Effect::write,
                              .request = proposal.request,
                              .key = proposal.key};
        return Permitted{intent, terms(intent), false};
    }
    Terms terms(ActivityIntent const&) const override {
        return {.timeout = 100ms, .attempts = 5, .first_delay = 1ms, .resend_is_safe = true};
    }
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override {
        explode(attempt);
        done(outcome::Succeeded{Json(attempt.intent.target), {}});
    }
    void verify(Attempt const& attempt, std::function<void(Verification)> done) override {
        explode(attempt);
        done({Verdict::resend, {}, {}});
    }

  private:
    void explode(Attempt const& attempt) const {
        if (attempt.intent.target == "boom" && !mended_) std::abort();
    }
    bool mended_;
};

std::vector<ScriptedStep> steps_of(Digest const& digest) {
    if (digest == sha256("poison")) return {{"boom"}};
    return {{"pause", "timer", 700ms}, {"fine"}};
}

void begin(shell::Engine& engine, Clock const& clock) {
    auto const random = system_random();
    auto start = [&](std::string const& name) {
        engine.submit({MessageId::make(clock.now(), *random), engine.mint_run_id(),
                       StartRun{{"test/" + name, "1", sha256(name)}, "default", "", {}, "test"}},
                      [](Reply const&) {});
    };
    for (int i = 0; i < innocents; ++i) start("innocent");
    start("poison");
}

bool is_settled(store::ReadModel& reads) {
    auto counts = reads.counts("default").runs;
    return counts["running"] + counts["waiting"] == 0 && !counts.empty();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    std::string const url = argv[1];
    std::string const task = argv[2];
    log::set_level(log::Level::error);
    SystemClock const clock;
    Tool tool(task == "mended");
    shell::Database database{
        .store = [&](MemberId member, int writer) -> std::unique_ptr<EventStore> {
            return std::make_unique<store::PostgresStore>(
                store::PostgresStoreOptions{.url = url, .member = member, .writer = writer});
        },
        .membership = std::make_unique<store::PostgresMembership>(url),
        .post = [](Message const&) {}};
    shell::Engine engine(
        {.name = "poison", .committers = 1, .keeper = {.lease = 500ms, .poll = 50ms}},
        std::move(database), {{"tool", &tool}},
        [](Digest const& digest) { return std::make_unique<ScriptedWorkflow>(steps_of(digest)); },
        clock);
    store::ReadModel reads(url);
    engine.start();
    if (task == "begin") begin(engine, clock);
    // Each look is a round trip to the database and back.
    for (auto const until = clock.monotonic() + 30s; clock.monotonic() < until;)
        if (is_settled(reads)) {
            engine.stop();
            return 0;
        }
    return 3;
}
