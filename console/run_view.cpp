#include "console/run_view.h"

#include <algorithm>
#include <unordered_map>

#include "console/sentences.h"
#include "engine/names.h"

namespace resolute::console {
namespace {

struct StepView {
    StepId step;
    std::string kind;
    std::string status = "running";
    Timestamp started_at;
    std::optional<Timestamp> ended_at;
    int attempts = 0;
    int verifications = 0;
    std::string tool;
    bool scripted = false;
    std::optional<RunId> run;  // that it started
    std::optional<int> items;  // that it starts a run for each of
    std::string summary;
    std::uint64_t first_sequence = 0;
};

struct Counts {
    std::uint64_t steps = 0, attempts = 0, verifications = 0, approvals = 0, model_calls = 0,
                  tokens = 0;
};

// Reads a history once, event by event, and keeps what a person wants to see of each step.
class Viewing {
  public:
    void see(Event const& event) {
        at_ = event.at;
        sequence_ = event.sequence;
        std::visit([this](auto const& fact) { on(fact); }, event.fact);
        auto const step = step_of(event.fact);
        if (step.path.empty() || std::holds_alternative<StepCompleted>(event.fact)) return;
        auto& view = open(step);
        auto const sentence = sentence_of(event.fact);
        if (!std::holds_alternative<StepEntered>(event.fact) &&
            !std::holds_alternative<StepAdvanced>(event.fact))
            view.summary = sentence;
    }

    std::vector<StepView> steps;
    Counts counts;

  private:
    StepView& open(StepId const& step) {
        auto const [found, fresh] = index_.try_emplace(step.path, steps.size());
        if (fresh) steps.push_back({.step = step, .started_at = at_, .first_sequence = sequence_});
        return steps[found->second];
    }

    void end(StepId const& step, char const* status) {
        auto& view = open(step);
        view.status = status;
        view.ended_at = at_;
    }

    void called(StepId const& step, ActivityIntent const& intent) {
        auto& view = open(step);
        view.kind = intent.kind;
        view.tool = intent.target;
    }

    void evidence(StepId const& step, Payload const& payload) {
        auto const& json = payload.json();
        if (!json.is_object()) return;
        if (json.value("scripted", false)) open(step).scripted = true;
        if (json.contains("tokens"))
            counts.tokens += json["tokens"].value("input", 0u) + json["tokens"].value("output", 0u);
    }

    void attempted(StepId const& step) {
        auto& view = open(step);
        ++view.attempts;
        if (view.kind == "model")
            ++counts.model_calls;
        else
            ++counts.attempts;
    }

    void on(StepCompleted const& f) {
        ++counts.steps;
        end(f.step, "completed");
    }
    void on(StepSkipped const& f) { end(f.step, "skipped"); }
    void on(StepFailed const& f) { end(f.step, "failed"); }
    void on(StepEntered const& f) {
        open(f.step).kind = f.kind == FrameKind::parallel ? "fork" : "do";
    }
    void on(ActivityProposed const& f) {
        called(f.step, f.intent);
        open(f.step).status = "waiting";
    }
    void on(ActivityDenied const& f) {
        if (f.intent) called(f.step, *f.intent);
        end(f.step, "failed");
    }
    void on(ActivityStarted const& f) {
        if (f.intent) called(f.step, *f.intent);
        attempted(f.step);
        open(f.step).status = "running";
    }
    void on(ActivitySucceeded const& f) {
        if (f.intent) {
            called(f.step, *f.intent);
            attempted(f.step);
        }
        evidence(f.step, f.evidence);
        if (f.completes_step) {
            ++counts.steps;
            end(f.step, "completed");
        }
    }
    void on(ActivityFailed const& f) {
        if (f.intent) {
            called(f.step, *f.intent);
            attempted(f.step);
        }
        evidence(f.step, f.evidence);
        if (f.postponed) --open(f.step).attempts;
        open(f.step).status = f.retry_at ? "waiting" : "failed";
    }
    void on(ActivityUnknown const& f) { open(f.step).status = "waiting"; }
    void on(ActivityVerified const& f) {
        ++counts.verifications;
        ++open(f.step).verifications;
    }
    void on(ApprovalRequested const& f) {
        ++counts.approvals;
        auto& view = open(f.step);
        if (view.kind.empty()) view.kind = "approval";
        view.status = "waiting";
    }
    void on(ChildStarted const& f) {
        wait(f.step, "run");
        open(f.step).run = f.run;
    }
    void on(MapStarted const& f) {
        wait(f.step, "map");
        open(f.step).items = f.count;
    }
    void on(TimerStarted const& f) { wait(f.step, "wait"); }
    void on(SignalAwaited const& f) { wait(f.step, "listen"); }
    void on(auto const&) {}

    void wait(StepId const& step, char const* kind) {
        auto& view = open(step);
        if (view.kind.empty()) view.kind = kind;
        view.status = "waiting";
    }

