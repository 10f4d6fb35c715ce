// Lifecycle events: which are made of what a run does, and for whom.
#include "workflow/lifecycle.h"

#include "engine/codec.h"
#include "engine/run.h"
#include "tests/catch.h"
#include "tests/workflow/driver.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

std::string const all_types[] = {"workflow.started",
                                 "workflow.suspended",
                                 "workflow.resumed",
                                 "workflow.completed",
                                 "workflow.faulted",
                                 "workflow.cancelled",
                                 "workflow.status-changed",
                                 "workflow.correlation-started",
                                 "workflow.correlation-completed",
                                 "task.created",
                                 "task.started",
                                 "task.suspended",
                                 "task.resumed",
                                 "task.retried",
                                 "task.cancelled",
                                 "task.faulted",
                                 "task.completed"};

std::shared_ptr<workflow::Definition const> listener(std::vector<std::string> const& types) {
    std::string filters;
    for (auto const& type : types)
        filters += "          - with: { type: io.serverlessworkflow." + type + ".v1 }\n";
    return *workflow::load(
        "document: { dsl: '1.0.3', namespace: test, name: listener, version: '1.0.0' }\n"
        "do:\n  - hear:\n      listen:\n        to:\n          any:\n" +
        filters);
}

std::string kind_of(WorkflowRef const&, StepId const& step) {
    return step.path.ends_with("set") ? "set" : "call";
}

// A run whose facts are told of, one append for each.
struct Told {
    workflow::Audience audience;
    Run run;
    std::vector<Json> events;

