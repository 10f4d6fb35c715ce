// One thing that a workflow asked for and may await: a call, a question, a wait, a block of others.
//
// Internal to workflow/sdk; owned by the scope that asked, until it is awaited or the scope is
// over.
#pragma once

#include <coroutine>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/command.h"
#include "engine/run.h"
#include "workflow/sdk/task.h"

namespace resolute::sdk {

class Flow;
class Instance;
struct Operation;
struct Scope;

using Body = std::function<Task<Payload>(Flow&)>;

// What one step asks of the engine; `begin` has no step yet. Its `kind` is that of the ledger
// (engine/run.h): "" for what is over at once.
struct Asking {
    std::string kind;
    Payload asked;  // compared with what was recorded
    Commands begin;
    std::string decision_when_expired = {};  // of an approval
};

// A branch of a `parallel` or a `race`: steps of its own, or one single step.
struct BranchPlan {
    std::string name;
    Body body;
    std::function<void(Flow&)> step;
};

struct StepEnd {
    Payload output;
    std::optional<Failure> error;
};

struct Operation {
    StepId step;
    Asking asking;
    Scope* scope = nullptr;  // that asked
    Operation* fork = nullptr;  // whose branch this is
    std::size_t branch = 0;
    std::uint64_t ordinal = 0;  // in the order of asking
    bool was_told = false;  // instead of being begun it says that the run is to be cancelled
    std::coroutine_handle<> waiter;
    std::optional<StepEnd> outcome;

    std::list<Operation>::iterator self;  // in the scope that asked

    bool is_fork = false;
    bool is_race = false;
    std::size_t left = 0;  // branches that are not over
    std::list<Scope> inside;  // of a block or of the branches
    std::list<Operation> branches;  // in their order
    std::optional<Command> end;  // that its inside has led to
};

// Where somebody hears of a cancel: the workflow itself, and each branch.
struct Lane {
    bool told = false;
};

// Steps one after the other: the workflow, a block, a branch.
struct Scope {
    Scope(Instance& instance, StepId frame, Operation* owner, std::shared_ptr<Lane> lane);
    Scope(Scope const&) = delete;
    Scope& operator=(Scope const&) = delete;
    ~Scope();

    Instance& instance;
    StepId frame;
    Operation* owner;  // none: the workflow itself
    std::shared_ptr<Lane> lane;
    Operation* single = nullptr;  // the one step of a branch that has no others
    std::size_t asked = 0;
    std::uint64_t drawn = 0;  // of chance
    std::unique_ptr<Flow> flow;
    Body body;
    std::list<Operation> operations;
    std::optional<Task<void>> task;
    std::optional<StepEnd> outcome;
};

}  // namespace resolute::sdk
