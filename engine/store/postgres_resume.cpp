// Of PostgresStore: what runs are resumed from, many in two round trips, and their snapshots.
#include <sys/socket.h>

#include <algorithm>

#include "base/failpoint.h"
#include "base/limits.h"
#include "engine/corrupt_history.h"
#include "engine/store/postgres_store.h"
#include "engine/store/queries.h"
#include "engine/store/run_rows.h"

namespace resolute::store {
std::vector<std::optional<StoredRun>> PostgresStore::resume(std::vector<RunId> const& runs) {
    std::vector<std::optional<StoredRun>> stored(runs.size());
    Array wanted(Type::uuid), run(Type::uuid), first(Type::int8);
    for (auto const& id : runs) wanted.add_uuid(id.value);
    RESOLUTE_CUTPOINT("load.reading", ::shutdown(connected().socket(), SHUT_RDWR));
    auto const rows = read(queries::resume_runs, Parameters().array(wanted).int2(snapshot_format));
    std::vector<std::size_t> places;  // of the rows that were found
    std::vector<EventPage> pages;     // of each of them
    for (std::size_t i = 0; i < rows.size(); ++i) {
        places.push_back(static_cast<std::size_t>(rows.at(i, 16).integer()) - 1);
        auto& found = stored[places.back()].emplace(StoredRun{run_row_at(rows, i), {}});
        found.snapshot = snapshot_at(rows, i, found.row);
        run.add_uuid(found.row.run.value);
        // The snapshot's own last event too: its chain proves that they belong together.
        auto const from = found.snapshot ? found.snapshot->sequence : 1;
        first.add_integer(static_cast<std::int64_t>(from));
        pages.emplace_back(found.row.run, from, limits::events_per_load, limits::load_bytes);
    }
    RESOLUTE_CUTPOINT("load.read", throw ConnectionLost("cut off by a test"));
    if (places.empty()) return stored;
    auto const rows_of_events = read(queries::resume_events, Parameters()
                                                                 .array(run)
                                                                 .array(first)
                                                                 .int8(limits::events_per_load)
                                                                 .int8(limits::load_bytes));
    for (std::size_t i = 0; i < rows_of_events.size(); ++i)
        pages[static_cast<std::size_t>(rows_of_events.at(i, 5).integer()) - 1].add(
            history_row_at(rows_of_events, i));
    for (std::size_t i = 0; i < places.size(); ++i) {
        auto& found = *stored[places[i]];
        found.events = pages[i].take();
        make_whole(found, limits::load_bytes);
    }
    return stored;
}

void PostgresStore::keep(std::vector<Snapshot> const& snapshots) {
    Array run(Type::uuid), tenant(Type::text), sequence(Type::int8), head(Type::bytes),
        definition(Type::bytes), state(Type::bytes), at(Type::time);
    for (auto const& snapshot : snapshots) {
        run.add_uuid(snapshot.run.value);
        tenant.add_text(snapshot.tenant);
        sequence.add_integer(static_cast<std::int64_t>(snapshot.sequence));
        head.add_text(snapshot.head.view());
        definition.add_text(snapshot.definition.view());
        state.add_text(snapshot.state);
        at.add_time(snapshot.at);
    }
    read(queries::keep_snapshots, Parameters()
                                      .array(run)
                                      .array(tenant)
                                      .array(sequence)
                                      .int2(snapshot_format)
                                      .array(head)
                                      .array(definition)
                                      .array(state)
                                      .array(at));
}

}  // namespace resolute::store
