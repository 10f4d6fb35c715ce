// The part of a life that writes: group commit through several writers, and all that can go wrong
// with a COMMIT.
#include <algorithm>

#include "tests/simulation/life.h"

namespace resolute::simulation {

using namespace std::chrono_literals;

// Takes what is queued, as one batch. The database works on it even while this process is paused or
// dead.
void Life::commit(std::size_t number) {
    auto& writer = writers_[number];
    if (is_over_ || writer.under_way || writer.queue.empty()) return;
    call_stale(writer);
    Batch const batch = std::make_shared<std::vector<CommitAppend> const>(
        std::make_move_iterator(writer.queue.begin()), std::make_move_iterator(writer.queue.end()));
    writer.queue.clear();
    writer.under_way = batch;
    auto delay = 1ms + ground_.setting.some(3ms);
    if (ground_.setting.strikes(Fault::commit_slow)) delay += ground_.setting.some(15s);
    ground_.setting.at(delay, [life = shared_from_this(), number, batch] {
        // A process that was killed may have died before the last packet left.
        if (!life->is_over_ || life->ground_.setting.maybe(0.5)) life->write(number, batch);
    });
}

// Whatever the reason, the store may say that the history goes on otherwise: the run is read again.
// All that is queued of a run goes with its first append.
void Life::call_stale(Writer& writer) {
    std::set<RunId> runs;
    for (auto const& item : writer.queue) {
        auto const& events = item.append.events;
        if (!events.empty() && events.front().sequence > 1 &&
            ground_.setting.strikes(Fault::append_stale))
            runs.insert(item.append.run);
    }
    std::deque<CommitAppend> kept;
    std::set<RunId> begun;  // not those whose beginning is in the same batch
    for (auto& item : writer.queue) {
        bool const is_begin =
            item.append.events.empty() || item.append.events.front().sequence == 1;
        if (is_begin) begun.insert(item.append.run);
        bool const is_stale = runs.contains(item.append.run) && !begun.contains(item.append.run);
        if (is_stale) ground_.setting.note(told("is refused as stale", item.append));
        (is_stale ? writer.stale : kept).push_back(std::move(item));
    }
    writer.queue = std::move(kept);
}

void Life::write(std::size_t number, Batch const& batch) {
    std::vector<Append> appends;
    for (auto const& item : *batch) appends.push_back(item.append);
    bool const was_fenced = ground_.is_fenced(member_);
    try {
        auto verdicts = writers_[number].store->append(appends);
        check_batch(batch, was_fenced);
        later(1ms, [this, number, batch, verdicts = std::move(verdicts)] {
            settle(number, batch, verdicts);
        });
    } catch (Fenced const&) {
        later(1ms, [] { throw Fenced(); });
    } catch (StoreUnavailable const&) {  // the same batch again, until there is an answer
        auto again = [life = shared_from_this(), number, batch] {
            if (!life->is_over_) life->write(number, batch);
        };
        later(20ms + ground_.setting.some(1s), std::move(again));
    }
}

void Life::settle(std::size_t number, Batch const& batch, std::vector<AppendVerdict> verdicts) {
    writers_[number].under_way.reset();
    for (auto const& item : std::exchange(writers_[number].stale, {}))
        feed(item.append.run, AppendSettled{item.append.run, item.number, Stale{}});
    for (std::size_t i = 0; i < batch->size(); ++i) {
        auto const& item = (*batch)[i];
        feed(item.append.run, AppendSettled{item.append.run, item.number, verdicts[i]});
    }
    commit(number);
    if (is_leaving_) leave_when_drained();
}

store::Fault Life::commit_fault(std::size_t number, std::vector<Append> const& batch) {
    auto& setting = ground_.setting;
    if (setting.strikes(Fault::store_refused)) return store::Fault::refuse;
    if (setting.strikes(Fault::commit_answer_lost)) return store::Fault::answer_lost;
    if (!setting.strikes(Fault::commit_came_late)) return store::Fault::none;
    arrive_late(number, batch);
    return store::Fault::refuse;
}

// The connection broke and the server went on: the batch commits by itself, before or after its
// sender tries again.
void Life::arrive_late(std::size_t number, std::vector<Append> batch) {
    ground_.setting.at(
        ground_.setting.some(2s), [life = shared_from_this(), number, batch = std::move(batch)] {
            auto const server =
                life->ground_.database.open(life->member_, static_cast<int>(number), nullptr);
            try {
                server->append(batch);
            } catch (Fenced const&) {
                life->ground_.setting.note(life->name_ + ": a late batch was refused");
            }
        });
}

std::string Life::told(std::string_view what, Append const& append) const {
    auto line = name_ + " " + std::string(what) + " " + to_string(append.run).substr(19);
    for (auto const& event : append.events)
        line += " " + std::to_string(event.sequence) + ":" + std::string(kind_name(event.kind));
    for (auto const& message : append.consumed) line += " takes " + to_string(message).substr(19);
    if (append.row && append.row->status == RunRow::Status::waiting)
        line += " (waits " + append.row->waits_sentence + ")";
    return line;
}

void Life::check_batch(Batch const& batch, bool was_fenced) {
    auto& setting = ground_.setting;
    setting.require(!was_fenced, Check::i7_fenced_commits_nothing, "a fenced member committed");
    for (auto const& item : *batch) {
        auto const& append = item.append;
        auto const& owner =
            ground_.database.tables.owners.at(static_cast<std::size_t>(append.shard));
        if (!is_over_)
            setting.require(owner == member_, Check::i7_only_the_owner_commits,
                            "a process committed to a shard that it does not own");
        auto const& stored = ground_.fold_of(append.run);
        if (!append.events.empty() && stored.sequence > 0)  // its start may have been refused
            setting.require(append.tenant == stored.started.tenant,
                            Check::i13_nothing_crosses_a_tenant,
                            "events of a run were stored for another tenant");
        if (append.row && append.row->status == RunRow::Status::waiting) {
            setting.require(!append.row->waits_code.empty() && !append.row->waits_sentence.empty(),
                            Check::i18_waiting_names_its_cause, "a waiting run names no cause");
        }
        if (setting.is_traced()) setting.note(told("commits", append));
    }
}

void Life::leave() {
    if (is_over_ || std::exchange(is_leaving_, true)) return;
    ground_.setting.note(name_ + " leaves");
    note_trials();  // its lease may end before it has left
    shards_.clear();
    tickets_.clear();
    for (std::size_t i = 0; i < writers_.size(); ++i) commit(i);
    leave_when_drained();
}

void Life::leave_when_drained() {
    auto is_drained = [](Writer const& writer) {
        return !writer.under_way && writer.queue.empty();
    };
    if (!std::ranges::all_of(writers_, is_drained)) return;
    ground_.database.membership().leave(member_);
    end(End::left);
}

}  // namespace resolute::simulation
