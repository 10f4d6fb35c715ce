#include "workflow/lifecycle.h"

#include <algorithm>

#include "workflow/schedule.h"

namespace resolute::workflow {
namespace {

constexpr std::string_view prefix = "io.serverlessworkflow.";

bool begins_and_ends_at_once(std::string const& kind) {
    return kind == "set" || kind == "switch" || kind == "emit" || kind == "raise";
}

// What one append tells, in order; a step is told of once for each type.
class Telling {
  public:
    Telling(Run const& run, std::set<std::string> const& types, KindOfStep const& kind_of,
            Append& append)
        : run_(run), types_(types), kind_of_(kind_of), append_(append) {
        auto const& ref = run.started.workflow;
        auto const slash = ref.name.find('/');
        namespace_ = ref.name.substr(0, slash);
        definition_ = ref.name.substr(slash + 1);
        name_ = definition_ + "-" + to_string(run.id) + "." + namespace_;
    }

    void tell(Event const& event) {
        sequence_ = event.sequence;
        at_ = event.at;
        std::visit([this](auto const& fact) { on(fact); }, event.fact);
    }

  private:
    void add(std::string const& what, StepId const& step, Json data) {
        auto const type = std::string(prefix) + what + ".v1";
        if (!types_.contains(type)) return;
        auto id = std::to_string(sequence_) + "-" + what + (step.path.empty() ? "" : step.path);
        append_.events_changed.push_back({EventChange::Kind::emitted, step,
                                          Payload(Json{{"specversion", "1.0"},
                                                       {"id", std::move(id)},
                                                       {"source", "/runs/" + to_string(run_.id)},
                                                       {"type", type},
                                                       {"subject", to_string(run_.id)},
                                                       {"time", to_string(at_)},
                                                       {"datacontenttype", "application/json"},
                                                       {"data", std::move(data)}})});
    }

    // ---- the run

    void workflow(char const* what, char const* when, Json data = Json::object()) {
        data["name"] = name_;
        data[when] = to_string(at_);
        add(std::string("workflow.") + what, {}, std::move(data));
    }
    void status(char const* phase) { workflow("status-changed", "updatedAt", {{"status", phase}}); }

    void on(RunStarted const& fact) {
        workflow("started", "startedAt",
                 {{"definition",
                   {{"name", definition_},
                    {"namespace", namespace_},
                    {"version", fact.workflow.version}}}});
        status("running");
    }
    void on(RunPaused const&) {
        workflow("suspended", "suspendedAt");
        status("suspended");
        for (auto const& step : open_steps()) task("suspended", "suspendedAt", step);
    }
    void on(RunResumed const&) {
        workflow("resumed", "resumedAt");
        status("running");
        for (auto const& step : open_steps()) task("resumed", "resumedAt", step);
    }
    void on(RunCompleted const& fact) {
        workflow("completed", "completedAt", {{"output", fact.output.json()}});
        status("completed");
    }
    void on(RunFaulted const& fact) {
        workflow("faulted", "faultedAt", {{"error", error(fact.error)}});
        status("faulted");
    }
    void on(RunCancelled const&) {
        workflow("cancelled", "cancelledAt");
        status("cancelled");
    }

    // ---- steps

    void task(std::string const& what, char const* when, StepId const& step,
              Json data = Json::object()) {
        if (step.path.empty() || !told_.insert({step, what}).second) return;
        data["workflow"] = name_;
        data["task"] = node_of(step);
        data[when] = to_string(at_);
        add("task." + what, step, std::move(data));
    }
    void begins(StepId const& step) {
        task("created", "createdAt", step);
        task("started", "startedAt", step);
    }
    void begins_if_at_once(StepId const& step) {
        if (begins_and_ends_at_once(kind_of_(run_.started.workflow, step))) begins(step);
    }
    void ends(StepId const& step, Payload const& output) {
        task("completed", "completedAt", step, {{"output", output.json()}});
    }
    void fails(StepId const& step, Failure const& why) {
        task("faulted", "faultedAt", step, {{"error", error(why)}});
    }

