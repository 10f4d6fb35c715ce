// A shard, a workflow, a tool and a clock in the test's hands; outputs are collected and read one
// by one.
#pragma once

#include <map>

#include "engine/shard.h"
#include "tests/catch.h"
#include "tests/engine/fake_tool.h"
#include "tests/engine/scripted_workflow.h"

namespace resolute::testing {

struct ShardFixture {
    explicit ShardFixture(std::vector<ScriptedStep> steps) : workflow(std::move(steps)) {}

    ScriptedWorkflow workflow;
    FakeTool tool;
    Handlers handlers{{"tool", &tool}};
    std::unique_ptr<Random> random = seeded_random(7);
    Timestamp now{1'700'000'000'000'000};
    // Definitions beside the usual one; nullptr: this process cannot follow it.
    std::map<Digest, Orchestrator const*> others;
    Shard shard{[this](Digest const& digest) -> Orchestrator const* {
                    auto const found = others.find(digest);
                    return found == others.end() ? &workflow : found->second;
                },
                handlers, *random};
    RunId run = RunId::make(now, *random);
    std::vector<Event> history;                // committed
    std::map<Ticket, Reply> answers;
    std::vector<Dispatch> effects;             // asked for, in order
    std::vector<Append> appends;
    RunRow row;                                // as committed last
    bool evicted = false;
    std::vector<Timestamp> alarms;             // that were asked for
    std::optional<std::string> quarantined;
    Ticket last_ticket = 0;

    // Feeds one input, flushes, commits everything at once and lets the consequences run.
    void feed(ShardInput input) {
        std::vector<ShardOutput> out;
        shard.on(std::move(input), now, out);
        settle(out);
    }

    void settle(std::vector<ShardOutput> out) {
        do {
            shard.flush(now, out);
            for (auto& output : std::exchange(out, {})) take(output, out);
        } while (!out.empty() || shard.wants_flush());
    }

    void take(ShardOutput& output, std::vector<ShardOutput>& out) {
        if (auto* commit = std::get_if<CommitAppend>(&output)) {
            for (auto const& event : commit->append.events) history.push_back(decode(event));
            appends.push_back(commit->append);
            if (commit->append.row) row = *commit->append.row;
            shard.on(AppendSettled{commit->append.run, commit->number, Committed{}}, now, out);
        } else if (auto* effect = std::get_if<PerformEffect>(&output)) {
            effects.push_back(std::move(effect->dispatch));
        } else if (auto* answer = std::get_if<Answer>(&output)) {
            answers.insert_or_assign(answer->ticket, answer->reply);
        } else if (auto* aside = std::get_if<QuarantineRun>(&output)) {
            quarantined = aside->reason;
        } else if (auto* load = std::get_if<LoadRun>(&output)) {
            evicted = false;
            Run fold{.id = load->run};
            for (auto const& event : history) apply(fold, event);
            for (auto const& append : appends)
                if (!append.events.empty()) fold.head = append.events.back().chain;
            shard.on(RunLoaded{load->run, row, std::move(fold)}, now, out);
        } else if (auto* timer = std::get_if<SetTimer>(&output)) {
            alarms.push_back(timer->at);
        } else if (std::holds_alternative<EvictRun>(output)) {
            evicted = true;
        }
    }

    Ticket send(decltype(Message::content) content) {
        auto const ticket = ++last_ticket;
        feed(Deliver{Message{MessageId::make(now, *random), run, std::move(content)}, ticket});
        return ticket;
    }
    Ticket start() {
        return send(StartRun{
            {"test/flow", "1", {}}, "default", "case-1", Json{{"amount", 5}}, "initiator"});
    }

    void finish(Outcome outcome) {
        auto const attempt = effects.back().attempt;
        feed(EffectFinished{attempt.run, attempt.step, attempt.number, std::move(outcome)});
    }
    void answer_verification(Verification verification) {
        auto const attempt = effects.back().attempt;
        feed(EffectVerified{attempt.run, attempt.step, attempt.number, std::move(verification)});
    }
    void advance(Duration by) {
        now = now + by;
        feed(TimerDue{run});
    }
    // The process dies: memory is gone, what was committed is not.
    void crash() {
        feed(MemberFenced{});
        feed(Wake{run});
    }

    template <class F> std::vector<F> facts() const {
        std::vector<F> found;
        for (auto const& event : history)
            if (auto const* fact = std::get_if<F>(&event.fact)) found.push_back(*fact);
        return found;
    }
    template <class F> F last() const {
        auto const found = facts<F>();
        REQUIRE_FALSE(found.empty());
        return found.back();
    }
    std::string status() const { return std::string(to_string(fold(run, history).status)); }
};

inline Outcome success(Json output) { return outcome::Succeeded{Payload(std::move(output)), {}}; }
inline Outcome lost() {
    return outcome::Unknown{communication_failure("The connection broke.", "lost"), {}};
}
inline Outcome refused() { return outcome::Failed{runtime_failure("No."), false, {}, {}}; }
inline Outcome busy() { return outcome::Failed{communication_failure("Busy."), true, {}, {}}; }

}  // namespace resolute::testing