    Told() {
        run.id.value[15] = 7;
        audience.add(*listener({std::begin(all_types), std::end(all_types)}));
    }
    void start(std::string const& workflow = "pets/order") {
        RunStarted started;
        started.workflow = {workflow, "1.2.0", {}};
        started.tenant = "default";
        add({started});
        add({WorkStarted{}});
    }
    void add(std::vector<Fact> const& facts) {
        Append append{.run = run.id, .tenant = "default"};
        for (auto const& fact : facts) {
            Event const event{run.sequence + 1, {1'790'000'000'000'000}, fact};
            apply(run, event);
            append.events.push_back(
                {event.sequence, event.at, kind_number(event.fact), encode(event.fact), {}});
        }
        workflow::tell(audience, kind_of, run, append);
        for (auto const& change : append.events_changed) {
            CHECK(change.kind == EventChange::Kind::emitted);
            events.push_back(change.content.json());
        }
    }
    // "task.started /do/0/pay", in order, since the last call.
    std::vector<std::string> said() {
        std::vector<std::string> lines;
        std::set<std::string> ids;
        for (auto const& event : std::exchange(events, {})) {
            auto type = event.at("type").get<std::string>();
            type = type.substr(22, type.size() - 25);
            auto const& data = event.at("data");
            lines.push_back(type + (data.contains("task") ? " " + data.at("task").get<std::string>()
                                    : data.contains("status")
                                        ? " " + data.at("status").get<std::string>()
                                        : ""));
            CHECK(ids.insert(event.at("id")).second);
        }
        return lines;
    }
};

using Lines = std::vector<std::string>;

ActivityIntent pay() {
    ActivityIntent intent;
    intent.kind = "tool";
    intent.target = "pay";
    intent.effect = Effect::write;
    intent.key = "k";
    return intent;
}

}  // namespace

TEST_CASE("those who ask by pattern know every type of lifecycle event") {
    std::set<std::string> types;
    for (auto const& type : all_types) types.insert("io.serverlessworkflow." + type + ".v1");
    CHECK(workflow::all_lifecycle_types() == types);
}

TEST_CASE("what a run does is told by the types that somebody listens for") {
    Told told;
    told.start();
    auto const first = told.events.front();
    CHECK(first["specversion"] == "1.0");
    CHECK(first["source"] == "/runs/" + to_string(told.run.id));
    CHECK(first["data"]["name"] == "order-" + to_string(told.run.id) + ".pets");
    CHECK(first["data"]["definition"] ==
          Json{{"name", "order"}, {"namespace", "pets"}, {"version", "1.2.0"}});
    CHECK(first["data"]["startedAt"] == first["time"]);
    CHECK(told.said() == Lines{"workflow.started", "workflow.status-changed running"});

    StepId const call{"/do/0/pay"};
    told.add({ActivityStarted{call, 1, {}, pay(), {}}});
    CHECK(told.said() == Lines{"task.created /do/0/pay", "task.started /do/0/pay"});
    told.add({RunPaused{"ann", "why"}});
    CHECK(told.said() == Lines{"workflow.suspended", "workflow.status-changed suspended",
                               "task.suspended /do/0/pay"});
    told.add({RunResumed{"ann", "why"}});
    CHECK(told.said() ==
          Lines{"workflow.resumed", "workflow.status-changed running", "task.resumed /do/0/pay"});
    told.add({ActivityFailed{call, 1, runtime_failure("not now"), {}, Timestamp{1}, {}, false}});
    CHECK(told.said().empty());
    told.add({ActivityStarted{call, 2, {}, {}, {}}});
    CHECK(told.said() == Lines{"task.retried /do/0/pay"});
    told.add({ActivitySucceeded{call, 2, Json{{"ok", true}}, {}, {}, true}});
    CHECK(told.events.front()["data"]["output"] == Json{{"ok", true}});
    CHECK(told.said() == Lines{"task.completed /do/0/pay"});
    told.add({StepCompleted{{"/do/1/set"}, Json(1), {}, ""}});
    CHECK(told.said() ==
          Lines{"task.created /do/1/set", "task.started /do/1/set", "task.completed /do/1/set"});
    told.add({RunCompleted{Json{{"n", 1}}}});
    CHECK(told.events.front()["data"]["output"] == Json{{"n", 1}});
    CHECK(told.said() == Lines{"workflow.completed", "workflow.status-changed completed"});
}

TEST_CASE("errors are told with the task and with the run") {
    Told told;
    told.start();
    told.said();
    auto const why = runtime_failure("the bank says no", "tool_refused");
    told.add({ActivityStarted{{"/do/0/pay"}, 1, {}, pay(), {}},
              ActivityFailed{{"/do/0/pay"}, 1, why, {}, {}, {}, false}});
    CHECK(told.events.back()["data"]["error"]["detail"] == "the bank says no");
    CHECK(told.said() ==
          Lines{"task.created /do/0/pay", "task.started /do/0/pay", "task.faulted /do/0/pay"});
    told.add({RunFaulted{why}});
    CHECK(told.events.front()["data"]["error"]["status"] == 500);
    CHECK(told.said() == Lines{"workflow.faulted", "workflow.status-changed faulted"});
}

TEST_CASE("nothing is made while nobody listens, and only the types that are asked for") {
    Told told;
    workflow::Audience quiet;
    quiet.add(
        **workflow::load(steps("  - a: { listen: { to: { one: { with: { type: paid } } } } }\n")));
    Append append{.run = told.run.id, .tenant = "default"};
    append.events.push_back({1, {}, kind_number(RunStarted{}), encode(RunStarted{}), {}});
    workflow::tell(quiet, kind_of, told.run, append);
    CHECK(append.events_changed.empty());
    quiet.add(*listener({"workflow.started"}));
    workflow::tell(quiet, kind_of, told.run, append);
    REQUIRE(append.events_changed.size() == 1);
    CHECK(append.events_changed[0].content.json()["type"] ==
          "io.serverlessworkflow.workflow.started.v1");
}

TEST_CASE("who listens is not told of itself") {
    Told told;
    told.start("test/listener");
    CHECK(told.events.empty());
}

TEST_CASE("a workflow listens by its filters, by what ends a listening and by its schedule") {
    auto const types = [](std::string const& text) {
        auto const definition = workflow::load(text);
        REQUIRE(definition);
        return workflow::lifecycle_types(**definition);
    };
    CHECK(types(document("schedule: { on: { one: { with: { type: "
                         "io.serverlessworkflow.workflow.faulted.v1 } } } }\n"
                         "do:\n  - a: { set: { x: 1 } }\n")) ==
          std::set<std::string>{"io.serverlessworkflow.workflow.faulted.v1"});
    CHECK(types(steps(
              "  - f:\n      fork:\n        branches:\n          - a: { listen: { to: { any: [ { "
              "with: { type: paid } } ], until: { one: { with: { type: "
              "io.serverlessworkflow.task.completed.v1 } } } } } }\n")) ==
          std::set<std::string>{"io.serverlessworkflow.task.completed.v1"});
}
