// The reading half of PostgresStore.
#include <algorithm>
#include <limits>

#include "base/limits.h"
#include "base/log.h"
#include "engine/corrupt_history.h"
#include "engine/store/postgres_store.h"
#include "engine/store/queries.h"
#include "engine/store/run_rows.h"

namespace resolute::store {
namespace {

constexpr std::size_t no_limit = std::numeric_limits<std::int64_t>::max();

Array as_array(std::vector<int> const& shards) {
    Array array(Type::int2);
    for (int const shard : shards) array.add_integer(shard);
    return array;
}

void add_due(std::vector<DueRun>& due, Rows const& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i)
        due.push_back({.run = RunId{rows.at(i, 0).uuid()},
                       .shard = static_cast<int>(rows.at(i, 1).integer()),
                       .status = status_of(rows.at(i, 2)),
                       .wake_at = rows.at(i, 3).optional_time()});
}

}  // namespace

std::optional<StoredRun> PostgresStore::load(RunId run, std::uint64_t after, std::size_t limit) {
    try {
        // The row first: events that are added in between belong to the run all the same.
        auto const head = read(queries::load_run, Parameters().uuid(run.value));
        if (head.empty()) return std::nullopt;
        StoredRun stored{.row = run_row_at(head, 0)};
        auto const most_bytes = limit == all ? no_limit : limits::load_bytes;
        auto const first = std::min(after, no_limit - 1) + 1;
        auto const last = limit < no_limit - first ? first + limit - 1 : no_limit;
        auto const rows =
            read(queries::load_events, Parameters()
                                           .uuid(run.value)
                                           .int8(static_cast<std::int64_t>(first))
                                           .int8(static_cast<std::int64_t>(last))
                                           .int8(static_cast<std::int64_t>(most_bytes)));
        EventPage page(run, first, limit, most_bytes);
        for (std::size_t i = 0; i < rows.size(); ++i) page.add(history_row_at(rows, i));
        stored.events = page.take();
        for (std::size_t i = 0; i < stored.events.size(); ++i)
            if (stored.events[i].sequence != after + 1 + i)
                throw CorruptHistory("event " + std::to_string(after + 1 + i) + " is missing");
        make_whole(stored, most_bytes);
        return stored;
    } catch (StatementRefused const& error) {
        if (error.sqlstate.starts_with("XX")) throw CorruptHistory(error.what());  // a damaged page
        throw;
    }
}

void PostgresStore::make_whole(StoredRun& stored, std::size_t most_bytes) {
    auto const run = stored.row.run;
    store::make_whole(run, stored.events, most_bytes, [&](std::vector<Digest> const& digests) {
        return blobs_in(read(queries::find_blobs, find_blobs_parameters(run, digests)));
    });
}

std::vector<DueRun> PostgresStore::due(std::vector<int> const& shards, Timestamp until, Scope scope,
                                       std::size_t limit, RunId after) {
    std::vector<DueRun> due;
    auto const room = [&] { return static_cast<std::int64_t>(limit - due.size()); };
    if (scope == Scope::everything)
        add_due(due, read(queries::in_progress,
                          Parameters().array(as_array(shards)).int8(room()).uuid(after.value)));
    if (due.size() < limit)
        add_due(due,
                read(queries::due, Parameters().array(as_array(shards)).time(until).int8(room())));
    return due;
}

std::vector<Message> PostgresStore::inbox(std::vector<int> const& shards, std::size_t limit) {
    auto const rows =
        read(queries::inbox,
             Parameters().array(as_array(shards)).int8(static_cast<std::int64_t>(limit)));
    std::vector<Message> messages;
    std::vector<std::pair<MessageId, std::string>> unreadable;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const json = parse_json(rows.at(i, 1).view());
        auto message = json ? message_from_json(*json) : Result<Message>(json.diagnostics());
        if (message)
            messages.push_back(*std::move(message));
        else
            unreadable.emplace_back(MessageId{rows.at(i, 0).uuid()},
                                    to_string(message.diagnostics()));
    }
    for (auto const& [id, why] : unreadable) refuse(id, why);
    if (!unreadable.empty())  // one line, however many they are
        log::error("messages in the inbox cannot be read and were put aside: " +
                   std::to_string(unreadable.size()) + ", the first is " +
                   to_string(unreadable.front().first) + ": " + unreadable.front().second);
    return messages;
}

std::size_t PostgresStore::match_events() {
    // The lock is the session's: it goes with the connection, should that be lost.
    auto const asked = read(queries::events_unmatched, Parameters());
    if (!asked.at(0, 0).boolean()) return 0;
    std::size_t given = 0;
    try {
        bool is_done = !asked.at(0, 1).boolean();
        for (int pass = 0; pass < limits::event_matches && !is_done; ++pass) {
            auto const keyed = read(queries::key_events, Parameters().int4(limits::events_matched));
            auto const matched = read(queries::match_events, Parameters()
                                                                 .int4(limits::events_matched)
                                                                 .text(keyed.at(0, 0).text())
                                                                 .text(keyed.at(0, 1).text()));
            given += static_cast<std::size_t>(matched.at(0, 0).integer());
            is_done = !matched.at(0, 1).boolean();
        }
        is_done = !asked.at(0, 2).boolean();
        for (int pass = 0; pass < limits::event_matches && !is_done; ++pass) {
            auto const places =
                read(queries::give_places,
                     Parameters().int8(limits::places_given).int8(limits::place_keys));
            given += static_cast<std::size_t>(places.at(0, 0).integer());
            is_done = !places.at(0, 1).boolean();
        }
    } catch (...) {
        connection_.reset();
        throw;
    }
    read(queries::events_unlock, Parameters());
    return given;
}

void PostgresStore::refuse(MessageId message, std::string const& reason) {
    read(queries::refuse_message, Parameters().uuid(message.value).text(reason));
}

void PostgresStore::quarantine(RunId run, std::string const& reason, Timestamp at,
                               std::string const& bundle) {
    auto const alive = read(queries::quarantine, Parameters()
                                                     .uuid(options_.member.value)
                                                     .uuid(run.value)
                                                     .text(reason)
                                                     .time(at)
                                                     .text(bundle));
    if (!alive.at(0, 0).boolean()) throw Fenced();
}

}  // namespace resolute::store
