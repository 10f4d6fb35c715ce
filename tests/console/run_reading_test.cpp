// A run with a long history is shown from a part of it: its snapshot, and a window of its events.
#include <set>

#include "console/run_reading.h"

#include "base/limits.h"
#include "console/run_view.h"
#include "engine/store/postgres_membership.h"
#include "engine/store/postgres_store.h"
#include "engine/store/schema.h"
#include "tests/catch.h"
#include "tests/console/stored_history.h"
#include "tests/postgres/test_database.h"
#include "tests/store/tampering.h"

using namespace resolute;
using namespace resolute::console;
using resolute::testing::change_event;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon{1'772'366'400'000'000};
constexpr std::size_t steps = 4'998;  // with the two events before them 5,000

// A loop of thousands of steps, stored as an engine would have.
struct Scene {
    testing::TestDatabase database{"migrated", [](std::string const& url) { store::migrate(url); }};
    store::PostgresMembership membership{database.connection_string()};
    MemberId member = membership.join("tester", 1, 1min);
    store::PostgresStore store{
        {.url = database.connection_string(), .member = member, .writer = 0}};
    store::ReadModel reads{database.connection_string()};
    RunId run = RunId::make(noon, *seeded_random(7));
    WorkflowRef workflow{"test/loop", "1.0.0", sha256("loop")};

    explicit Scene(std::size_t count = steps) {
        std::vector<Fact> facts{RunStarted{workflow, "default", "C-1", Json{{"a", 1}}, "me", "00"},
                                WorkStarted{Json{{"a", 1}}, {}}};
        for (std::size_t i = 0; i < count; ++i)
            facts.emplace_back(StepCompleted{{"/do/0/tick@" + std::to_string(i)}, Json(i), {}, {}});
        auto const events = testing::stored(run, facts, noon);
        constexpr std::size_t at_once = 1'000;
        for (std::size_t i = 0; i < events.size(); i += at_once) {
            auto const end = std::min(events.size(), i + at_once);
            Append append{.run = run, .tenant = "default", .shard = 0};
            append.events.assign(events.begin() + static_cast<std::ptrdiff_t>(i),
                                 events.begin() + static_cast<std::ptrdiff_t>(end));
            append.after = i == 0 ? Head{} : Head{events[i - 1].sequence, events[i - 1].chain};
            if (i == 0) append.row = row();
            auto const verdicts = store.append({append});
            REQUIRE(std::holds_alternative<Committed>(verdicts.front()));
        }
    }
    RunRow row() const {
        return {.run = run,
                .tenant = "default",
                .shard = 0,
                .workflow = workflow,
                .case_id = "C-1",
                .sequence = 1,
                .started_at = noon,
                .updated_at = noon};
    }
    Json read(std::optional<std::uint64_t> before = {}) {
        auto const reading = read_run(reads, run, before);
        REQUIRE(reading);
        REQUIRE(reading->window.size() <= limits::steps_shown);
        for (std::size_t i = 1; i < reading->window.size(); ++i)
            REQUIRE(reading->window[i].sequence == reading->window[i - 1].sequence + 1);
        return run_json(*reading, {});
    }
};

}  // namespace

TEST_CASE("a short run is shown from its first event on") {
    Scene scene(3);
    auto const run = scene.read();
    CHECK(run["stepsFrom"] == 1);
    CHECK(run["steps"].size() == 3);
    CHECK(run["sequence"] == 5);
    CHECK(run["input"] == Json{{"a", 1}});
    CHECK_FALSE(read_run(scene.reads, RunId::make(noon, *seeded_random(8))));
}

TEST_CASE("a long run is shown by its latest steps, and by those before them when asked") {
    Scene scene;
    auto const latest = scene.read();
    CHECK(latest["counts"]["events"] == steps + 2);
    CHECK(latest["counts"]["steps"] == steps);
    CHECK(latest["stepsFrom"] == 3'001);
    std::set<std::string> seen;
    auto see = [&](Json const& run) {
        for (auto const& step : run["steps"]) CHECK(seen.insert(step["step"]).second);
    };
    see(latest);
    auto from = latest["stepsFrom"].get<std::uint64_t>();
    while (from > 1) {
        auto const page = scene.read(from);
        CHECK(page["sequence"] == latest["sequence"]);
        CHECK(page["stepsFrom"] < from);
        see(page);
        from = page["stepsFrom"];
    }
    CHECK(seen.size() == steps);
    CHECK(scene.read(1'000'000)["stepsFrom"] == latest["stepsFrom"]);
}

TEST_CASE("what lies before the snapshot and the window of a run is not read") {
    Scene scene;
    auto const before = scene.read();
    auto const state = read_run(scene.reads, scene.run)->state.value();
    Run at_snapshot{.id = scene.run};
    for (std::uint64_t after = 0; after < 4'000; after += limits::list_page)
        for (auto const& event : scene.reads.history(scene.run, after, limits::list_page))
            apply(at_snapshot, decode(event)), at_snapshot.head = event.chain;
    scene.store.keep({snapshot_of(at_snapshot, noon)});
    scene.database.run("delete from resolute.history where sequence + octet_length(kinds) <= 3001");
    CHECK(scene.read() == before);
    auto from_snapshot = read_run(scene.reads, scene.run)->state.value();
    from_snapshot.head = {};  // the fold proves no chain, so it has no head
    CHECK(state_of(from_snapshot) == state_of(state));
}

TEST_CASE("a history that cannot have happened is shown as far as it can be read") {
    Scene scene(10);
    change_event(scene.database.connection_string(), scene.run, 8,
                 [](EncodedEvent& event) { event.body = "{"; });
    auto const reading = read_run(scene.reads, scene.run);
    REQUIRE(reading);
    CHECK_FALSE(reading->state);
    auto const run = run_json(*reading, {});
    CHECK(run["steps"].size() == 5);
    CHECK(run["sequence"] == 12);
    CHECK(run["input"].is_null());
}

TEST_CASE("a run of whose events a large value was lost is shown by its row alone") {
    Scene scene(10);
    change_event(scene.database.connection_string(), scene.run, 8, [](EncodedEvent& event) {
        event.body = R"([[[10,70000,")" + std::string(64, '0') + R"("]],{"output":null}])";
    });
    CHECK_THROWS_WITH(scene.reads.history(scene.run, 0, 100),
                      ContainsSubstring("event 8: its value of 70000 bytes"));
    auto const reading = read_run(scene.reads, scene.run);
    REQUIRE(reading);
    CHECK_FALSE(reading->state);
    auto const run = run_json(*reading, {});
    CHECK(run["status"] == "running");
    CHECK(run["caseId"] == "C-1");
    CHECK(run["steps"].empty());
}
