#include "engine/shard.h"

#include <algorithm>

#include "base/error_codes.h"
#include "base/limits.h"
#include "engine/chain.h"
#include "engine/recorder.h"
#include "engine/shard_of.h"

namespace resolute {
namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};

// Nobody who was told that a message is taken must hear otherwise: only one that comes with its
// sender waiting for the answer can be turned away.
std::optional<Failure> why_not_taken(Run const& run, Deliver const& input) {
    bool const is_signal = std::holds_alternative<SendSignal>(input.message.content);
    if (!input.ticket || !is_signal || run.signals.size() < limits::run_signals)
        return std::nullopt;
    return not_taken("The run has not awaited " + std::to_string(run.signals.size()) +
                         " signals yet that it was sent before; try again when it has.",
                     codes::too_many_signals);
}

}  // namespace

Run const* Shard::resident(RunId run) const {
    auto const found = runs_.find(run);
    return found == runs_.end() || found->second.loading ? nullptr : &found->second.live.run;
}

void Shard::on(ShardInput input, Timestamp now, std::vector<ShardOutput>& out) {
    auto with_run = [&](RunId run, std::function<void(Recorder&)> const& step) {
        auto const found = runs_.find(run);
        if (found != runs_.end() && !found->second.loading)
            work(run, found->second, now, out, step);
    };
    std::visit(
        Overloaded{
            [&](Deliver& i) { deliver(std::move(i), now, out); },
            [&](RunLoaded& i) { loaded(std::move(i), now, out); },
            [&](LoadFailed& i) { load_failed(i, now, out); },
            [&](AppendSettled& i) { settled(i, now, out); },
            [&](EffectFinished& i) {
                with_run(i.run, [&](Recorder& r) { r.finished(i.step, i.attempt, i.outcome); });
            },
            [&](EffectVerified& i) {
                with_run(i.run, [&](Recorder& r) { r.verified(i.step, i.attempt, i.answer); });
            },
            [&](TimerDue& i) { wake(i.run, now, out); }, [&](Wake& i) { wake(i.run, now, out); },
            [&](MemberFenced&) {
                runs_.clear();
                dirty_.clear();
                consuming_.clear();
                unanswered_ = 0;
                uncommitted_ = 0;
            }},
        input);
}

void Shard::deliver(Deliver input, Timestamp now, std::vector<ShardOutput>& out) {
    auto const run = input.message.run;
    auto const found = runs_.find(run);
    if (found == runs_.end()) {
        if (std::holds_alternative<StartRun>(input.message.content)) return start(input, now, out);
        load(run, out);
        runs_[run].waiting.push_back(std::move(input));
        return;
    }
    if (found->second.loading) {
        found->second.waiting.push_back(std::move(input));
        return;
    }
    auto& resident = found->second;
    work(run, resident, now, out, [&](Recorder&) { receive(resident, input, now); });
}

void Shard::start(Deliver const& input, Timestamp now, std::vector<ShardOutput>& out) {
    auto const& message = std::get<StartRun>(input.message.content);
    auto const* workflow = definitions_(message.workflow.digest);
    if (!workflow) {
        auto why = configuration_failure(
            "The workflow `" + message.workflow.name + "` is not deployed.", "unknown_workflow");
        out.push_back(Answer{input.ticket, Refused{std::move(why)}});
        return;
    }
    auto& resident = runs_[input.message.run];
    resident.live.run = Run{.id = input.message.run, .head = chain_start(input.message.run)};
    resident.workflow = workflow;
    resident.consumed.push_back(input.message.id);
    if (input.ticket)
        resident.answers.push_back({input.ticket, Accepted{input.message.run, 1}});
    else
        resident.from_inbox.push_back(input);
    work(input.message.run, resident, now, out,
         [&](Recorder& recorder) { recorder.start(message); });
}

// Messages to a run that exists. Refusals are answered when what was recorded about them is
// durable.
void Shard::receive(Resident& resident, Deliver const& input, Timestamp now) {
    if (!resident.received.insert(input.message.id).second) return;
    if (auto full = why_not_taken(resident.live.run, input)) {
        resident.answers.push_back({input.ticket, Refused{*std::move(full)}});
        return;
    }
    resident.consumed.push_back(input.message.id);
    // An answer from the start: whatever goes wrong with this message, its sender hears of it.
    auto const place = resident.answers.size();
    if (input.ticket)
        resident.answers.push_back({input.ticket, Accepted{input.message.run, 0}});
    else
        resident.from_inbox.push_back(input);
    Surroundings const around{*resident.workflow, handlers_, random_};
    Recorder recorder(resident.live, around, now);
    auto refusal = std::visit(
        Overloaded{
            [](StartRun const&) { return std::optional<Failure>(); },
            [&](SendSignal const& m) { return recorder.signal(input.message.id, m); },
            [&](CancelRun const& m) { return recorder.cancel(m); },
            [&](DecideApproval const& m) { return recorder.decide(m); },
            [&](PauseRun const& m) { return recorder.pause(m); },
            [&](ResumeRun const& m) { return recorder.unpause(m); },
            [&](MigrateRun const& m) { return migrate(resident, recorder, m); },
            [&](EndChild const& m) { return recorder.child_ended(m); },
            [&](OfferEvent const& m) { return recorder.event_offered(input.message.id, m); }},
        input.message.content);
    if (!input.ticket) return;
    auto& reply = resident.answers[place].reply;
    if (refusal)
        reply = Refused{*std::move(refusal)};
    else
        reply = Accepted{input.message.run, resident.live.run.sequence};
}

