#include "tests/simulation/simulate.h"

#include <algorithm>

#include "tests/engine/scripted_workflow.h"
#include "tests/simulation/checks.h"
#include "tests/simulation/generator.h"
#include "tests/simulation/people.h"
#include "workflow/interpreter.h"
#include "workflow/load.h"

namespace resolute::simulation {
namespace {

using namespace std::chrono_literals;

constexpr Duration longest_liveness = 30min;
constexpr Duration afterwards = 45s;  // zombies wake up, duplicates arrive
constexpr Duration silence = 10s;     // what was sent is taken
constexpr char child_name[] = "test/child";  // that other runs start

class World {
  public:
    World(std::uint64_t seed, Trace trace)
        : setting_(seed, trace == Trace::on), ground_(setting_) {}

    Report run();

  private:
    std::vector<Case> make_cases();
    void deploy_child();
    void poison(std::vector<Case> const& cases);
    WorkflowRef scripted(int number);
    WorkflowRef generated(int number);
    void boot_processes();
    void advance(Timestamp end);  // until then, or until everything is over
    void pass(Duration time);
    void check();
    Digest digest() const;

    Setting setting_;
    Ground ground_;
    std::vector<Process> processes_;
    std::optional<People> people_;
    std::set<Digest> takes_places_;  // workflows whose runs wait for places that others have
};

std::vector<testing::ScriptedStep> some_steps(Setting& setting) {
    static char const* const gates[] = {"write", "write", "gated", "pair",
                                        "read",  "peek",  "denied"};
    static char const* const event_types[] = {"t0", "t1", "t2"};  // as the generated ones have
    auto& random = setting.random();
    std::vector<testing::ScriptedStep> steps;
    auto const length = 1 + random.below(6);
    while (steps.size() < length) {
        auto const dice = random.below(12);
        if (dice == 0)
            steps.push_back({"pause", "timer", setting.some(20s)});
        else if (dice == 1)
            steps.push_back({"go", "signal"});
        else if (dice == 2)
            steps.push_back({"ask", "question"});
        else if (dice == 3)
            steps.push_back({random.below(8) == 0 ? "test/absent" : child_name, "child"});
        else if (dice == 4 && setting.maybe(0.5))
            steps.push_back({event_types[random.below(std::size(event_types))],
                             setting.maybe(0.5) ? "emit" : "event"});
        else {
            auto const gate = random.below(std::size(gates) - (setting.maybe(0.8) ? 1 : 0));
            std::string tool = gates[gate];
            tool += '_';
            tool += static_cast<char>('a' + random.below(3));
            tool += static_cast<char>('0' + random.below(tool_variants));
            auto const limit = setting.maybe(0.1) ? 1s + setting.some(60s) : Duration{};
            steps.push_back({tool, "tool", limit});
        }
    }
    return steps;
}

WorkflowRef World::scripted(int number) {
    auto const name = "test/scripted-" + std::to_string(number);
    auto const digest = sha256(name);
    ground_.definitions[digest] = std::make_unique<testing::ScriptedWorkflow>(some_steps(setting_));
    return {name, "1", digest};
}

// Real YAML through the real loader, to the real interpreter.
WorkflowRef World::generated(int number) {
    auto const name = "w" + std::to_string(number);
    auto const text = WorkflowGenerator(setting_.random(), SimulatedToolbox()).workflow(name);
    setting_.note("workflow " + name + ":\n" + text);
    auto definition = workflow::load(text, name + ".yaml").value();
    auto const ref = definition->ref;
    if (text.find("limits:") != text.npos) takes_places_.insert(ref.digest);
    ground_.definitions[ref.digest] =
        std::make_unique<workflow::Interpreter>(std::move(definition));
    return ref;
}

void World::deploy_child() {
    auto const digest = sha256(child_name);
    ground_.names[child_name] = digest;
    ground_.definitions[digest] = std::make_unique<testing::ScriptedWorkflow>(
        std::vector<testing::ScriptedStep>{{"write_b1"}, {"ask", "question"}, {"gated_a0"}});
}

std::vector<Case> World::make_cases() {
    std::vector<Case> cases;
    auto const count = 3 + setting_.random().below(4);
    for (std::uint64_t i = 0; i < count; ++i) {
        auto const number = static_cast<int>(i);
        auto const workflow = setting_.maybe(0.5) ? generated(number) : scripted(number);
        bool const is_shared = setting_.maybe(0.3);  // the same case id in another tenant
        cases.push_back({"default", "case-" + std::to_string(i), workflow});
        if (is_shared) cases.push_back({"other", "case-" + std::to_string(i), workflow});
    }
    return cases;
}

// From some event on, whoever folds a run of one of these workflows dies of it.
void World::poison(std::vector<Case> const& cases) {
    if (!setting_.maybe(0.15)) return;
    auto const& workflow = cases[setting_.random().below(cases.size())].workflow;
    if (takes_places_.contains(workflow.digest)) return;  // set aside, it would keep them
    ground_.poison = {workflow.digest, 2 + setting_.random().below(12)};
    setting_.note(workflow.name + " is poison from event " +
                  std::to_string(ground_.poison->sequence) + " on");
}

void World::boot_processes() {
    auto const count = 2 + setting_.random().below(2);
    processes_.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) processes_.emplace_back(ground_, static_cast<int>(i));
    for (auto& process : processes_)
        setting_.at(setting_.some(15s), [&process] { process.boot(); });
}

void World::advance(Timestamp end) {
    while (!people_->is_everything_over() && setting_.go_on(end)) {
    }
}

Report World::run() {
    deploy_child();
    auto cases = make_cases();
    poison(cases);
    people_.emplace(ground_, processes_, std::move(cases));
    boot_processes();
    people_->begin();
    advance(setting_.now() + 60s + setting_.some(120s));
    setting_.calm_down();
    setting_.note("from now on nothing goes wrong");
    advance(setting_.now() + longest_liveness);
    pass(afterwards);
    people_->go_home();
    pass(silence);
    check();
    setting_.report().digest = digest();
    return setting_.report();
}

void World::pass(Duration time) {
    auto const end = setting_.now() + time;
    while (setting_.go_on(end)) {
    }
}

void World::check() {
    auto& report = setting_.report();
    auto const& tables = ground_.database.tables;
    for (auto const& [run, stored] : tables.runs) {
        ++report.runs;
        report.events += static_cast<int>(stored.events.size());
        bool const is_aside = ground_.is_set_aside_for_good(run);
        setting_.require(is_aside || stored.row.status != RunRow::Status::quarantined,
                         Check::nothing_set_aside, "a run was set aside");
        if (ground_.is_poison(ground_.fold_of(run)))
            setting_.require(is_aside, Check::poison_is_set_aside,
                             "a run that kills its process is still resumed");
        if (stored.row.workflow.name.starts_with("generated/")) ++report.generated;
        auto const history = check_chain(ground_, run);
        if (!history) continue;
        check_retries(ground_, *history);
        check_approvals(ground_, *history);
        check_effects(ground_, *history);
        check_rows(ground_, *history);
        check_tenant(ground_, *history);
        check_messages(ground_, *history);
        check_undoing(ground_, *history);
        check_items(ground_, *history);
        check_snapshot(ground_, *history);
        if (!is_aside) check_end(ground_, *history);
    }
    check_keys(ground_);
    check_events(ground_);
    check_places(ground_);
    check_inbox(ground_);
    for (auto const& told : people_->acknowledged()) {
        auto const found = tables.runs.find(told.run);
        auto const stored = found == tables.runs.end() ? 0 : found->second.events.size();
        setting_.looked(Check::acknowledged_is_kept);
        if (stored == 0 || stored < told.sequence)
            setting_.breach(Check::acknowledged_is_kept,
                            to_string(told.run) + " has " + std::to_string(stored) +
                                " events, and " + std::to_string(told.sequence) +
                                " were acknowledged");
    }
    for (auto const& wanted : people_->cases()) {
        auto is_of = [&](auto const& item) {
            auto const& row = item.second.row;
            return row.tenant == wanted.tenant && row.case_id == wanted.id &&
                   row.workflow.name == wanted.workflow.name;
        };
        setting_.require(std::ranges::count_if(tables.runs, is_of) == 1, Check::one_run_per_case,
                         "a case has no run, or more than one");
    }
}

Digest World::digest() const {
    std::string all;
    for (auto const& [run, stored] : ground_.database.tables.runs) {
        all += to_string(run);
        for (auto const& event : stored.events) all += event.chain.view();
    }
    for (auto const& [key, effects] : ground_.outside.by_key)
        all += key + "=" + std::to_string(effects.applied) + "/" + std::to_string(effects.arrived);
    for (auto const& [id, row] : ground_.database.tables.approvals)
        all += to_string(id) + std::to_string(static_cast<int>(row.status));
    return sha256(all);
}

}  // namespace

Report simulate(std::uint64_t seed, Trace trace) { return World(seed, trace).run(); }

}  // namespace resolute::simulation
