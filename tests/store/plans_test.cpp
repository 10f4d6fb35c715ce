// How PostgreSQL means to run the statements of the hot path. Such a statement keeps the plan that
// it was given first, and queues are empty when a process starts: what is cheap then must be what
// is cheap with a hundred thousand rows.
#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "engine/store/queries.h"
#include "tests/catch.h"
#include "tests/store/twins.h"

using namespace resolute;
using namespace resolute::testing;
using store::Connection;
using store::Query;
using namespace std::string_literals;

namespace {

// What a store asks (ConnectionOptions::Plans::fixed).
std::vector<Query> hot_statements() {
    using namespace store::queries;
    return {acquit,
            append_all,
            append_events,
            append_runs,
            append_starts,
            case_owner,
            claim_writer,
            due,
            ends_of,
            events_unlock,
            events_unmatched,
            find_blobs,
            give_places,
            in_progress,
            inbox,
            keep_snapshots,
            key_events,
            load_events,
            load_run,
            match_events,
            put_on_probation,
            quarantine,
            refuse_message,
            resume_events,
            resume_runs,
            stored_already,
            suspects};
}

// Tables of a few rows, whoever uses the engine: members and what they hold, shapes that workflows
// listen for, and lists of what changed since somebody last looked.
bool is_small(std::string const& table) {
    static std::set<std::string> const small{"event_shape", "listener_look", "member", "place_look",
                                             "writer"};
    return small.contains(table);
}

// Statements that are to read all of something: queues, which hold nothing but what waits, and what
// is on probation.
bool is_meant(Query const& query, std::string const& what) {
    static std::set<std::pair<std::string_view, std::string>> const meant{
        {"acquit", "inbox_open"},
        {"acquit", "probation"},
        {"events_unmatched", "event_in_fresh"},
        {"inbox", "inbox_open"},
        {"key_events", "event_in_fresh"},
        {"key_events", "event_in_open"},
        {"suspects", "inbox_open"}};
    return meant.contains({query.name, what});
}

int parameters_of(std::string_view sql) {
    int most = 0;
    for (auto at = sql.find('$'); at != sql.npos; at = sql.find('$', at + 1)) {
        int number = 0;
        std::from_chars(sql.data() + at + 1, sql.data() + sql.size(), number);
        most = std::max(most, number);
    }
    return most;
}

std::map<std::string, std::string> first_columns(Connection& connection) {
    auto const rows = connection.run(
        {"first_columns",
         "select indexrelid::regclass::text, attname from pg_index join pg_attribute "
         "on attrelid = indrelid and attnum = indkey[0] where indrelid::regclass::text !~ 'pg_'"});
    std::map<std::string, std::string> found;
    for (std::size_t i = 0; i < rows.size(); ++i)
        found[rows.at(i, 0).text()] = rows.at(i, 1).text();
    return found;
}

Json plan_of(std::string const& url, Query const& query) {
    Connection connection({.url = url, .plans = store::ConnectionOptions::Plans::fixed});
    connection.run_script("prepare asked as " + std::string(query.sql));
    std::string nulls;
    for (int i = parameters_of(query.sql); i > 0; --i) nulls += i > 1 ? "null, " : "null";
    auto const call =
        "explain (format json) execute asked" + (nulls.empty() ? "" : "(" + nulls + ")");
    return Json::parse(connection.run({"plan", call}).at(0, 0).view())[0]["Plan"];
}

// What of this plan reads a table, or an index, from one end to the other.
std::vector<std::string> whole_reads(Json const& plan,
                                     std::map<std::string, std::string> const& first) {
    std::vector<std::string> found;
    auto const table = plan.value("Relation Name", "");
    auto const index = plan.value("Index Name", "");
    auto condition = plan.value("Index Cond", "");
    std::erase(condition, '"');
    if (plan.value("Node Type", "") == "Seq Scan" && !is_small(table)) found.push_back(table);
    if (!index.empty() && !is_small(table) &&
        condition.find("(" + first.at(index) + " ") == condition.npos)
        found.push_back(index);
    for (auto const& part : plan.value("Plans", Json::array()))
        for (auto const& inside : whole_reads(part, first)) found.push_back(inside);
    return found;
}

}  // namespace

TEST_CASE("no statement of the hot path reads a table whole, whatever statistics say", "[plans]") {
    MigratedDatabase database;
    auto const statistics = GENERATE("none", "of empty tables", "of a quiet time");
    if (statistics == "of a quiet time"s)  // all events are taken
        database.run(
            "insert into resolute.event_in (tenant, source, event_id, type, content, taken_by, "
            "taken_at) select 'default', 'test', nth::text, 'paid', '{}', gen_random_uuid(), now() "
            "from generate_series(1, 3000) as nth");
    if (statistics != "none"s) database.run("vacuum analyze");
    Connection connection({.url = database.connection_string()});
    auto const first = first_columns(connection);
    for (auto const& query : hot_statements()) {
        auto found = whole_reads(plan_of(database.connection_string(), query), first);
        std::erase_if(found, [&](std::string const& what) { return is_meant(query, what); });
        INFO(query.name << ", statistics " << statistics);
        CHECK(found == std::vector<std::string>());
    }
}
