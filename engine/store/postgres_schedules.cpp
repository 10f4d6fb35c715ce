#include "engine/store/postgres_schedules.h"

#include <charconv>

#include "base/limits.h"
#include "engine/corrupt_history.h"
#include "engine/shard_of.h"
#include "engine/store/queries.h"
#include "engine/store/scheduled_runs.h"

namespace resolute::store {
namespace {

Json json_of(Cell const& cell) {
    auto read = parse_json(cell.view(), "schedule");
    if (!read) throw CorruptHistory("a schedule holds what is no JSON");
    return *std::move(read);
}

std::uint64_t transaction_of(Cell const& cell) {
    std::uint64_t number = 0;
    auto const text = cell.view();
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        throw CorruptHistory("a schedule names the transaction `" + cell.text() + "`");
    return number;
}

std::vector<ScheduleRow> rows_of(Rows const& rows) {
    std::vector<ScheduleRow> found;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto cell = [&](std::size_t column) { return rows.at(i, column); };
        found.push_back({.schedule = ScheduleId{cell(0).uuid()},
                         .tenant = cell(1).text(),
                         .workflow = {cell(2).text(), cell(3).text(), cell(4).digest()},
                         .event_types = json_of(cell(5)).get<std::vector<std::string>>(),
                         .published_at = cell(6).time(),
                         .revision = static_cast<std::uint64_t>(cell(7).integer()),
                         .next_at = cell(8).optional_time(),
                         .heard = {transaction_of(cell(9)), cell(10).integer()},
                         .state = schedule_state_from_json(json_of(cell(11)))});
    }
    return found;
}

Array texts(std::vector<std::string> const& values) {
    Array array(Type::text);
    for (auto const& value : values) array.add_text(value);
    return array;
}

Array one_or_null(std::optional<Timestamp> const& at) {
    Array array(Type::time);
    array.add(at);
    return array;
}

}  // namespace

Rows PostgresSchedules::ask(Query const& query, Parameters const& parameters) {
    return session_.run([&](Connection& connection) { return connection.run(query, parameters); });
}

std::vector<ScheduleRow> PostgresSchedules::due(std::vector<int> const& shards, Timestamp until,
                                                std::size_t limit) {
    Array owned(Type::int2);
    for (int const shard : shards) owned.add_integer(shard);
    return rows_of(ask(
        queries::schedules_due,
        Parameters().array(std::move(owned)).time(until).int8(static_cast<std::int64_t>(limit))));
}

ScheduleSituation PostgresSchedules::around(ScheduleRow const& row, Timestamp now) {
    ScheduleSituation situation{.now = now, .runs = {}, .events = {}};
    Array runs(Type::uuid), messages(Type::uuid);
    for (auto const& [run, start] : awaited_runs(row)) {
        runs.add_uuid(run.value);
        messages.add_uuid(start.value);
    }
    if (runs.size() > 0) {
        auto const found = ask(queries::scheduled_runs,
                               Parameters().array(std::move(runs)).array(std::move(messages)));
        for (std::size_t i = 0; i < found.size(); ++i)
            situation.runs[RunId{found.at(i, 0).uuid()}] = {found.at(i, 1).boolean(),
                                                            found.at(i, 2).optional_time()};
    }
    if (row.event_types.empty()) return situation;
    auto const events = ask(queries::events_after,
                            Parameters()
                                .text(row.tenant)
                                .array(texts(row.event_types))
                                .text(std::to_string(row.heard.transaction))
                                .int8(row.heard.position)
                                .int8(static_cast<std::int64_t>(limits::schedule_events_per_step)));
    for (std::size_t i = 0; i < events.size(); ++i)
        situation.events.push_back({{transaction_of(events.at(i, 0)), events.at(i, 1).integer()},
                                    json_of(events.at(i, 2))});
    return situation;
}

bool PostgresSchedules::advance(MemberId member, ScheduleRow const& row, ScheduleStep const& step) {
    Array ids(Type::uuid), tenants(Type::text), runs(Type::uuid), shards(Type::int2),
        contents(Type::text);
    for (auto const& message : step.posted) {
        ids.add_uuid(message.id.value);
        tenants.add_text(row.tenant);
        runs.add_uuid(message.run.value);
        shards.add_integer(shard_of(message.run));
        contents.add_text(to_text(to_json(message)));
    }
    auto const moved =
        ask(queries::advance_schedule, Parameters()
                                           .uuid(member.value)
                                           .uuid(row.schedule.value)
                                           .int8(static_cast<std::int64_t>(row.revision))
                                           .array(one_or_null(step.next_at))
                                           .text(std::to_string(step.heard.transaction))
                                           .int8(step.heard.position)
                                           .text(to_text(to_json(step.state)))
                                           .array(std::move(ids))
                                           .array(std::move(tenants))
                                           .array(std::move(runs))
                                           .array(std::move(shards))
                                           .array(std::move(contents)));
    return moved.at(0, 0).boolean();
}

std::optional<ScheduleRow> PostgresSchedules::find(ScheduleId schedule) {
    Array only(Type::uuid);
    only.add_uuid(schedule.value);
    auto found =
        rows_of(ask(queries::list_schedules, Parameters().text("").array(std::move(only))));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<ScheduleRow> PostgresSchedules::all(std::string const& tenant) {
    return rows_of(
        ask(queries::list_schedules, Parameters().text(tenant).array(Array(Type::uuid))));
}

}  // namespace resolute::store
