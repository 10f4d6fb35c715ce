#include "tests/simulation/people.h"

#include <algorithm>

#include "engine/shard_of.h"

namespace resolute::simulation {
namespace {

using namespace std::chrono_literals;

char const* const reviewers[] = {"ann", "bob", "cid", "dee"};

}  // namespace

People::People(Ground& ground, std::vector<Process>& processes, std::vector<Case> cases)
    : ground_(ground),
      setting_(ground.setting),
      processes_(processes),
      cases_(std::move(cases)),
      is_answered_(cases_.size()) {}

void People::begin() {
    for (std::size_t i = 0; i < cases_.size(); ++i)
        setting_.at(setting_.some(30s), [this, i] {
            if (setting_.strikes(Fault::start_repeated)) start(i, false);
            if (setting_.maybe(0.25)) start_through_inbox(cases_[i]);
            start(i, true);
        });
    setting_.at(5s, [this] { go_round(); });
}

Life* People::some_life() {
    auto& process = processes_[setting_.random().below(processes_.size())];
    return process.is_up() ? process.life() : nullptr;
}

// A client that hears nothing asks again, with another run id and the same case.
void People::start(std::size_t number, bool until_answered) {
    if (is_answered_[number]) return;
    if (until_answered) setting_.at(8s, [this, number] { start(number, true); });
    auto* life = some_life();
    if (!life || life->owned().empty()) return;
    auto const& wanted = cases_[number];
    auto const shard = life->owned()[setting_.random().below(life->owned().size())];
    auto const run = with_shard(RunId::make(setting_.now(), setting_.random()), shard);
    Message message{MessageId::make(setting_.now(), setting_.random()), run,
                    StartRun{wanted.workflow, wanted.tenant, wanted.id, Json{{"n", 3}}, initiator}};
    life->deliver(std::move(message), [this, number](Reply const& reply) {
        if (auto const* accepted = std::get_if<Accepted>(&reply))
            acknowledged_.push_back({accepted->run, accepted->sequence});
        if (auto const* known = std::get_if<AlreadyExists>(&reply))
            acknowledged_.push_back({known->run, 1});
        is_answered_[number] = is_answered_[number] || !std::holds_alternative<Refused>(reply);
    });
}

void People::start_through_inbox(Case const& wanted) {
    auto const run = RunId::make(setting_.now(), setting_.random());
    post({MessageId::make(setting_.now(), setting_.random()), run,
          StartRun{wanted.workflow, wanted.tenant, wanted.id, Json{{"n", 3}}, initiator}});
}

void People::post(Message const& message) {
    if (are_gone_) return;
    ground_.database.post(message);
    if (setting_.is_traced()) setting_.note("posted: " + to_json(message).dump());
    if (setting_.maybe(0.8))
        for (auto& process : processes_)
            if (process.is_up()) process.life()->poke();
}

void People::mail(RunId run, decltype(Message::content) content) {
    Message message{MessageId::make(setting_.now(), setting_.random()), run, std::move(content)};
    auto* life = some_life();
    bool const is_owner = life && std::ranges::binary_search(life->owned(), shard_of(run));
    if (!is_owner) return post(message);
    life->deliver(std::move(message), [this](Reply const& reply) {
        if (auto const* accepted = std::get_if<Accepted>(&reply))
            acknowledged_.push_back({accepted->run, accepted->sequence});
    });
}

void People::go_round() {
    change_policies();
    std::vector<RunId> runs;
    for (auto const& [run, stored] : ground_.database.tables.runs)
        if (!ground_.fold_of(run).is_closed()) runs.push_back(run);
    for (auto const& run : runs) visit(run);
    setting_.at(3s + setting_.some(6s), [this] { go_round(); });
}

void People::visit(RunId run) {
    if (setting_.strikes(Fault::cancelled)) mail(run, CancelRun{"ann", "by chance"});
    auto const& fold = ground_.fold_of(run);
    if (fold.pause && (setting_.is_calm() || setting_.maybe(0.4)))
        mail(run, ResumeRun{"ann", "Enough."});
    else if (!fold.pause && setting_.strikes(Fault::run_paused))
        mail(run, PauseRun{"ann", "by chance"});
    if (fold.awaiting.empty() && setting_.strikes(Fault::signal_early))
        mail(run, SendSignal{"go", Json(1), "ann"});
    auto const awaiting = fold.awaiting;
    for (auto const& [step, signal] : awaiting)
        if (setting_.is_calm() || setting_.maybe(0.5))
            mail(run, SendSignal{signal, Json(1), "ann"});
    auto const listening = fold.listening;
    for (auto const& [step, one] : listening)
        if (one.waits && (setting_.is_calm() || setting_.maybe(0.3)))
            tell(fold.started.tenant, one);
    if (setting_.strikes(Fault::set_aside)) set_aside(run);
    auto const approvals = fold.approvals;
    for (auto const& [id, approval] : approvals)
        if (approval.status == ApprovalStatus::pending) {
            if (approval.asked.kind == ApprovalKind::resolution)
                settle(run, approval);
            else
                decide(run, approval);
        }
}

std::string People::reviewer(Approval const& approval) {
    auto has_decided = [&](char const* person) {
        return std::ranges::any_of(approval.decisions,
                                   [&](auto const& decision) { return decision.by == person; });
    };
    auto const first = setting_.random().below(std::size(reviewers));
    for (std::size_t i = 0; i < std::size(reviewers); ++i) {
        auto const* person = reviewers[(first + i) % std::size(reviewers)];
        if (!has_decided(person)) return person;
    }
    return reviewers[first];
}

void People::answer(RunId run, Approval const& approval, std::string by, std::string choice) {
    mail(run, DecideApproval{approval.asked.approval,
                             "d" + std::to_string(++decisions_),
                             std::move(choice),
                             std::move(by),
                             approval.asked.digest,
                             "",
                             {}});
}

void People::decide(RunId run, Approval const& approval) {
    auto const& asked = approval.asked;
    if (!setting_.is_calm() && setting_.maybe(0.4)) return;
    if (late_.contains(asked.approval)) return;
    auto const& choices = asked.choices;
    auto const choice = setting_.maybe(0.75) ? choices.front() : choices.back();
    if (setting_.strikes(Fault::decided_by_initiator))
        answer(run, approval, initiator, choices.front());
    if (setting_.strikes(Fault::decided_on_old_digest)) {
        auto other = approval;
        other.asked.digest = sha256("what it was before");
        answer(run, other, "ann", choices.front());
    }
    if (asked.expires_at && setting_.strikes(Fault::decided_late)) {
        late_.insert(asked.approval);
        return setting_.at(
            *asked.expires_at - setting_.now() + 1500ms,
            [this, run, approval, choice] { answer(run, approval, reviewer(approval), choice); });
    }
    auto const first = reviewer(approval);
    answer(run, approval, first, choice);
    if (setting_.strikes(Fault::decided_twice)) {
        --decisions_;
        answer(run, approval, first, choice);
    }
    if (setting_.strikes(Fault::reviewers_raced))
        answer(run, approval, reviewer(approval), choices.back());
}

// Whoever must say what became of a call looks it up, once nothing is on its way any more.
void People::settle(RunId run, Approval const& approval) {
    auto const& activities = ground_.fold_of(run).activities;
    auto const found = activities.find(approval.asked.step);
    if (found == activities.end()) return;
    auto const key = found->second.intent.key;
    if (!ground_.outside.is_settled(key)) return;
    if (!setting_.is_calm() && setting_.maybe(0.3)) return;
    answer(run, approval, "ann", ground_.outside.applied(key) > 0 ? "applied" : "absent");
}

void People::tell(std::string const& tenant, Listening const& listening) {
    auto const filters = listening.filters.json();
    auto const& filter = filters.at(setting_.random().below(filters.size()));
    auto const& wanted = filter.at("type");
    auto const type =
        wanted == "" ? "t" + std::to_string(setting_.random().below(3)) : wanted.get<std::string>();
    ground_.database.post_event(tenant, {{"id", std::to_string(++events_)},
                                         {"source", "people"},
                                         {"type", type},
                                         {"data", {{"n", setting_.random().below(10)}}}});
}

void People::set_aside(RunId run) {
    auto& database = ground_.database;
    auto const owner = database.tables.owners.at(static_cast<std::size_t>(shard_of(run)));
    if (!owner || ground_.is_fenced(*owner)) return;
    setting_.note(to_string(run) + " is set aside");
    database.open(*owner, -1)->quarantine(run, "by chance", setting_.now());
    ground_.aside_by_chance.insert(run);
    setting_.at(setting_.some(20s), [this, run] {
        ground_.aside_by_chance.erase(run);
        if (ground_.database.release(run)) setting_.note(to_string(run) + " is released");
    });
}

void People::change_policies() {
    if (!setting_.strikes(Fault::policy_changed)) return;
    std::vector<std::string> tools;
    for (auto const& [run, stored] : ground_.database.tables.runs)
        for (auto const& [step, activity] : ground_.fold_of(run).activities)
            if (!ToolName::parse(activity.intent.target).reads())
                tools.push_back(activity.intent.target);
    if (tools.empty()) return;
    auto const& tool = tools[setting_.random().below(tools.size())];
    ground_.policies.change(tool, setting_.now(), setting_.maybe(0.3));
    setting_.note("the policy of " + tool + " changes");
}

bool People::is_everything_over() const {
    auto const& tables = ground_.database.tables;
    auto has_run = [&](Case const& wanted) {
        return tables.cases.contains({wanted.tenant, wanted.id, wanted.workflow.name});
    };
    auto is_over = [&](auto const& item) {
        auto const status = item.second.row.status;
        if (ground_.is_set_aside_for_good(item.first)) return true;
        return status != RunRow::Status::running && status != RunRow::Status::waiting &&
               status != RunRow::Status::quarantined;
    };
    return std::ranges::all_of(cases_, has_run) && std::ranges::all_of(tables.runs, is_over);
}

}  // namespace resolute::simulation
