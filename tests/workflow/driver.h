// Runs a workflow in memory through the engine's own recorder: a scripted outside, a clock in the
// test's hands.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/fork.h"
#include "engine/recorder.h"
#include "tests/catch.h"
#include "workflow/interpreter.h"
#include "workflow/load.h"

namespace resolute::testing {

inline Outcome good(Json output) { return outcome::Succeeded{Payload(std::move(output)), {}}; }
inline Outcome bad(Failure error) { return outcome::Failed{std::move(error), false, {}, {}}; }
inline Outcome lost() {
    return outcome::Unknown{communication_failure("The connection broke.", "lost"), {}};
}

// Answers by the call's target; what has no script waits until the test answers it.
class ScriptedOutside final : public ActivityHandler {
  public:
    std::map<std::string, std::deque<Outcome>> answers;  // the last one is given again and again
    std::map<std::string, std::string> denied;  // target -> sentence
    std::map<std::string, Json> needs_approval;  // target -> card
    std::set<std::string> writes;                // targets; everything else reads
    bool adds_version = false;  // of the contract to what was asked for, as the real gate does
    std::optional<Duration> approvals_last;
    mutable std::vector<Proposal> proposals;

    Admission admit(Proposal const& proposal) const override {
        proposals.push_back(proposal);
        auto const target = target_of(proposal);
        auto intent =
            unbound(proposal, target, writes.contains(target) ? Effect::write : Effect::read);
        if (proposal.kind == "tool" && adds_version) {
            auto request = proposal.request.json();
            request["version"] = "1.0.0";
            intent.request = Payload(std::move(request));
        }
        if (auto found = denied.find(target); found != denied.end())
            return Denied{intent, found->second};
        if (auto found = needs_approval.find(target); found != needs_approval.end()) {
            ApprovalRequested ask{.digest = sha256(proposal.request.text()),
                                  .card = found->second,
                                  .choices = {"approve", "reject"}};
            return NeedsApproval{intent, ask, approvals_last};
        }
        return Permitted{intent, {}, false};
    }
    // A write can be asked about, and may be tried twice.
    Terms terms(ActivityIntent const& intent) const override {
        if (intent.effect == Effect::read) return {};
        return {.attempts = 2, .can_verify = true};
    }
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override {
        auto found = answers.find(attempt.intent.target);
        if (found == answers.end()) return;
        auto& script = found->second;
        auto outcome = script.front();
        if (script.size() > 1) script.pop_front();
        done(std::move(outcome));
    }
    void verify(Attempt const&, std::function<void(Verification)>) override {}

    static std::string target_of(Proposal const& proposal) {
        auto const& request = proposal.request.json();
        for (auto const* member : {"tool", "model", "policy", "op", "activity"})
            if (request.contains(member)) return request.at(member).get<std::string>();
        return proposal.kind;
    }
};

class Driver {
  public:
    explicit Driver(std::string const& yaml) : Driver(workflow::load(yaml, "test.yaml").value()) {}
    explicit Driver(std::shared_ptr<workflow::Definition const> definition)
        : Driver(std::make_shared<workflow::Interpreter>(definition), definition->ref) {}
    Driver(std::shared_ptr<Orchestrator const> workflow, WorkflowRef name)
        : orchestrator(std::move(workflow)), ref(std::move(name)) {}

