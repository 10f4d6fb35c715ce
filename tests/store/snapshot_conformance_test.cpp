// What every event store promises about snapshots and about resuming many runs at once.
#include "tests/catch.h"
#include "tests/store/sample.h"
#include "tests/store/twins.h"

using namespace resolute;
using namespace resolute::testing;
using namespace std::chrono_literals;

namespace {

Snapshot snapshot_for(SampleRun const& run) {
    auto const row = run.row();
    return {.run = run.id,
            .tenant = "default",
            .sequence = row.sequence,
            .head = run.end().chain,
            .definition = row.workflow.digest,
            .state = std::string("\0state\xff", 7),
            .at = noon};
}

}  // namespace

ON_BOTH_STORES("runs are resumed together, in the order they were asked for") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun first(3), second(4);
    store->append({first.start(), second.start()});
    store->append({second.more(4)});
    auto const stored = store->resume({second.id, fresh_id<RunId>(), first.id});
    REQUIRE(stored.size() == 3);
    REQUIRE(stored[0]);
    CHECK(stored[0]->row.run == second.id);
    CHECK(stored[0]->events == store->load(second.id)->events);
    CHECK_FALSE(stored[0]->snapshot);
    CHECK_FALSE(stored[1]);
    REQUIRE(stored[2]);
    CHECK(stored[2]->events == store->load(first.id)->events);
    CHECK(store->resume({}).empty());
}

ON_BOTH_STORES("a run with a snapshot is resumed from the snapshot's last event on") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run(3), other(3);
    store->append({run.start(), other.start()});
    store->append({run.more(4)});
    auto const taken = snapshot_for(run);
    store->keep({taken, snapshot_for(other)});
    store->append({run.more(2)});
    auto const stored = store->resume({run.id}).front();
    REQUIRE(stored->snapshot);
    CHECK(stored->snapshot->sequence == taken.sequence);
    CHECK(stored->snapshot->head == taken.head);
    CHECK(stored->snapshot->definition == taken.definition);
    CHECK(stored->snapshot->state == taken.state);
    REQUIRE(stored->events.size() == 3);
    CHECK(stored->events.front().sequence == taken.sequence);
    CHECK(stored->events.front().chain == taken.head);
}

ON_BOTH_STORES("a newer snapshot replaces an older one and not the other way round") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    store->append({run.start()});
    auto const early = snapshot_for(run);
    store->append({run.more(2)});
    auto const late = snapshot_for(run);
    store->keep({late});
    store->keep({early});
    CHECK(store->resume({run.id}).front()->snapshot->sequence == late.sequence);
}

ON_BOTH_STORES("a part of a history can be read") {
    TestType twin;
    auto const store = open_writer(twin);
    SampleRun run;
    store->append({run.start()});
    store->append({run.more(9)});
    auto const part = store->load(run.id, 4, 3)->events;
    REQUIRE(part.size() == 3);
    CHECK(part.front().sequence == 5);
    CHECK(part.back().sequence == 7);
    CHECK(store->load(run.id, 8, 100)->events.size() == 2);
    CHECK(store->load(run.id, 10, 100)->events.empty());
}
