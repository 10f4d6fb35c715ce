// Schedules with a virtual clock over a store: time goes on, runs start and end when a test says
// so.
#pragma once

#include <map>
#include <set>

#include "engine/shard_of.h"
#include "engine/shell/scheduler.h"
#include "engine/store/definitions.h"
#include "engine/store/memory_schedules.h"
#include "engine/store/postgres_schedules.h"
#include "tests/catch.h"
#include "tests/store/sample.h"
#include "tests/store/twins.h"
#include "workflow/firing.h"
#include "workflow/load.h"

namespace resolute::testing {

class MemoryYard {
  public:
    void publish(workflow::Definition const& definition, SchedulePlan const& plan, Timestamp at) {
        schedules().publish(definition.ref, plan, at);
    }
    void withdraw(std::string const& workflow);
    bool post_event(Json const& event) { return database_.post_event("default", event); }
    Membership& membership() { return database_.membership(); }
    std::unique_ptr<EventStore> open(MemberId member) { return database_.open(member, 0); }
    store::MemorySchedules& schedules() { return schedules_; }
    void let_leases_end() { now_ = now_ + std::chrono::hours(1); }

  private:
    Timestamp now_ = noon;  // of leases
    store::MemoryDatabase database_{[this] { return now_; }};
    store::MemorySchedules schedules_{database_};
};

class PostgresYard {
  public:
    void publish(workflow::Definition const& definition, SchedulePlan const& plan, Timestamp at);
    void withdraw(std::string const& workflow) { definitions_.withdraw("workflow", workflow); }
    bool post_event(Json const& event) { return inbox_.post_event("default", event); }
    Membership& membership() { return membership_; }
    std::unique_ptr<EventStore> open(MemberId member) {
        return std::make_unique<store::PostgresStore>(
            store::PostgresStoreOptions{.url = database.url(), .member = member, .writer = 0});
    }
    store::PostgresSchedules& schedules() { return schedules_; }
    void let_leases_end() { database.run("update resolute.member set expires_at = '2000-01-01'"); }

    MigratedDatabase database;

  private:
    store::PostgresMembership membership_{database.url()};
    store::Inbox inbox_{database.url()};
    store::Definitions definitions_{database.url()};
    store::PostgresSchedules schedules_{database.url()};
};

// What a schedule is decided with: the definitions that were published.
class Shelf {
  public:
    workflow::Definition const& add(std::string const& yaml);
    std::shared_ptr<workflow::Definition const> find(Digest const& digest) const {
        return definitions_.at(digest);
    }
    ScheduleStep decide(ScheduleRow const& row, ScheduleSituation const& situation) const {
        return workflow::fire(row, *find(row.workflow.digest), situation);
    }

  private:
    std::map<Digest, std::shared_ptr<workflow::Definition const>> definitions_;
};

struct StartedHere {
    RunId run;
    std::string key;  // of the fire: "2026-03-01T12:00:00", "event:…"
    Json input;
    bool operator==(StartedHere const&) const = default;
};

template <class Yard>
class World {
  public:
    // Puts a version of test/flow in force.
    void publish(std::string const& schedule, std::string const& options = "",
                 std::string const& version = "1.0.0") {
        auto const& definition = shelf.add(
            "document: { dsl: '1.0.3', namespace: test, name: flow, version: '" + version + "'" +
            (options.empty() ? "" : ", metadata: { schedule: " + options + " }") + " }\n" +
            (schedule.empty() ? "" : "schedule: " + schedule + "\n") +
            "do:\n  - a: { set: { x: 1 } }\n");
        SchedulePlan plan{id(), definition.schedule != nullptr};
        if (plan.is_scheduled) plan.event_types = definition.schedule->event_types();
        yard.publish(definition, plan, now);
    }

    static ScheduleId id() { return schedule_of("default", "test/flow"); }
    ScheduleRow row() { return yard.schedules().find(id()).value(); }

    // Time goes on to this; somebody looks whenever something is due on the way.
    std::vector<std::string> until(Timestamp time) {
        std::vector<std::string> keys;
        auto take = [&] {
            look();
            for (auto const& run : start_posted()) keys.push_back(run.key);
        };
        take();
        while (true) {
            auto const stored = yard.schedules().find(id());
            if (!stored || !stored->next_at || *stored->next_at > time) break;
            now = std::max(now, *stored->next_at);
            take();
        }
        now = time;
        return keys;
    }
    std::vector<std::string> after(Duration duration) { return until(now + duration); }
    // Time goes on and nobody looks.
    void pass(Duration duration) { now = now + duration; }

    void look() {
        for (int i = 0; i < 1000; ++i)
            if (shell::look_at_schedules(yard.schedules(), {member, all_shards(), now}, decide())
                    .moved == 0)
                return;
        FAIL("a schedule never comes to rest");
    }
    shell::DecideSchedule decide() {
        return [this](ScheduleRow const& row, ScheduleSituation const& situation) {
            return shelf.decide(row, situation);
        };
    }

    // Does what an engine does with the messages of its inbox: starts runs, hears of cancels.
    std::vector<StartedHere> start_posted() {
        std::vector<StartedHere> found;
        for (auto const& message : store->inbox(all_shards(), 1000)) {
            Append append{.run = message.run, .tenant = "default", .shard = shard_of(message.run)};
            if (auto const* start = std::get_if<StartRun>(&message.content)) {
                SampleRun run;
                run.id = message.run;
                run.now = now;
                append = run.start(start->case_id, start->workflow.name);
                append.consumed = {message.id};
                auto const verdict = store->append({append}).front();
                if (std::holds_alternative<Committed>(verdict)) {
                    runs.insert_or_assign(message.run, run);
                    auto const key = start->case_id.substr(std::string("schedule:").size());
                    found.push_back({message.run, shortened(key), start->input.json()});
                    continue;
                }
                append = {.run = message.run, .tenant = "default", .shard = shard_of(message.run)};
            } else {
                cancelled.push_back(message.run);
            }
            append.consumed = {message.id};
            store->append({append});
        }
        started.insert(started.end(), found.begin(), found.end());
        return found;
    }

    void end(RunId run) {
        auto& sample = runs.at(run);
        auto append = sample.more();
        sample.now = now;
        append.row = sample.row(RunRow::Status::completed);
        REQUIRE(std::holds_alternative<Committed>(store->append({append}).front()));
    }
    void end_latest() { end(started.back().run); }

    // "started", "skipped", …: what became of the latest fires, oldest first.
    std::vector<std::string> recent() {
        std::vector<std::string> found;
        for (auto const& fired : row().state.recent) found.push_back(fired.what);
        return found;
    }
    bool change(ScheduleStep const& step) { return yard.schedules().advance({}, row(), step); }

    static std::vector<int> all_shards() {
        std::vector<int> all;
        for (int i = 0; i < 256; ++i) all.push_back(i);
        return all;
    }
    static std::string shortened(std::string const& key) {
        return key.starts_with("2") ? key.substr(0, 19) : key;
    }

    Yard yard;
    Shelf shelf;
    Timestamp now = noon;
    MemberId member = yard.membership().join("tester", 1, std::chrono::minutes(1));
    std::unique_ptr<EventStore> store = yard.open(member);
    std::map<RunId, SampleRun> runs;
    std::vector<StartedHere> started;  // all of them, in order
    std::vector<RunId> cancelled;
};

}  // namespace resolute::testing