std::optional<Failure> Shard::migrate(Resident& resident, Recorder& recorder,
                                      MigrateRun const& message) {
    auto const* workflow = definitions_(message.workflow.digest);
    if (!workflow)
        return configuration_failure("That definition of `" + message.workflow.name +
                                         "` is not one that this process can follow.",
                                     codes::unknown_workflow);
    if (auto why = recorder.migrate(message)) return why;
    resident.workflow->forget(resident.live.run.id);
    resident.workflow = workflow;
    return std::nullopt;
}

void Shard::load(RunId run, std::vector<ShardOutput>& out) {
    runs_[run].loading = true;
    out.push_back(LoadRun{run});
}

void Shard::wake(RunId run, Timestamp now, std::vector<ShardOutput>& out) {
    auto const found = runs_.find(run);
    if (found == runs_.end()) return load(run, out);
    if (found->second.loading) return;
    auto& rings = found->second.rings;
    if (rings && now < *rings) rings.reset();  // that was only a stage on the way
    found->second.lingers.reset();
    work(run, found->second, now, out, [](Recorder& recorder) { recorder.wake(); });
}

void Shard::loaded(RunLoaded input, Timestamp now, std::vector<ShardOutput>& out) {
    auto const found = runs_.find(input.run);
    if (found == runs_.end() || !found->second.loading) return;
    auto& resident = found->second;
    resident.loading = false;
    resident.stored = std::move(input.row);
    resident.live.run = std::move(input.fold);
    resident.snapshot_sequence = input.snapshot_sequence;
    resident.handed_over = resident.committed = resident.live.run.sequence;
    resident.workflow = definitions_(resident.live.run.started.workflow.digest);
    if (!resident.workflow) return set_aside(input.run, "its definition is not stored", out);
    work(input.run, resident, now, out, [&](Recorder& recorder) {
        recorder.resume();
        recorder.settle_down();
        recorder.wake();
        while (!resident.waiting.empty()) {
            auto const message = std::move(resident.waiting.front());
            resident.waiting.pop_front();
            receive(resident, message, now);
        }
    });
}

void Shard::load_failed(LoadFailed const& input, Timestamp now, std::vector<ShardOutput>& out) {
    auto const found = runs_.find(input.run);
    if (found == runs_.end()) return;
    bool const is_missing = input.kind == LoadFailed::Kind::missing;
    if (is_missing && start_after_all(input.run, now, out)) return;
    std::vector<MessageId> messages;
    for (auto const& waiting : found->second.waiting) {
        if (waiting.ticket) out.push_back(Answer{waiting.ticket, Refused{input.why}});
        // Whoever was told no must not see it done after all.
        if (is_missing || !waiting.ticket) messages.push_back(waiting.message.id);
    }
    if (is_missing)
        consume(input.run, std::move(messages), out);
    else if (!messages.empty())
        out.push_back(ReturnMessages{std::move(messages)});
    if (input.kind == LoadFailed::Kind::corrupt)
        out.push_back(QuarantineRun{input.run, input.why.detail});
    runs_.erase(found);
}

// Somebody asked for a run, as who looks after those of a process that died, before its start came.
bool Shard::start_after_all(RunId run, Timestamp now, std::vector<ShardOutput>& out) {
    auto waiting = std::move(runs_.at(run).waiting);
    auto const start = std::ranges::find_if(waiting, [](Deliver const& message) {
        return std::holds_alternative<StartRun>(message.message.content);
    });
    if (start == waiting.end()) {
        runs_.at(run).waiting = std::move(waiting);
        return false;
    }
    runs_.erase(run);
    std::rotate(waiting.begin(), start, start + 1);  // the others came for what it starts
    for (auto& message : waiting) deliver(std::move(message), now, out);
    return true;
}

// Every change to a run goes through here: an impossible history, or anything else that cannot be
// done with it, sets that run aside, and the shard goes on.
void Shard::work(RunId run, Resident& resident, Timestamp now, std::vector<ShardOutput>& out,
                 std::function<void(Recorder&)> const& step) {
    Surroundings const around{*resident.workflow, handlers_, random_};
    Recorder recorder(resident.live, around, now);
    try {
        step(recorder);
        // Its definition may have become another one.
        Surroundings const after{*resident.workflow, handlers_, random_};
        Recorder settling(resident.live, after, now);
        resident.yielded = !settling.settle_down(retiring_ ? 0 : limits::facts_per_decision);
    } catch (std::exception const& error) {
        return set_aside(run, error.what(), out);
    }
    bool const waits = is_far_ahead(resident);
    std::erase_if(resident.live.dispatches, [&](Dispatch& dispatch) {
        if (dispatch.after_commit || waits) return false;
        out.push_back(PerformEffect{std::move(dispatch)});
        return true;
    });
    if (!resident.dirty) {
        resident.dirty = true;
        dirty_.push_back(run);
    }
}

void Shard::set_aside(RunId run, std::string const& why, std::vector<ShardOutput>& out) {
    auto const found = runs_.find(run);
    if (found != runs_.end()) {
        auto const failure = runtime_failure("The run was set aside: " + why, "quarantined");
        auto refuse = [&](auto const& answers) {
            for (auto const& answer : answers)
                out.push_back(Answer{answer.ticket, Refused{failure}});
        };
        std::vector<MessageId> messages;
        auto take_back = [&](auto const& delivered) {
            for (auto const& input : delivered)
                if (input.ticket)
                    out.push_back(Answer{input.ticket, Refused{failure}});
                else
                    messages.push_back(input.message.id);
        };
        refuse(found->second.answers);
        take_back(found->second.from_inbox);
        for (auto const& held : found->second.in_flight) {
            refuse(held.answers);
            take_back(held.from_inbox);
        }
        take_back(found->second.waiting);
        if (!messages.empty()) out.push_back(ReturnMessages{std::move(messages)});
        forget(found);
    }
    out.push_back(QuarantineRun{run, why});
}

}  // namespace resolute
