#include "tests/simulation/world.h"

#include <algorithm>

#include "engine/chain.h"
#include "engine/names.h"
#include "engine/shard_of.h"
#include "engine/shell/loader.h"

namespace resolute::simulation {
namespace {

using namespace std::chrono_literals;

constexpr int runs_per_world = 6;
constexpr Duration fault_phase = std::chrono::minutes(10);
constexpr Duration longest_life = std::chrono::hours(6);

char const* const kinds[] = {"write_a", "write_b", "write_c", "read",
                             "peek",    "gated_a", "gated_b", "denied_a"};

std::vector<testing::ScriptedStep> some_steps(Random& random) {
    std::vector<testing::ScriptedStep> steps;
    auto const count = 1 + random.below(6);
    for (std::uint64_t i = 0; i < count; ++i) {
        auto const dice = random.below(12);
        if (dice == 0)
            steps.push_back({"pause", "timer", std::chrono::seconds(random.below(300))});
        else if (dice == 1)
            steps.push_back({"go", "signal"});
        else if (dice == 2)
            steps.push_back({"ask", "question"});
        else if (dice == 4)
            steps.push_back({random.below(8) == 0 ? "sim/absent" : "sim/child", "child"});
        else
            steps.push_back({kinds[random.below(std::size(kinds))], "tool",
                             dice == 3 ? std::chrono::seconds(1 + random.below(90)) : Duration{}});
    }
    return steps;
}

}  // namespace

World::World(std::uint64_t seed) : random_(seeded_random(seed)) {}

void World::at(Duration delay, std::function<void()> action) {
    agenda_.push({now_ + delay, order_++, std::move(action)});
}

Report World::run() {
    make_runs();
    boot();
    at(fault_phase, [this] { faults_on_ = false; });
    at(some(20s), [this] { people(); });
    for (int i = 0; i < 3; ++i)
        at(some(fault_phase), [this] {
            if (chance(0.7)) crash();
        });
    auto const end = now_ + longest_life;
    while (!agenda_.empty() && now_ < end) {
        auto const next = agenda_.top();
        agenda_.pop();
        now_ = next.at;
        next.act();
        if (over_) break;
    }
    check_all();
    return report_;
}

// Runs that runs started are everybody's business too.
void World::adopt() {
    for (auto const& [run, stored] : database_.tables.runs)
        if (std::ranges::find(runs_, run) == runs_.end()) {
            count("child");
            begun_.insert(run);
            runs_.push_back(run);
        }
}

// What a child is to be, as the keeper looks it up; false: there is no such workflow.
bool World::resolve(Life const& life, Message& message) {
    auto* start = std::get_if<StartRun>(&message.content);
    if (!start || !start->workflow.digest.is_zero()) return true;
    if (start->workflow.name == "sim/child") {
        start->workflow.digest = child_;
        return true;
    }
    EndChild const end{message.run, ChildEnd::faulted, {}, runtime_failure("No such workflow.")};
    database_.post({message_id_of(message.run, 1), start->parent->run, end});
    life->store->refuse(message.id, "there is no such workflow");
    return false;
}

void World::make_runs() {
    workflows_[child_] = std::make_unique<testing::ScriptedWorkflow>(
        std::vector<testing::ScriptedStep>{{"write_b"}, {"ask", "question"}, {"write_a"}});
    for (int i = 0; i < runs_per_world; ++i) {
        auto const run = RunId::make(now_, *random_);
        Digest digest = sha256(to_string(run));
        workflows_[digest] = std::make_unique<testing::ScriptedWorkflow>(some_steps(*random_));
        StartRun start{{"test/simulated", "1", digest},
                       "default",
                       "case-" + std::to_string(i),
                       Json{{"n", i}},
                       "simulator"};
        starts_[run] = {MessageId::make(now_, *random_), run, std::move(start)};
        runs_.push_back(run);
        at(some(30s), [this, run] { post(starts_.at(run)); });
    }
}

// ---- processes
// ---------------------------------------------------------------------------------------

void World::boot() {
    life_ = std::make_shared<Process>();
    life_->member = database_.membership().join("simulated", 1, 10s);
    life_->store = database_.open(life_->member, 0, [this](auto const&) { return commit_fault(); });
    at(Duration(1), [this, life = life_] { look(life); });
}

// Dead, or paused past its lease and still believing: then its commits and answers still come.
void World::crash() {
    auto const before = life_;
    bool const paused = chance(0.4);
    count(paused ? "paused past its lease" : "killed");
    before->alive = paused;
    at(11s, [this] { boot(); });
}

void World::look(Life const& life) {
    if (!life->alive) return;
    try {
        if (life == life_) database_.membership().renew(life->member, 10s);
        auto owned = database_.membership().claim(life->member);
        std::vector<int> fresh;
        std::ranges::sort(owned);
        std::ranges::set_difference(owned, life->owned, std::back_inserter(fresh));
        life->owned = owned;
        for (auto const& due : life->store->due(fresh, now_, EventStore::Scope::everything, 1000))
            feed(life, due.run, Wake{due.run});
        for (auto const& due : life->store->due(owned, now_, EventStore::Scope::waiting, 1000))
            feed(life, due.run, Wake{due.run});
        for (auto& message : life->store->inbox(owned, 1000)) {
            if (!resolve(life, message)) continue;
            auto const run = message.run;
            feed(life, run, Deliver{std::move(message), 0});
        }
    } catch (Fenced const&) {
        life->alive = false;
        return;
    }
    over_ = over_ || all_closed();
    at(2s, [this, life] { look(life); });
}

void World::post(Message message) {
    begun_.insert(message.run);
    database_.post(message);
}

void World::feed(Life const& life, RunId run, ShardInput input) {
    if (!life->alive) return;
    auto const number = shard_of(run);
    if (std::ranges::find(life->owned, number) == life->owned.end()) return;
    auto& shard = life->shards[number];
    if (!shard) {
        auto definitions = [this](Digest const& digest) -> Orchestrator const* {
            auto const found = workflows_.find(digest);
            return found == workflows_.end() ? nullptr : found->second.get();
        };
        // Often, so that runs are resumed from every kind of state.
        shard = std::make_unique<Shard>(definitions, handlers_, *random_, SnapshotRule{3, 5});
    }
    std::vector<ShardOutput> outputs;
    shard->on(std::move(input), now_, outputs);
    route(life, outputs);
    flush(life, *shard);
}

void World::flush(Life const& life, Shard& shard) {
    while (shard.wants_flush()) {
        std::vector<ShardOutput> outputs;
        shard.flush(now_, outputs);
        route(life, outputs);
    }
}

void World::route(Life const& life, std::vector<ShardOutput>& outputs) {
    std::vector<CommitAppend> appends;
    for (auto& output : outputs) {
        if (auto* commit_append = std::get_if<CommitAppend>(&output))
            appends.push_back(std::move(*commit_append));
        if (auto* effect = std::get_if<PerformEffect>(&output)) {
            if (effect->dispatch.what == Dispatch::What::verify)
                verify(life, std::move(effect->dispatch));
            else
                perform(life, std::move(effect->dispatch));
        }
        if (auto* timer = std::get_if<SetTimer>(&output))
            at(std::max(Duration::zero(), timer->at - now_),
               [this, life, run = timer->run] { feed(life, run, TimerDue{run}); });
        if (auto* wanted = std::get_if<LoadRun>(&output)) load(life, wanted->run);
        if (auto* snapshot = std::get_if<KeepSnapshot>(&output))
            if (!chance(0.3)) keep(life, std::move(snapshot->snapshot));
        if (auto* aside = std::get_if<QuarantineRun>(&output))
            breach("run " + to_string(aside->run) + " was set aside: " + aside->reason);
    }
    if (!appends.empty()) commit(life, std::move(appends));
}

// The batch reaches the store later; its verdicts come back later still, or the process is dead by
// then.
void World::commit(Life const& life, std::vector<CommitAppend> appends) {
    life->free_at =
        std::max(life->free_at, now_) + 1ms + some(chance(0.02) ? Duration(15s) : Duration(5ms));
    at(life->free_at - now_, [this, life, appends = std::move(appends)] { write(life, appends); });
}

void World::write(Life const& life, std::vector<CommitAppend> const& appends) {
    if (!life->alive) return;
    std::vector<Append> batch;
    for (auto const& item : appends) batch.push_back(item.append);
    std::vector<AppendVerdict> verdicts;
    try {
        verdicts = life->store->append(batch);
    } catch (Fenced const&) {
        count("fenced commit");
        life->alive = false;
        return;
    } catch (StoreUnavailable const&) {
        return write(life, appends);  // the same batch again, until there is an answer
    }
    at(1ms, [this, life, appends, verdicts] {
        for (std::size_t i = 0; i < appends.size(); ++i)
            feed(life, appends[i].append.run,
                 AppendSettled{appends[i].append.run, appends[i].last_sequence, verdicts[i]});
    });
}

store::Fault World::commit_fault() {
    if (chance(0.02)) return count("store refused"), store::Fault::refuse;
    if (chance(0.03)) return count("commit answer lost"), store::Fault::answer_lost;
    return store::Fault::none;
}

void World::load(Life const& life, RunId run) {
    at(1ms + some(10ms), [this, life, run] {
        if (life->alive)
            feed(life, run,
                 shell::fold_stored(*life->store, run, life->store->resume({run}).front()));
    });
}

// Later, and out of order: a snapshot may be lost or late and must never be missed.
void World::keep(Life const& life, Snapshot snapshot) {
    at(some(1s), [this, life, snapshot = std::move(snapshot)] {
        life->store->keep({snapshot});
        count("snapshot kept");
    });
}

// ---- the outside
// -------------------------------------------------------------------------------------

void World::perform(Life const& life, Dispatch dispatch) {
    auto const attempt = std::move(dispatch.attempt);
    auto finish = [this, life, attempt](Duration after, Outcome outcome) {
        at(after, [this, life, attempt, outcome] {
            feed(life, attempt.run,
                 EffectFinished{attempt.run, attempt.step, attempt.number, outcome});
        });
    };
    auto why = [](char const* text) { return communication_failure(text, "simulated"); };
    if (attempt.intent.effect == Effect::read) {
        if (chance(0.1))
            return count("read failed"),
                   finish(some(1s), outcome::Failed{why("no answer"), true, {}, {}});
        return finish(some(500ms), outcome::Succeeded{Json{{"read", attempt.number}}, {}});
    }
    if (chance(0.08))
        return count("refused before it was sent"),
               finish(some(1s), outcome::Failed{why("refused"), true, {}, {}});
    bool const lost_before = chance(0.08);
    bool const lost_after = !lost_before && chance(0.12);
    at(some(2s), [this, life, attempt, finish, why, lost_before, lost_after] {
        // A process that died sent nothing more; the dispatch deadline binds one that was only
        // paused.
        if (!life->alive || now_ > attempt.deadline)
            return finish(0s, outcome::Failed{why("too late to send"), true, {}, {}});
        if (lost_before)
            return count("lost before the effect"), finish(5s, outcome::Unknown{why("lost"), {}});
        check_intent(attempt);
        outside_.receive(attempt.intent.key, class_of(attempt.intent));
        if (lost_after)
            return count("lost after the effect"), finish(5s, outcome::Unknown{why("lost"), {}});
        finish(some(1s), outcome::Succeeded{Json{{"done", attempt.intent.key}}, {}});
    });
}

void World::verify(Life const& life, Dispatch dispatch) {
    auto const attempt = std::move(dispatch.attempt);
    at(some(1s), [this, life, attempt] {
        Verification answer;
        switch (class_of(attempt.intent)) {
            case ToolClass::a: answer.verdict = Verdict::resend; break;
            case ToolClass::b:
                if (chance(0.3)) {
                    count("verification undecided");
                    break;
                }
                answer.verdict =
                    outside_.has_applied(attempt.intent.key) ? Verdict::applied : Verdict::absent;
                answer.output = Payload(Json{{"done", attempt.intent.key}});
                break;
            case ToolClass::c: break;
        }
        feed(life, attempt.run, EffectVerified{attempt.run, attempt.step, attempt.number, answer});
    });
}

// Reviewers who race, signals that come early, a rare cancel; and people who find out what became
// of a call.
void World::people() {
    adopt();
    for (auto const& run : runs_) {
        if (!begun_.contains(run)) continue;
        if (chance(0.02)) {
            count("cancelled");
            post({MessageId::make(now_, *random_), run, CancelRun{"simulator", "by chance"}});
        }
        auto const& fold = fold_of(run);
        if (fold.pause && (!faults_on_ || chance(0.5)))
            post({MessageId::make(now_, *random_), run, ResumeRun{"simulator", "enough"}});
        else if (chance(0.03)) {
            count("paused");
            post({MessageId::make(now_, *random_), run, PauseRun{"simulator", "by chance"}});
        }
        for (auto const& [step, signal] : fold.awaiting)
            if (!faults_on_ || random_->unit() < 0.5)
                post({MessageId::make(now_, *random_), run,
                      SendSignal{signal, Json(1), "simulator"}});
        for (auto const& [id, approval] : fold.approvals) {
            if (approval.status != ApprovalStatus::pending || (faults_on_ && random_->unit() < 0.3))
                continue;
            auto const& choices = approval.asked.choices;
            auto choice = choices[random_->below(choices.size())];
            if (approval.asked.kind == ApprovalKind::resolution)
                choice = outside_.has_applied(fold.activities.at(approval.asked.step).intent.key)
                             ? "applied"
                             : "absent";
            int const reviewers = chance(0.3) ? 2 : 1;
            if (reviewers == 2) count("two reviewers race");
            for (int i = 0; i < reviewers; ++i)
                post({MessageId::make(now_, *random_), run,
                      DecideApproval{id,
                                     "d" + std::to_string(random_->next()),
                                     choice,
                                     "reviewer-" + std::to_string(i),
                                     approval.asked.digest,
                                     "",
                                     {}}});
        }
    }
    at(10s + some(20s), [this] { people(); });
}

Run const& World::fold_of(RunId run) {
    auto& fold = folds_.try_emplace(run, Run{.id = run}).first->second;
    auto const found = database_.tables.runs.find(run);
    if (found == database_.tables.runs.end()) return fold;
    auto const& events = found->second.events;
    while (fold.sequence < events.size()) apply(fold, decode(events[fold.sequence]));
    return fold;
}

bool World::all_closed() {
    adopt();
    return std::ranges::all_of(runs_, [&](RunId run) {
        auto const row = database_.row(run);
        return row && row->status != RunRow::Status::running &&
               row->status != RunRow::Status::waiting;
    });
}

}  // namespace resolute::simulation