    std::shared_ptr<Orchestrator const> orchestrator;
    WorkflowRef ref;
    ScriptedOutside outside;
    Timestamp now{1'700'000'000'000'000};
    LiveRun live;
    std::vector<Event> history;
    std::vector<Message> posted;  // to other runs
    std::optional<ParentStep> parent;
    std::vector<EventChange> events;  // in the store of events

    Driver& start(Json input) {
        live.run.id = RunId::make(now, *random_);
        work([&](Recorder& recorder) {
            recorder.start({ref, "default", "case-1", Payload(std::move(input)), "ann", parent});
        });
        return *this;
    }
    // What follows is a fork of the run.
    void fork_off(ForkWish const& wish) {
        auto const start = plan_fork(run().id, history, wish).value();
        live = LiveRun{.run = {.id = RunId::make(now, *random_)}};
        history.clear();
        work([&](Recorder& recorder) { recorder.start(start); });
    }
    // From here on the run follows what another driver was made of.
    void migrate_to(Driver const& other) {
        orchestrator = other.orchestrator;
        ref = other.ref;
        MigrateRun const message{ref, run().sequence, "ann", "the new desk"};
        work([&](Recorder& recorder) { CHECK_FALSE(recorder.migrate(message)); });
    }
    void answer(std::string const& step, Outcome outcome) {
        work([&](Recorder& recorder) { recorder.finished({step}, 1, outcome); });
    }
    void verify(std::string const& step, Verdict verdict) {
        Verification const answer{verdict, {}, Payload(Json{{"found", true}})};
        work([&](Recorder& recorder) { recorder.verified({step}, 1, answer); });
    }
    void cancel() {
        work([](Recorder& recorder) { recorder.cancel({"ann", "no longer needed"}); });
    }
    // Both in one turn.
    void cancel_and_verify(std::string const& step, Verdict verdict) {
        Verification const answer{verdict, {}, Payload(Json{{"found", true}})};
        work([&](Recorder& recorder) {
            recorder.cancel({"ann", "no longer needed"});
            recorder.verified({step}, 1, answer);
        });
    }
    // The run that this step started has ended; so has one that is none of its own.
    void end_child(std::string const& step, EndChild end) {
        end.child = run().children.at(StepId{step}).run;
        work([&](Recorder& recorder) { CHECK_FALSE(recorder.child_ended(end)); });
    }
    void end_child(RunId child, EndChild end) {
        end.child = child;
        work([&](Recorder& recorder) { CHECK_FALSE(recorder.child_ended(end)); });
    }
    // The run of this item of a `map` has ended.
    void end_item(std::string const& step, int index, EndChild end) {
        for (auto const& [child, at] : run().mappings.at(StepId{step}).under_way)
            if (at == index) end.child = child;
        end_child(end.child, end);
    }
    void offer(OfferEvent const& event) {
        work([&](Recorder& recorder) { CHECK_FALSE(recorder.event_offered(MessageId(), event)); });
    }
    // An event of this type comes, when the step listens for one; false: it does not.
    bool hear(std::string const& step, Json event, int slot = 0) {
        auto const found = run().listening.find(StepId{step});
        if (found == run().listening.end() || !found->second.waits) return false;
        offer({StepId{step}, slot, std::to_string(++position_), Payload(std::move(event))});
        return true;
    }
    void signal(std::string const& name, Json content) {
        auto const id = MessageId::make(now, *random_);
        work([&](Recorder& recorder) {
            CHECK_FALSE(recorder.signal(id, {name, Payload(std::move(content)), "ann"}));
        });
    }
    void pause() {
        work([](Recorder& recorder) { CHECK_FALSE(recorder.pause({"ann", "the bank is down"})); });
    }
    // The code of the refusal, or "".
    std::string unpause() {
        std::string code;
        work([&](Recorder& recorder) {
            if (auto why = recorder.unpause({"bob", "it is up"})) code = why->code;
        });
        return code;
    }
    void decide(std::string const& decision, std::string const& by, Json form = {},
                std::vector<std::string> groups = {}) {
        REQUIRE_FALSE(run().approvals.empty());
        auto const& [id, approval] = *run().approvals.begin();
        DecideApproval message{id,
                               "d-" + by,
                               decision,
                               by,
                               approval.asked.digest,
                               "",
                               Payload(std::move(form)),
                               std::move(groups)};
        work([&](Recorder& recorder) { REQUIRE_FALSE(recorder.decide(message)); });
    }
    void advance(Duration by) {
        now = now + by;
        work([](Recorder& recorder) { recorder.wake(); });
    }
    // The process dies after `kept` events; another one folds what is left and goes on.
    void crash(std::size_t kept) {
        history.resize(std::min(kept, history.size()));
        live = LiveRun{.run = fold(live.run.id, history)};
        work([](Recorder& recorder) { recorder.resume(); });
    }
    void crash() { crash(history.size()); }

    Run const& run() const { return live.run; }
    std::string status() const { return std::string(to_string(run().status)); }
    Json output() const {
        CHECK(status() == "completed");
        if (run().error) UNSCOPED_INFO(to_json(*run().error).dump());
        return run().output.json();
    }
    Json error() const {
        CHECK(status() == "faulted");
        return run().error ? to_json(*run().error) : Json();
    }

    template <class F> std::vector<F> facts() const {
        std::vector<F> found;
        for (auto const& event : history)
            if (auto const* fact = std::get_if<F>(&event.fact)) found.push_back(*fact);
        return found;
    }
    // The steps that completed, in order, by their full path.
    std::vector<std::string> completed() const {
        std::vector<std::string> paths;
        for (auto const& event : history) {
            if (auto const* fact = std::get_if<StepCompleted>(&event.fact))
                paths.push_back(fact->step.path);
            auto const* called = std::get_if<ActivitySucceeded>(&event.fact);
            if (called && called->completes_step) paths.push_back(called->step.path);
        }
        return paths;
    }
    Json request_of(std::string const& step) const {
        for (auto const& proposal : outside.proposals)
            if (proposal.step.path == step) return proposal.request.json();
        return "step " + step + " asked for nothing";
    }

  private:
    template <class Step>
    void work(Step step) {
        Handlers const handlers{{"tool", &outside}, {"model", &outside},  {"memory", &outside},
                                {"case", &outside}, {"policy", &outside}, {"activity", &outside}};
        Surroundings const around{*orchestrator, handlers, *random_};
        Recorder recorder(live, around, now);
        step(recorder);
        do {
            while (!recorder.settle_down()) {
            }
            for (auto const& dispatch : std::exchange(live.dispatches, {}))
                outside.perform(dispatch.attempt, [&](Outcome outcome) {
                    recorder.finished(dispatch.attempt.step, dispatch.attempt.number, outcome);
                });
        } while (!live.undecided.empty() || !live.dispatches.empty());
        std::ranges::move(std::exchange(live.projection.posted, {}), std::back_inserter(posted));
        std::ranges::move(std::exchange(live.projection.events, {}), std::back_inserter(events));
        for (auto& event : std::exchange(live.fresh, {})) history.push_back(std::move(*event));
    }

    int position_ = 0;
    std::unique_ptr<Random> random_ = seeded_random(7);
};

// What the run told others, of one kind, with whom.
template <class Content>
std::vector<std::pair<RunId, Content>> posted(Driver const& driver) {
    std::vector<std::pair<RunId, Content>> found;
    for (auto const& message : driver.posted)
        if (auto const* content = std::get_if<Content>(&message.content))
            found.emplace_back(message.run, *content);
    return found;
}

// How a run ends that a step has started.
inline EndChild completed(Json output) {
    return {{}, ChildEnd::completed, Payload(std::move(output)), {}};
}
inline EndChild faulted(Failure error) { return {{}, ChildEnd::faulted, {}, std::move(error)}; }
inline EndChild cancelled() { return {{}, ChildEnd::cancelled, {}, {}}; }

// Steps below a document that needs no thought.
inline std::string document(std::string const& rest) {
    return "document: { dsl: '1.0.3', namespace: test, name: flow, version: '1.0.0' }\n" + rest;
}
inline std::string steps(std::string const& list) { return document("do:\n" + list); }

}  // namespace resolute::testing
