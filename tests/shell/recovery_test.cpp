// Who is brought back after a takeover, and who only alone.
#include "engine/shell/recovery.h"

#include "engine/shard_of.h"
#include "engine/store/memory_database.h"
#include "tests/catch.h"

using namespace resolute;
using namespace std::chrono_literals;

namespace {

constexpr int taken_over = 3;
constexpr Timestamp day_of_takeover{1'772'366'400'000'000};

struct StillClock final : Clock {
    Timestamp now() const override { return day_of_takeover; }
    Duration monotonic() const override { return 1h; }
};

// Runs of a member that died, some of which were being resumed then.
struct Estate {
    Estate() { database.tables.members.at(dead).fenced = true; }

    RunId leave(bool is_named) {
        auto const at = day_of_takeover + std::chrono::milliseconds(++made);
        auto const run = with_shard(RunId::make(at, *random), taken_over);
        database.tables.runs[run].row = {.run = run, .tenant = "default", .shard = taken_over};
        if (is_named)
            database.tables.probation[run] = {.member = dead, .resumed_at = day_of_takeover};
        return run;
    }
    std::vector<RunId> step() {
        found.clear();
        recovery.step();
        return found;
    }

    StillClock clock;
    std::unique_ptr<Random> random = seeded_random(7);
    int made = 0;
    store::MemoryDatabase database{[] { return day_of_takeover; }};
    MemberId dead = database.membership().join("dead", 1, 1s);
    MemberId heir = database.membership().join("heir", 1, 1h);
    std::unique_ptr<EventStore> store = database.open(heir, -1);
    std::vector<RunId> found;
    shell::Recovery recovery{
        *store,
        clock,
        {.found =
             [this](std::vector<std::pair<RunId, ShardInput>> inputs) {
                 for (auto const& [run, input] : inputs) found.push_back(run);
             },
         .loading = [] { return std::size_t{0}; },
         .quarantine = [](RunId, std::string const&) { FAIL("nobody is to be set aside"); }}};
};

}  // namespace

TEST_CASE("a suspect is resumed alone, whatever else there is to be done for it", "[shell]") {
    Estate estate;
    auto const first = estate.leave(true);
    auto const second = estate.leave(true);
    auto const other = estate.leave(false);
    estate.recovery.owns({taken_over});
    estate.recovery.took_over({taken_over});
    CHECK(estate.recovery.resume_now({first, second, other}) == std::set{other});
    CHECK(estate.step() == std::vector{other, first});
    auto const& markers = estate.database.tables.probation;
    CHECK(markers.at(first).alone);
    CHECK_FALSE(markers.at(second).alone);
    CHECK(estate.recovery.resume_now({first, second}) == std::set{first});
    CHECK(estate.step().empty());  // the first one is still at it
    estate.database.tables.runs.at(first).row.status = RunRow::Status::completed;
    CHECK(estate.step() == std::vector{second});
    CHECK(markers.at(second).alone);
}

TEST_CASE("suspects who are acquitted before their turn still have it, one after the other",
          "[shell]") {
    Estate estate;
    auto const first = estate.leave(true);
    auto const second = estate.leave(true);
    estate.recovery.owns({taken_over});
    estate.recovery.took_over({taken_over});
    for (auto const& run : {first, second})  // so that nothing is held against them any more
        estate.database.tables.runs.at(run).row.status = RunRow::Status::completed;
    CHECK(estate.step() == std::vector{first});
    CHECK(estate.step() == std::vector{second});
}
