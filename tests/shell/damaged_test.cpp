// A run whose large value was lost: set aside with a reason that names the event, and a bundle.
#include "base/limits.h"
#include "engine/chain.h"
#include "engine/shard_of.h"
#include "engine/shell/bundle.h"
#include "engine/shell/loader.h"
#include "engine/store/memory_database.h"
#include "tests/catch.h"

using namespace resolute;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp some_day{1'772'366'400'000'000};

struct Damaged {
    Damaged() {
        add(RunStarted{.workflow = {"demo/letter", "1", sha256("definition")}, .salt = "salt"});
        add(WorkStarted{.input = Json(std::string(2 * limits::blob_bytes, 'x'))});
        append.row = RunRow{.run = run,
                            .tenant = "default",
                            .shard = shard_of(run),
                            .workflow = {"demo/letter", "1", sha256("definition")},
                            .sequence = 2};
        REQUIRE(std::holds_alternative<Committed>(store->append({append}).front()));
    }

    void add(Fact const& fact) {
        EncodedEvent event{.sequence = append.events.size() + 1,
                           .at = some_day,
                           .kind = kind_number(fact),
                           .body = encode(fact),
                           .chain = {}};
        head = event.chain = chain_next(head, event, "salt");
        append.events.push_back(std::move(event));
    }

    store::MemoryDatabase database{[] { return some_day; }};
    std::unique_ptr<EventStore> store =
        database.open(database.membership().join("tester", 1, 1min), 0);
    RunId run{{1, 2, 3}};
    Digest head = chain_start(run);
    Append append{.run = run,
                  .tenant = "default",
                  .shard = shard_of(run),
                  .after = Head{0, chain_start(run)}};
};

}  // namespace

TEST_CASE("a run is folded with its large values", "[shell]") {
    Damaged world;
    auto const input = shell::fold_stored(*world.store, world.run, world.store->load(world.run));
    auto const* loaded = std::get_if<RunLoaded>(&input);
    REQUIRE(loaded);
    CHECK(loaded->fold.sequence == 2);
}

TEST_CASE("a large value that is lost sets its run aside, and the bundle says which", "[shell]") {
    Damaged world;
    world.database.tables.blobs.clear();
    auto stored = world.store->load(world.run, 0, 1);
    stored->events.clear();
    stored->snapshot = Snapshot{};  // does not fit: the history is read
    auto const input = shell::fold_stored(*world.store, world.run, std::move(stored));
    auto const* failed = std::get_if<LoadFailed>(&input);
    REQUIRE(failed);
    CHECK(failed->kind == LoadFailed::Kind::corrupt);
    CHECK_THAT(failed->why.title + failed->why.detail,
               ContainsSubstring("event 2: its value of 131074 bytes, the blob ") &&
                   ContainsSubstring("is missing"));

    auto const bundle = parse_json(
        shell::diagnostic_bundle(*world.store, world.run, "it cannot be read", some_day));
    REQUIRE(bundle);
    CHECK_THAT(bundle->at("history").get<std::string>(), ContainsSubstring("event 2"));
    CHECK(bundle->at("reason") == "it cannot be read");
}