    void on(StepEntered const& fact) { begins(fact.step); }
    void on(StepCompleted const& fact) {
        begins_if_at_once(fact.step);
        ends(fact.step, fact.output);
    }
    void on(StepFailed const& fact) {
        begins_if_at_once(fact.step);
        fails(fact.step, fact.error);
    }
    void on(ActivityProposed const& fact) { begins(fact.step); }
    void on(ActivityStarted const& fact) {
        if (fact.intent) begins(fact.step);
        if (fact.attempt > 1) task("retried", "retriedAt", fact.step);
    }
    void on(ActivitySucceeded const& fact) {
        if (fact.intent) begins(fact.step);
        if (fact.completes_step) ends(fact.step, fact.output);
    }
    void on(ActivityFailed const& fact) {
        if (fact.intent) begins(fact.step);
        if (!fact.retry_at && !fact.postponed) fails(fact.step, fact.error);
    }
    void on(ActivityDenied const& fact) {
        if (fact.intent) begins(fact.step);
        fails(fact.step, authorization_failure(fact.sentence, fact.code));
    }
    void on(ActivityCancelled const& fact) { task("cancelled", "cancelledAt", fact.step); }
    void on(ApprovalRequested const& fact) {
        if (fact.kind == ApprovalKind::question) begins(fact.step);
    }
    void on(TimerStarted const& fact) {
        if (!run_.frames.contains(fact.step)) begins(fact.step);
    }
    void on(ChildStarted const& fact) { begins(fact.step); }
    void on(MapStarted const& fact) { begins(fact.step); }
    void on(SignalAwaited const& fact) { begins(fact.step); }
    void on(EventsAwaited const& fact) {
        auto const listening = run_.listening.find(fact.step);
        if (listening == run_.listening.end() || listening->second.heard.empty()) begins(fact.step);
        workflow("correlation-started", "startedAt");
    }
    void on(EventReceived const&) { workflow("correlation-completed", "completedAt"); }
    template <class Other>
    void on(Other const&) {}

    std::set<StepId> open_steps() const {
        std::set<StepId> open;
        auto const add_all = [&](auto const& map) {
            for (auto const& [step, _] : map) open.insert(step);
        };
        add_all(run_.activities);
        add_all(run_.timers);
        add_all(run_.listening);
        add_all(run_.children);
        return open;
    }

    static Json error(Failure const& failure) {
        auto json = to_json(failure);
        json.erase("code");
        return json;
    }

    Run const& run_;
    std::set<std::string> const& types_;
    KindOfStep const& kind_of_;
    Append& append_;
    std::string namespace_, definition_, name_;
    std::uint64_t sequence_ = 0;
    Timestamp at_;
    std::set<std::pair<StepId, std::string>> told_;
};

}  // namespace

std::set<std::string> const& all_lifecycle_types() {
    static std::set<std::string> const all = [] {
        std::set<std::string> types;
        for (auto const* what :
             {"workflow.started", "workflow.suspended", "workflow.resumed", "workflow.completed",
              "workflow.faulted", "workflow.cancelled", "workflow.status-changed",
              "workflow.correlation-started", "workflow.correlation-completed", "task.created",
              "task.started", "task.suspended", "task.resumed", "task.retried", "task.cancelled",
              "task.faulted", "task.completed"})
            types.insert(std::string(prefix) + what + ".v1");
        return types;
    }();
    return all;
}

std::set<std::string> lifecycle_types(Definition const& definition) {
    std::set<std::string> types;
    auto const add = [&](std::string const& type) {
        if (type.starts_with(prefix)) types.insert(type);
    };
    if (definition.schedule)
        for (auto const& type : definition.schedule->event_types()) add(type);
    visit_steps(definition.steps, [&](Step const& step) {
        auto const* listen = std::get_if<Listen>(&step.what);
        if (!listen) return;
        for (auto const& filter : listen->filters) add(filter.type);
        for (auto const& filter : listen->until_events) add(filter.type);
    });
    return types;
}

void Audience::add(Definition const& definition) {
    auto const more = lifecycle_types(definition);
    if (more.empty()) return;
    types.insert(more.begin(), more.end());
    listeners.insert(definition.ref.name);
}

void tell(Audience const& audience, KindOfStep const& kind_of, Run const& run, Append& append) {
    if (audience.types.empty() || audience.listeners.contains(run.started.workflow.name)) return;
    Telling telling(run, audience.types, kind_of, append);
    for (auto const& event : append.events) telling.tell(decode(event));
}

}  // namespace resolute::workflow