    std::unordered_map<std::string, std::size_t> index_;
    Timestamp at_;
    std::uint64_t sequence_ = 0;
};

Json text_or_null(std::string const& text) { return text.empty() ? Json() : Json(text); }
Json time_or_null(std::optional<Timestamp> const& at) { return at ? Json(to_string(*at)) : Json(); }

Json step_json(StepView const& view, WorkflowRef const& workflow, KindOfStep const& kind_of) {
    auto kind = kind_of ? kind_of(workflow, view.step) : std::string();
    bool const call = kind.empty() || kind == "call";
    if (call) kind = view.kind.empty() ? "set" : view.kind;
    return {{"step", view.step.path},
            {"name", name_of(view.step)},
            {"kind", kind},
            {"status", view.status},
            {"startedAt", to_string(view.started_at)},
            {"endedAt", time_or_null(view.ended_at)},
            {"attempts", view.attempts},
            {"verifications", view.verifications},
            {"tool", text_or_null(view.tool)},
            {"scripted", view.scripted},
            {"run", view.run ? Json(to_string(*view.run)) : Json()},
            {"items", view.items ? Json(*view.items) : Json()},
            {"summary", view.summary},
            {"firstSequence", view.first_sequence}};
}

Json error_json(std::optional<Failure> const& error) {
    if (!error) return nullptr;
    auto json = to_json(*error);
    json.erase("code");
    return json;
}

void put_relations(Json& json, RunStarted const& started) {
    auto const& [parent, forked] = std::tie(started.parent, started.forked);
    json["parent"] = nullptr;
    if (parent) json["parent"] = {{"run", to_string(parent->run)}, {"step", parent->step.path}};
    json["forkedFrom"] = nullptr;
    if (forked)
        json["forkedFrom"] = {{"run", to_string(forked->run)}, {"sequence", forked->sequence}};
}

Json pause_json(RunPaused const& pause) { return {{"by", pause.by}, {"reason", pause.reason}}; }

}  // namespace

Json workflow_json(WorkflowRef const& workflow) {
    return {{"name", workflow.name},
            {"version", workflow.version},
            {"digest", to_string(workflow.digest)}};
}

Json summary_json(RunRow const& row) {
    Json waits;
    if (row.status == RunRow::Status::waiting || row.status == RunRow::Status::quarantined) {
        auto const code = row.waits_code.empty() ? std::string(name(row.status)) : row.waits_code;
        waits = {{"code", code},
                 {"sentence", row.waits_sentence.empty() ? code : row.waits_sentence},
                 {"until", time_or_null(row.wake_at)}};
    }
    return {{"id", to_string(row.run)},
            {"workflow", workflow_json(row.workflow)},
            {"caseId", text_or_null(row.case_id)},
            {"status", name(row.status)},
            {"waitsFor", std::move(waits)},
            {"startedAt", to_string(row.started_at)},
            {"updatedAt", to_string(row.updated_at)},
            {"sequence", row.sequence}};
}

Json event_json(EncodedEvent const& event) {
    Json json{{"sequence", event.sequence},      {"at", to_string(event.at)},
              {"kind", kind_name(event.kind)},   {"chain", to_string(event.chain)},
              {"body", Json::parse(event.body)}, {"step", nullptr}};
    auto const fact = decode(event.kind, event.body);
    json["step"] = text_or_null(step_of(fact).path);
    json["sentence"] = sentence_of(fact);
    return json;
}

Json run_json(RunReading const& reading, KindOfStep const& kind_of) {
    Viewing viewing;
    try {
        for (auto const& event : reading.window) viewing.see(decode(event));
    } catch (CorruptHistory const&) {  // its steps so far are shown, and the causes say why
    }
    auto json = summary_json(reading.row);
    auto const& state = reading.state;
    json["sequence"] = std::max(reading.sequence, reading.row.sequence);
    json["updatedAt"] = to_string(std::max(reading.updated_at, reading.row.updated_at));
    json["input"] = state ? state->started.input.json() : Json();
    json["output"] = state ? state->output.json() : Json();
    put_relations(json, state ? state->started : RunStarted{});
    json["paused"] = state && state->pause ? pause_json(*state->pause) : Json();
    json["error"] = error_json(state ? state->error : std::nullopt);
    json["case"] = reading.case_record.json();
    json["steps"] = Json::array();
    for (auto const& step : viewing.steps)
        json["steps"].push_back(step_json(step, reading.row.workflow, kind_of));
    json["stepsFrom"] = reading.window.empty() ? 1 : reading.window.front().sequence;
    auto const& counts = viewing.counts;
    json["counts"] = {
        {"events", json["sequence"]},    {"steps", state ? state->steps : counts.steps},
        {"attempts", counts.attempts},   {"verifications", counts.verifications},
        {"approvals", counts.approvals}, {"modelCalls", counts.model_calls},
        {"tokens", counts.tokens},       {"children", reading.related.children},
        {"forks", reading.related.forks}};
    return json;
}

}  // namespace resolute::console
