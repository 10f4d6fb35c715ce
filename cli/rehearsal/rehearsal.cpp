#include "cli/rehearsal/rehearsal.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "base/limits.h"
#include "engine/shard.h"
#include "engine/store/memory_events.h"
#include "workflow/interpreter.h"

namespace resolute::cli::rehearsal {
namespace {

constexpr Timestamp curtain_up{1'767'225'600'000'000};  // 2026-01-01T00:00:00Z

// The ticket of the script's first decision; those of others are lower.
constexpr Ticket first_decision = 2;

class Stage {
  public:
    Stage(Compiled const& project, WorkflowRef workflow, Script const& script)
        : script_(script), workflow_(std::move(workflow)), tools_(project, script, clock_) {
        for (auto const& definition : project.workflows)
            interpreters_.emplace(definition->ref.digest, definition);
    }

    Report play();

  private:
    struct Cue {
        Timestamp at;
        std::variant<Message, Json> what;  // said to the run, or an event for whoever listens
        std::optional<std::size_t> decision = {};  // of the script, when it is one of those
    };

    struct Played {
        std::vector<Event> history;
        RunRow row;
        std::optional<Timestamp> rings;  // what it is to be woken for while it is moving
    };

    void say_lines();
    void feed(ShardInput input);
    void settle();
    void take(ShardOutput& output);
    void commit(Append const& append);
    void post(Message message);
    void hear_events();
    void perform(Dispatch& dispatch);
    void ask_people(RunId run, ApprovalRequested const& asked);
    void judge(std::size_t decision, Failure const* refusal);
    bool must_be_refused(Cue const& cue) const {
        return cue.decision && script_.approvals[*cue.decision].refused;
    }
    Message message(RunId run, decltype(Message::content) content) {
        return {MessageId::make(clock_.now(), *random_), run, std::move(content)};
    }
    bool skip_ahead();
    void ring(RunId run, Timestamp at);
    Report report() const;

    Script const& script_;
    SkippingClock clock_{curtain_up};
    std::unique_ptr<Random> random_ = seeded_random(1);
    WorkflowRef workflow_;
    std::map<Digest, workflow::Interpreter> interpreters_;
    ScriptedTools tools_;
    tools::PolicyHandler policy_{tools_.gate()};
    std::shared_ptr<ScriptedModel> model_ = std::make_shared<ScriptedModel>(script_);
    inference::ModelHandler models_{{{"*", model_}}, clock_};
    ScriptedMemory memory_{script_, clock_};
    ScriptedCases cases_{clock_};
    Handlers handlers_{{"tool", &tools_},
                       {"policy", &policy_},
                       {"model", &models_},
                       {"memory", &memory_},
                       {"case", &cases_}};
    Shard shard_{[this](Digest const& digest) { return &interpreters_.at(digest); }, handlers_,
                 *random_, SnapshotRule{}, Duration::zero()};
    RunId run_ = RunId::make(curtain_up, *random_);

    std::deque<ShardInput> inputs_;
    std::vector<ShardOutput> outputs_;
    std::map<RunId, Played> runs_;  // the one that is tested, and what it started
    store::MemoryTables tables_;    // of events that are heard, and of who listens
    std::size_t events_ = 0;
    std::vector<Cue> cues_;
    std::set<std::size_t> used_decisions_;  // of the script
    std::set<std::size_t> judged_;  // of those: what the engine has answered
    std::vector<std::string> problems_;
};

Report Stage::play() {
    feed(
        Deliver{message(run_, StartRun{workflow_, "default", "", Payload(script_.input), "test"})});
    say_lines();
    while (events_ < limits::rehearsal_events && skip_ahead()) {
    }
    if (events_ >= limits::rehearsal_events)
        problems_.push_back("It was not over after " + std::to_string(events_) + " events.");
    return report();
}

void Stage::say_lines() {
    for (auto const& signal : script_.signals)
        cues_.push_back(
            {curtain_up + signal.after,
             message(run_, SendSignal{signal.name, Payload(signal.content), signal.by})});
    for (std::size_t i = 0; i < script_.events.size(); ++i) {
        auto [event, after] = script_.events[i];
        if (!event.contains("id")) event["id"] = "event-" + std::to_string(i);
        event["time"] = to_string(curtain_up + after);
        cues_.push_back({curtain_up + after, std::move(event)});
    }
    if (script_.cancel_after)
        cues_.push_back({curtain_up + *script_.cancel_after,
                         message(run_, CancelRun{"test", "The test cancels it."})});
}

void Stage::feed(ShardInput input) {
    inputs_.push_back(std::move(input));
    settle();
}

void Stage::settle() {
    while (!inputs_.empty() || !outputs_.empty() || shard_.wants_flush()) {
        while (!inputs_.empty()) {
            auto input = std::move(inputs_.front());
            inputs_.pop_front();
            shard_.on(std::move(input), clock_.now(), outputs_);
        }
        shard_.flush(clock_.now(), outputs_);
        for (auto& output : std::exchange(outputs_, {})) take(output);
        if (events_ >= limits::rehearsal_events) return;
    }
}

void Stage::take(ShardOutput& output) {
    if (auto* append = std::get_if<CommitAppend>(&output)) {
        commit(append->append);
        inputs_.push_back(AppendSettled{append->append.run, append->number, Committed{}});
    } else if (auto* effect = std::get_if<PerformEffect>(&output)) {
        perform(effect->dispatch);
    } else if (auto* timer = std::get_if<SetTimer>(&output)) {
        runs_[timer->run].rings = timer->at;
    } else if (auto* load = std::get_if<LoadRun>(&output)) {
        auto const& played = runs_[load->run];
        inputs_.push_back(RunLoaded{load->run, played.row, fold(load->run, played.history), 0});
    } else if (auto* answer = std::get_if<Answer>(&output)) {
        auto const* refused = std::get_if<Refused>(&answer->reply);
        if (answer->ticket >= first_decision)
            judge(answer->ticket - first_decision, refused ? &refused->why : nullptr);
        else if (refused)
            problems_.push_back(refused->why.detail);
    } else if (auto* aside = std::get_if<QuarantineRun>(&output)) {
        problems_.push_back("The run was set aside: " + aside->reason);
    }
}

void Stage::commit(Append const& append) {
    auto& played = runs_[append.run];
    for (auto const& event : append.events) {
        played.history.push_back(decode(event));
        if (auto const* asked = std::get_if<ApprovalRequested>(&played.history.back().fact))
            ask_people(append.run, *asked);
    }
    events_ += append.events.size();
    if (append.row) played.row = *append.row;
    for (auto const& message : append.posted) post(message);
    for (auto const& change : append.events_changed) store::change_events(tables_, append, change);
    if (!append.events_changed.empty()) hear_events();
}

void Stage::hear_events() {
    store::match_events(tables_, *random_, clock_.now());
    tables_.place_begun.clear();  // rates are not waited for
    store::give_places(tables_, *random_, clock_.now());
    for (auto& letter : std::exchange(tables_.inbox, {}))
        inputs_.push_back(Deliver{std::move(letter.message)});
}

// As the keeper does with what a run sends to others.
void Stage::post(Message message) {
    if (auto* start = std::get_if<StartRun>(&message.content)) {
        for (auto const& [digest, interpreter] : interpreters_) {
            auto const& ref = interpreter.definition().ref;
            bool const is_version =
                start->workflow.version.empty() || start->workflow.version == ref.version;
            if (ref.name == start->workflow.name && is_version) start->workflow = ref;
        }
        if (start->workflow.digest.is_zero()) {
            problems_.push_back("There is no workflow `" + start->workflow.name + "` to start.");
            return;
        }
    }
    inputs_.push_back(Deliver{std::move(message)});
}

void Stage::perform(Dispatch& dispatch) {
    auto const& attempt = dispatch.attempt;
    auto& handler = *handlers_.at(attempt.intent.kind);
    if (dispatch.what == Dispatch::What::verify)
        return handler.verify(attempt, [&](Verification answer) {
            inputs_.push_back(
                EffectVerified{attempt.run, attempt.step, attempt.number, std::move(answer)});
        });
    handler.perform(attempt, [&](Outcome outcome) {
        inputs_.push_back(
            EffectFinished{attempt.run, attempt.step, attempt.number, std::move(outcome)});
    });
}

// As many decisions as the question needs, in the order of the script; each is used once.
void Stage::ask_people(RunId run, ApprovalRequested const& asked) {
    int wanted = asked.quorum;
    for (std::size_t i = 0; i < script_.approvals.size() && wanted > 0; ++i) {
        auto const& decision = script_.approvals[i];
        bool const fits = decision.step.empty() || decision.step == name_of(asked.step);
        if (!fits || !used_decisions_.insert(i).second) continue;
        if (!decision.refused) --wanted;
        cues_.push_back(
            {clock_.now() + decision.after,
             message(run,
                     DecideApproval{asked.approval, "decision-" + std::to_string(i),
                                    decision.decision, decision.by, asked.digest, decision.comment,
                                    Payload(decision.form), decision.groups}),
             i});
    }
}

// Whether the engine took a decision as the test expects it to.
void Stage::judge(std::size_t decision, Failure const* refusal) {
    auto const& said = script_.approvals[decision];
    auto const named = "`" + said.decision + "` by " + said.by;
    judged_.insert(decision);
    if (!refusal && said.refused)
        problems_.push_back(named + " was taken, and the test expects it to be refused.");
    if (!refusal) return;
    if (!said.refused) return problems_.push_back(refusal->detail);
    bool const is_why =
        refusal->detail.find(*said.refused) != std::string::npos || refusal->code == *said.refused;
    if (!is_why)
        problems_.push_back(named + " was refused for another reason than `" + *said.refused +
                            "`: " + refusal->detail + " (" + refusal->code + ")");
}

// To the next thing that happens. False: nothing will, or the run that is tested is over.
bool Stage::skip_ahead() {
    auto const status = runs_[run_].row.status;
    bool const is_over = status != RunRow::Status::running && status != RunRow::Status::waiting;
    if (is_over)  // only what comes too late is still said
        std::erase_if(cues_, [&](Cue const& cue) { return !must_be_refused(cue); });
    if (is_over && cues_.empty()) return false;
    std::optional<std::pair<Timestamp, RunId>> alarm;
    for (auto const& [run, played] : runs_) {
        if (is_over) break;
        auto const at = shard_.resident(run) ? played.rings : played.row.wake_at;
        if (at && (!alarm || *at < alarm->first)) alarm = {*at, run};
    }
    auto const cue = std::ranges::min_element(cues_, {}, &Cue::at);
    bool const is_cue = cue != cues_.end() && (!alarm || cue->at <= alarm->first);
    if (!is_cue && !alarm) return false;
    auto const at = is_cue ? cue->at : alarm->first;
    if (script_.stop_after && at > curtain_up + *script_.stop_after) return false;
    if (!is_cue) {
        ring(alarm->second, at);
        return true;
    }
    auto next = std::move(cue->what);
    Ticket const ticket = cue->decision ? first_decision + *cue->decision : 1;
    cues_.erase(cue);
    clock_.skip_to(at);
    if (auto* message = std::get_if<Message>(&next)) {
        feed(Deliver{std::move(*message), ticket});
    } else {
        store::add_event(tables_, "default", std::get<Json>(next));
        hear_events();
        settle();
    }
    return true;
}

void Stage::ring(RunId run, Timestamp at) {
    clock_.skip_to(at);
    runs_[run].rings.reset();
    if (shard_.resident(run))
        feed(TimerDue{run});
    else
        feed(Wake{run});
}

Report Stage::report() const {
    auto const& played = runs_.at(run_);
    auto const run = fold(run_, played.history);
    Report report{.output = run.output.json(),
                  .calls = tools_.calls(),
                  .problems = problems_,
                  .elapsed = clock_.now() - curtain_up};
    report.status = run.is_closed() ? std::string(to_string(run.status)) : "waiting";
    if (run.error) report.error = to_json(*run.error);
    if (!run.is_closed()) {
        report.waits_for = played.row.waits_code;
        report.waits_sentence = played.row.waits_sentence;
    }
    for (auto const& [id, other] : runs_) {
        if (id == run_)
            report.history = other.history;
        else
            report.children.push_back({other.row.workflow.digest, other.history});
    }
    for (std::size_t i = 0; i < script_.approvals.size(); ++i)
        if (script_.approvals[i].refused && !judged_.contains(i))
            report.problems.push_back("`" + script_.approvals[i].decision + "` by " +
                                      script_.approvals[i].by +
                                      " was to be refused, and nobody was asked for it.");
    for (auto const* more : {&tools_.problems(), &model_->problems()})
        report.problems.insert(report.problems.end(), more->begin(), more->end());
    return report;
}

}  // namespace

Report rehearse(Compiled const& project, WorkflowRef const& workflow, Script const& script) {
    return Stage(project, workflow, script).play();
}

}  // namespace resolute::cli::rehearsal
