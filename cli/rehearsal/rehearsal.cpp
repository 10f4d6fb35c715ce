#include "cli/rehearsal/rehearsal.h"

#include <algorithm>
#include <deque>
#include <set>

#include "base/limits.h"
#include "engine/shard.h"
#include "workflow/interpreter.h"

namespace resolute::cli::rehearsal {
namespace {

constexpr Timestamp curtain_up{1'767'225'600'000'000};  // 2026-01-01T00:00:00Z

class Stage {
  public:
    Stage(Compiled const& project, std::shared_ptr<workflow::Definition const> definition,
          Script const& script)
        : script_(script), interpreter_(std::move(definition)), tools_(project, script, clock_) {}

    Report play();

  private:
    struct Cue {
        Timestamp at;
        Message message;
    };

    void say_lines();
    void feed(ShardInput input);
    void settle();
    void take(ShardOutput& output);
    void commit(CommitAppend& output);
    void perform(Dispatch& dispatch);
    void ask_people(ApprovalRequested const& asked);
    Message message(decltype(Message::content) content) {
        return {MessageId::make(clock_.now(), *random_), run_, std::move(content)};
    }
    bool skip_ahead();
    Report report() const;

    Script const& script_;
    SkippingClock clock_{curtain_up};
    std::unique_ptr<Random> random_ = seeded_random(1);
    workflow::Interpreter interpreter_;
    ScriptedTools tools_;
    tools::PolicyHandler policy_{tools_.gate()};
    std::shared_ptr<ScriptedModel> model_ = std::make_shared<ScriptedModel>(script_);
    inference::ModelHandler models_{{{"*", model_}}, clock_};
    ScriptedMemory memory_{script_, clock_};
    Handlers handlers_{
        {"tool", &tools_}, {"policy", &policy_}, {"model", &models_}, {"memory", &memory_}};
    Shard shard_{[this](Digest const&) { return &interpreter_; }, handlers_, *random_};
    RunId run_ = RunId::make(curtain_up, *random_);

    std::deque<ShardInput> inputs_;
    std::vector<ShardOutput> outputs_;
    std::vector<Event> history_;
    RunRow row_;
    std::vector<Cue> cues_;
    std::set<std::size_t> used_decisions_;  // of the script
    std::optional<Timestamp> rings_;
    std::vector<std::string> problems_;
};

Report Stage::play() {
    feed(Deliver{message(
        StartRun{interpreter_.definition().ref, "default", "", Payload(script_.input), "test"})});
    say_lines();
    while (history_.size() < limits::rehearsal_events && skip_ahead()) {
    }
    if (history_.size() >= limits::rehearsal_events)
        problems_.push_back("The run was not over after " + std::to_string(history_.size()) +
                            " events.");
    return report();
}

void Stage::say_lines() {
    for (auto const& signal : script_.signals)
        cues_.push_back({curtain_up + signal.after,
                         message(SendSignal{signal.name, Payload(signal.content), signal.by})});
    if (script_.cancel_after)
        cues_.push_back({curtain_up + *script_.cancel_after,
                         message(CancelRun{"test", "The test cancels it."})});
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
        if (history_.size() >= limits::rehearsal_events) return;
    }
}

void Stage::take(ShardOutput& output) {
    if (auto* append = std::get_if<CommitAppend>(&output)) {
        commit(*append);
    } else if (auto* effect = std::get_if<PerformEffect>(&output)) {
        perform(effect->dispatch);
    } else if (auto* timer = std::get_if<SetTimer>(&output)) {
        rings_ = timer->at;
    } else if (auto* load = std::get_if<LoadRun>(&output)) {
        inputs_.push_back(RunLoaded{load->run, row_, fold(run_, history_), 0});
    } else if (auto* answer = std::get_if<Answer>(&output)) {
        if (auto const* refused = std::get_if<Refused>(&answer->reply))
            problems_.push_back(refused->why.detail);
    } else if (auto* aside = std::get_if<QuarantineRun>(&output)) {
        problems_.push_back("The run was set aside: " + aside->reason);
    }
}

void Stage::commit(CommitAppend& output) {
    auto const first = history_.size();
    for (auto const& event : output.append.events) history_.push_back(decode(event));
    if (output.append.row) row_ = *output.append.row;
    inputs_.push_back(AppendSettled{run_, output.last_sequence, Committed{}});
    for (auto i = first; i < history_.size(); ++i)
        if (auto const* asked = std::get_if<ApprovalRequested>(&history_[i].fact))
            ask_people(*asked);
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
void Stage::ask_people(ApprovalRequested const& asked) {
    int wanted = asked.quorum;
    for (std::size_t i = 0; i < script_.approvals.size() && wanted > 0; ++i) {
        auto const& decision = script_.approvals[i];
        bool const fits = decision.step.empty() || decision.step == name_of(asked.step);
        if (!fits || !used_decisions_.insert(i).second) continue;
        --wanted;
        cues_.push_back(
            {clock_.now() + decision.after,
             message(DecideApproval{asked.approval, "decision-" + std::to_string(i),
                                    decision.decision, decision.by, asked.digest, decision.comment,
                                    Payload(decision.form), decision.groups})});
    }
}

// To the next thing that happens. False: nothing will, or the run is over.
bool Stage::skip_ahead() {
    if (row_.status != RunRow::Status::running && row_.status != RunRow::Status::waiting)
        return false;
    auto cue = std::ranges::min_element(cues_, {}, &Cue::at);
    auto alarm = shard_.resident(run_) ? rings_ : row_.wake_at;
    auto const is_too_late = [&](Timestamp at) {
        return script_.stop_after && at > curtain_up + *script_.stop_after;
    };
    if (cue != cues_.end() && (!alarm || cue->at <= *alarm)) {
        if (is_too_late(cue->at)) return false;
        auto next = std::move(*cue);
        cues_.erase(cue);
        clock_.skip_to(next.at);
        feed(Deliver{std::move(next.message), 1});
        return true;
    }
    if (!alarm || is_too_late(*alarm)) return false;
    clock_.skip_to(*alarm);
    rings_.reset();
    if (shard_.resident(run_))
        feed(TimerDue{run_});
    else
        feed(Wake{run_});
    return true;
}

Report Stage::report() const {
    auto const run = fold(run_, history_);
    Report report{.output = run.output.json(),
                  .history = history_,
                  .calls = tools_.calls(),
                  .problems = problems_,
                  .elapsed = clock_.now() - curtain_up};
    report.status = run.is_closed() ? std::string(to_string(run.status)) : "waiting";
    if (run.error) report.error = to_json(*run.error);
    if (!run.is_closed()) {
        report.waits_for = row_.waits_code;
        report.waits_sentence = row_.waits_sentence;
    }
    for (auto const* more : {&tools_.problems(), &model_->problems()})
        report.problems.insert(report.problems.end(), more->begin(), more->end());
    return report;
}

}  // namespace

Report rehearse(Compiled const& project, std::shared_ptr<workflow::Definition const> definition,
                Script const& script) {
    return Stage(project, std::move(definition), script).play();
}

}  // namespace resolute::cli::rehearsal
