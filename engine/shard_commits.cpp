// The part of the Shard that deals with commits: what is handed over to be made durable, what may
// happen once it is, and how far a run may go ahead of it.
#include <algorithm>

#include "base/limits.h"
#include "engine/chain.h"
#include "engine/projection.h"
#include "engine/shard.h"
#include "engine/shard_of.h"

namespace resolute {
namespace {

bool row_changed(std::optional<RunRow> const& before, RunRow const& now) {
    return !before || before->status != now.status || before->wake_at != now.wake_at ||
           before->waits_sentence != now.waits_sentence || before->workflow != now.workflow;
}

// Whoever asked for something is shown the run as the commit leaves it, without having to read it.
void show(RunRow const& row, std::vector<Answer>& answers) {
    std::shared_ptr<RunRow const> shown;
    for (auto& answer : answers) {
        auto* accepted = std::get_if<Accepted>(&answer.reply);
        if (!accepted) continue;
        if (!shown) shown = std::make_shared<RunRow const>(row);
        accepted->row = shown;
    }
}

}  // namespace

void Shard::flush(Timestamp now, std::vector<ShardOutput>& out) {
    for (auto const& run : std::exchange(dirty_, {})) {
        auto const found = runs_.find(run);
        // It may be another resident than the one that was dirty: one that is being read again.
        if (found == runs_.end() || !found->second.dirty) continue;
        auto& resident = found->second;
        resident.dirty = false;
        bool const has_news = !resident.live.fresh.empty() || !resident.consumed.empty() ||
                              is_row_behind(resident, now);
        if (has_news) {
            Append append;
            try {
                append = append_of(run, resident, now);
            } catch (std::exception const& error) {  // a value that cannot be written
                set_aside(run, error.what(), out);
                continue;
            }
            uncommitted_ += append.events.size();
            if (append.row) show(*append.row, resident.answers);
            resident.moved_at = now;
            resident.handed_over = resident.live.run.sequence;
            resident.in_flight.push_back(
                {last_number_ + 1, resident.live.run.sequence,
                 std::exchange(resident.live.dispatches, {}), std::exchange(resident.answers, {}),
                 std::exchange(resident.from_inbox, {}), snapshot_if_due(resident, now)});
            hand_over(std::move(append), out);
        } else {
            for (auto& answer : std::exchange(resident.answers, {}))
                out.push_back(std::move(answer));
            // Reads of a run that is far ahead: nothing new is to be committed before them.
            for (auto& read : std::exchange(resident.live.dispatches, {})) {
                if (resident.in_flight.empty())
                    out.push_back(PerformEffect{std::move(read)});
                else
                    resident.in_flight.back().dispatches.push_back(std::move(read));
            }
        }
        go_on(run, resident, now, out);
    }
}

// A run that was released from quarantine may go on waiting as before, and nothing happens to it.
bool Shard::is_row_behind(Resident const& resident, Timestamp now) {
    return resident.stored && !resident.loading && is_parked(resident) &&
           row_changed(resident.stored, resolute::row_of(resident.live.run, Motion::parked, now));
}

// With what it has yielded; or, when nothing is left and everything is durable, out of memory.
void Shard::go_on(RunId run, Resident& resident, Timestamp now, std::vector<ShardOutput>& out) {
    if (resident.yielded && !retiring_) {
        if (!is_far_ahead(resident)) work(run, resident, now, out, [](Recorder&) {});
    } else if (resident.in_flight.empty() && may_forget(resident)) {
        park_or_evict(run, resident, now, out);
    } else {
        set_alarm(run, resident, now, out);
    }
}

// Going on costs memory, and work that is lost when the commits are refused. A run with nothing in
// flight is not ahead, however much the shard's other runs are.
bool Shard::is_far_ahead(Resident const& resident) const {
    return !resident.in_flight.empty() &&
           (resident.live.run.sequence - resident.committed >= limits::run_uncommitted_events ||
            uncommitted_ >= limits::shard_uncommitted_events);
}

void Shard::forget(std::unordered_map<RunId, Resident>::iterator found) {
    uncommitted_ -= found->second.handed_over - found->second.committed;
    if (found->second.workflow) found->second.workflow->forget(found->first);
    runs_.erase(found);
}

Append Shard::append_of(RunId run, Resident& resident, Timestamp now) {
    auto& live = resident.live;
    Append append{.run = run, .tenant = live.run.started.tenant, .shard = shard_of(run)};
    append.after = Head{live.run.sequence - live.fresh.size(), live.run.head};
    append.events.reserve(live.fresh.size());
    for (auto const& event : live.fresh) {
        EncodedEvent encoded{
            event->sequence, event->at, kind_number(event->fact), encode(event->fact), {}};
        encoded.chain = chain_next(live.run.head, encoded, live.run.started.salt);
        live.run.head = encoded.chain;
        append.events.push_back(std::move(encoded));
    }
    live.fresh.clear();
    auto projection = std::exchange(live.projection, {});
    append.approvals = std::move(projection.approvals);
    append.decisions = std::move(projection.decisions);
    append.unresolved = std::move(projection.unresolved);
    append.posted = std::move(projection.posted);
    append.events_changed = std::move(projection.events);
    append.consumed = std::exchange(resident.consumed, {});
    auto row =
        resolute::row_of(live.run, is_parked(resident) ? Motion::parked : Motion::moving, now);
    bool const is_written = !append.events.empty() || is_parked(resident);
    if (is_written && row_changed(resident.stored, row)) {
        resident.stored = row;
        append.row = std::move(row);
    }
    return append;
}

// When what is folded so far is long enough that reading a snapshot beats folding it again. A run
// that parks is read again for sure; one that moves only after a crash. A large state is written
// the more rarely, so that an event costs the same however much the run holds.
std::optional<Snapshot> Shard::snapshot_if_due(Resident& resident, Timestamp now) const {
    auto const& run = resident.live.run;
    auto const since = run.sequence - resident.snapshot_sequence;
    bool const parked = since >= snapshots_.parked && is_parked(resident);
    if (run.is_closed() || (!parked && since < snapshots_.moving)) return std::nullopt;
    if (since * snapshots_.bytes_per_event < resident.snapshot_size) return std::nullopt;
    resident.snapshot_sequence = run.sequence;
    auto snapshot = snapshot_of(run, now);
    resident.snapshot_size = snapshot.state.size();
    if (snapshot.state.size() > limits::snapshot_bytes) return std::nullopt;
    return snapshot;
}

// What has no resident run any more is answered too: appends that were built on a refused one, and
// messages that were taken out of the inbox without a run.
void Shard::settled(AppendSettled const& input, Timestamp now, std::vector<ShardOutput>& out) {
    if (unanswered_ > 0) --unanswered_;
    if (auto const consuming = consuming_.extract(input.number)) {
        // In one batch with what was built on a refused append it is refused with that.
        if (!std::holds_alternative<Committed>(input.verdict))
            consume(input.run, std::move(consuming.mapped()), out);
        return;
    }
    auto const found = runs_.find(input.run);
    if (found == runs_.end() || found->second.in_flight.empty()) return;
    auto& resident = found->second;
    if (resident.in_flight.front().number != input.number) return;
    auto held = std::move(resident.in_flight.front());
    resident.in_flight.pop_front();
    if (!std::holds_alternative<Committed>(input.verdict))
        return refused(input.run, input.verdict, std::move(held), out);
    uncommitted_ -= held.last_sequence - std::exchange(resident.committed, held.last_sequence);
    for (auto& answer : held.answers) out.push_back(std::move(answer));
    for (auto& dispatch : held.dispatches) out.push_back(PerformEffect{std::move(dispatch)});
    if (held.snapshot) out.push_back(KeepSnapshot{*std::move(held.snapshot)});
    if (!resident.dirty && (resident.yielded || resident.in_flight.empty()))
        go_on(input.run, resident, now, out);
}

// Someone else's history stands: what was built on the refused append never happened.
void Shard::refused(RunId run, AppendVerdict const& verdict, Held held,
                    std::vector<ShardOutput>& out) {
    auto& resident = runs_.at(run);
    if (auto const* unstorable = std::get_if<Unstorable>(&verdict)) {
        resident.in_flight.push_front(std::move(held));
        return set_aside(run, unstorable->why, out);
    }
    auto const* taken = std::get_if<CaseTaken>(&verdict);
    auto refuse = [&](std::vector<Answer>& answers) {
        for (auto& answer : answers) {
            if (taken)
                answer.reply = AlreadyExists{taken->existing};
            else
                answer.reply =
                    Refused{not_taken("The run moved on elsewhere; try again.", "stale_append")};
            out.push_back(std::move(answer));
        }
    };
    std::deque<Deliver> again;
    auto take_back = [&](std::vector<Deliver>& messages) {
        std::ranges::move(messages, std::back_inserter(again));
    };
    refuse(held.answers);
    take_back(held.from_inbox);
    for (auto& later : resident.in_flight) {
        refuse(later.answers);
        take_back(later.from_inbox);
    }
    refuse(resident.answers);
    take_back(resident.from_inbox);
    forget(runs_.find(run));
    if (taken) {  // there will be no such run: nothing that was sent to it may come again and again
        std::vector<MessageId> messages;
        for (auto const& message : again) messages.push_back(message.message.id);
        return consume(run, std::move(messages), out);
    }
    if (retiring_) return;
    // Whoever wrote the beginning that stands took its start out of the inbox.
    std::erase_if(again, [](Deliver const& message) {
        return std::holds_alternative<StartRun>(message.message.content);
    });
    load(run, out);
    runs_.at(run).waiting = std::move(again);
}

void Shard::hand_over(Append append, std::vector<ShardOutput>& out) {
    ++unanswered_;
    out.push_back(CommitAppend{std::move(append), ++last_number_});
}

void Shard::consume(RunId run, std::vector<MessageId> messages, std::vector<ShardOutput>& out) {
    if (messages.empty()) return;
    consuming_[last_number_ + 1] = messages;
    hand_over({.run = run, .shard = shard_of(run), .consumed = std::move(messages)}, out);
}

}  // namespace resolute
