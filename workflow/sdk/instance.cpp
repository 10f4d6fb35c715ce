#include "workflow/sdk/instance.h"

#include <algorithm>

#include "base/json_differences.h"
#include "engine/expectation.h"

namespace resolute::sdk {
namespace {

Failure thrown(std::string const& what) {
    return runtime_failure("The workflow's code threw: " + what, codes::workflow_threw);
}

// A body with its end: what it gave, or what left it.
Task<void> drive(Scope& scope) {
    StepEnd outcome;
    try {
        auto work = scope.body(*scope.flow);
        outcome.output = co_await work;
    } catch (StepError const& error) {
        outcome.error = error.failure();
    } catch (Cancelled const&) {
        outcome.error = cancelled_failure();
    } catch (std::exception const& error) {
        outcome.error = thrown(error.what());
    } catch (...) {
        outcome.error = thrown("something that is no std::exception");
    }
    scope.outcome = std::move(outcome);
    scope.instance.body_ended(scope);
}

void set_step(Command& command, StepId const& step) {
    std::visit(
        [&](auto& c) {
            if constexpr (requires { c.step = step; }) c.step = step;
        },
        command);
}

}  // namespace

Scope::Scope(Instance& instance, StepId frame, Operation* owner, std::shared_ptr<Lane> lane)
    : instance(instance),
      frame(std::move(frame)),
      owner(owner),
      lane(std::move(lane)),
      flow(std::make_unique<Flow>(*this)) {}

// Bodies inside may refer to what this one holds, so they go first.
Scope::~Scope() {
    operations.clear();
    task.reset();
}

Instance::Instance(Body body, Run const& run)
    : run_(run.id), started_(run.started), now_(run.started_at), sequence_(run.sequence) {
    root_.emplace(*this, StepId{}, nullptr, std::make_shared<Lane>());
    root_->body = std::move(body);
}

Instance::~Instance() = default;

Operation* Instance::find(StepId const& step) const {
    auto const found = pending_.find(step.path);
    return found == pending_.end() ? nullptr : found->second;
}

std::vector<Operation*> Instance::in_order() const {
    std::vector<Operation*> all;
    for (auto const& [path, operation] : pending_) all.push_back(operation);
    std::ranges::sort(all, {}, &Operation::ordinal);
    return all;
}

void Instance::push(Command command) {
    if (!replaying_) commands_.push_back(std::move(command));
}

// ---- asking

Operation& Instance::add(Scope& scope, std::string_view name) {
    if (scope.single) {
        if (std::exchange(scope.asked, 1) != 0)
            throw std::logic_error("A branch that gives a Pending has that one step only.");
        return *scope.single;
    }
    auto& operation = scope.operations.emplace_back();
    operation.self = std::prev(scope.operations.end());
    operation.scope = &scope;
    operation.step.path =
        scope.frame.path + "/do/" + std::to_string(scope.asked++) + "/" + escape_name(name);
    return operation;
}

void Instance::note(Operation& operation, Asking asking) {
    operation.asking = std::move(asking);
    operation.ordinal = ++ordinal_;
    for (auto& command : operation.asking.begin) set_step(command, operation.step);
    pending_.emplace(operation.step.path, &operation);
    if (!replaying_) begin(operation);
}

Operation& Instance::ask(Scope& scope, std::string_view name, Asking asking) {
    auto& operation = add(scope, name);
    note(operation, std::move(asking));
    return operation;
}

Operation& Instance::ask_block(Scope& scope, std::string_view name, Asking asking, Body body,
                               bool sealed) {
    auto& operation = add(scope, name);
    note(operation, std::move(asking));
    if (!runs_body(operation.step, sealed) || operation.was_told) return operation;
    auto& inside = operation.inside.emplace_back(*this, operation.step, &operation, scope.lane);
    inside.body = std::move(body);
    start_body(inside);
    return operation;
}

Operation& Instance::ask_fork(Scope& scope, std::string_view name, std::vector<BranchPlan> branches,
                              bool race) {
    auto& fork = add(scope, name);
    fork.is_fork = true;
    fork.is_race = race;
    fork.left = branches.size();
    note(fork, {"frame", {}, {EnterStep{{}, FrameKind::parallel, {}, {}}}});
    if (!runs_body(fork.step, false) || fork.was_told) return fork;
    std::size_t index = 0;
    for (auto& branch : branches) add_branch(scope, fork, std::move(branch), index++);
    return fork;
}

void Instance::add_branch(Scope& scope, Operation& fork, BranchPlan plan, std::size_t index) {
    auto& branch = fork.branches.emplace_back();
    branch.scope = &scope;
    branch.fork = &fork;
    branch.branch = index;
    branch.step.path =
        fork.step.path + "/fork/branches/" + std::to_string(index) + "/" + escape_name(plan.name);
    auto lane = std::make_shared<Lane>(*scope.lane);
    if (plan.step) {
        auto& around = fork.inside.emplace_back(*this, fork.step, nullptr, lane);
        around.single = &branch;
        branch.scope = &around;
        plan.step(*around.flow);
        if (!around.asked) throw std::logic_error("A branch that gives a Pending has a step.");
        return;
    }
    note(branch, {"frame", {}, {EnterStep{{}, FrameKind::sequence, {}, {}}}});
    if (!runs_body(branch.step, false) || branch.was_told) return;
    auto& inside = branch.inside.emplace_back(*this, branch.step, &branch, lane);
    inside.body = std::move(plan.body);
    start_body(inside);
}

bool Instance::runs_body(StepId const& step, bool sealed) const {
    if (!replaying_) return true;
    return !unopened_.contains(step.path) && !(sealed && closed_.contains(step.path));
}

void Instance::start_body(Scope& scope) {
    scope.task.emplace(drive(scope));
    scope.task->start();
}

// The first that a part of the workflow asks for after a cancel tells it so.
void Instance::begin(Operation& operation) {
    if (cancelling_ && !operation.scope->lane->told) {
        operation.was_told = true;
        return push(FailStep{operation.step, cancelled_failure()});
    }
    for (auto const& command : operation.asking.begin) push(command);
}

// ---- what became of it

void Instance::deliver(Operation& operation, StepEnd outcome) {
    pending_.erase(operation.step.path);
    withdraw(operation);
    bool const tells = outcome.error && is_cancelled(*outcome.error);
    if (tells && !operation.fork) operation.scope->lane->told = true;
    operation.outcome = std::move(outcome);
    if (operation.fork) return branch_ended(operation);
    if (auto const waiter = std::exchange(operation.waiter, {})) waiter.resume();
    settle();
}

void Instance::withdraw(Operation& operation) {
    auto drop = [this](Operation& inner) {
        pending_.erase(inner.step.path);
        withdraw(inner);
    };
    for (auto& branch : operation.branches) drop(branch);
    for (auto& scope : operation.inside)
        for (auto& inner : scope.operations) drop(inner);
    operation.inside.clear();
}

void Instance::settle() {
    for (auto* scope : std::exchange(ended_, {})) {
        auto const& [output, error] = *scope->outcome;
        auto& end = scope->owner ? scope->owner->end : end_;
        if (!scope->owner)
            end = error ? Command(FaultRun{*error}) : Command(CompleteRun{output});
        else if (error)
            end = FailStep{scope->owner->step, *error};
        else
            end = CompleteStep{scope->owner->step, output, {}, {}};
        push(*end);
    }
}

void Instance::branch_ended(Operation& branch) {
    auto& fork = *branch.fork;
    --fork.left;
    auto const& [output, error] = *branch.outcome;
    if (fork.end) return;
    if (error) {
        fork.end = FailStep{fork.step, *error};
    } else if (fork.is_race) {
        Json won{{"branch", branch.branch}, {"name", name_of(branch.step)}};
        won["output"] = output.json();
        fork.end = CompleteStep{fork.step, Payload(std::move(won)), {}, {}};
    } else if (fork.left == 0) {
        auto outputs = Json::array();
        for (auto const& one : fork.branches) outputs.push_back(one.outcome->output.json());
        fork.end = CompleteStep{fork.step, Payload(std::move(outputs)), {}, {}};
    }
    if (fork.end) push(*fork.end);
}

// ---- against what was recorded

void Instance::replay(Run const& run) {
    replaying_ = true;
    now_ = run.frames.at(StepId{}).entered;
    for (auto const& ended : run.ledger) {
        if (ended.kind == "frame") closed_.insert(ended.step.path);
        bool const told = ended.error && is_cancelled(*ended.error);
        if (told && ended.kind.empty()) unopened_.insert(ended.step.path);
    }
    start_body(*root_);
    settle();
    for (auto const& ended : run.ledger) {
        auto* operation = find(ended.step);
        if (!operation) report_unasked(ended);
        check(ended, *operation);
        now_ = ended.at;
        deliver(*operation, {ended.output, ended.error});
    }
    closed_.clear();
    unopened_.clear();
    replaying_ = false;
}

void Instance::check(Ended const& recorded, Operation const& operation) const {
    auto const& asking = operation.asking;
    bool const never_began = recorded.kind.empty() && recorded.error;
    if (never_began) return;
    Json const was{{"kind", recorded.kind.empty() ? "value" : recorded.kind},
                   {"asked", recorded.kind.empty()
                                 ? recorded.output.json()
                                 : as_asked(recorded.asked.json(), operation.asking.asked.json())}};
    Json const now{{"kind", asking.kind.empty() ? "value" : asking.kind},
                   {"asked", asking.asked.json()}};
    if (was != now)
        throw CorruptHistory("the workflow's code does not fit its history at `" +
                             recorded.step.path + "`: " + differences(was, now));
}

void Instance::report_unasked(Ended const& recorded) const {
    auto const place = recorded.step.path.rfind('/');
    auto const prefix = recorded.step.path.substr(0, place + 1);
    std::string instead = "nothing there";
    for (auto const* open : in_order())
        if (open->step.path.starts_with(prefix) &&
            open->step.path.find('/', prefix.size()) == std::string::npos)
            instead = "`" + open->step.path + "` (" +
                      (open->asking.kind.empty() ? "value" : open->asking.kind) + " " +
                      open->asking.asked.text() + ")";
    auto const kind = recorded.kind.empty() ? std::string("value") : recorded.kind;
    throw CorruptHistory("the workflow's code does not fit its history: `" + recorded.step.path +
                         "` (" + kind + " " + recorded.asked.text() +
                         ") was recorded, and it asks for " + instead);
}

}  // namespace resolute::sdk
