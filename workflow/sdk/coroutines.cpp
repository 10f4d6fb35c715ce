#include "workflow/sdk/coroutines.h"

#include "workflow/sdk/instance.h"

namespace resolute::sdk {

Coroutines::Coroutines(std::shared_ptr<Code const> code, std::size_t kept)
    : code_(std::move(code)), most_(kept) {}

Coroutines::~Coroutines() = default;

std::unique_ptr<Instance> Coroutines::take(RunId run) const {
    std::lock_guard const lock(mutex_);
    auto found = kept_.extract(run);
    if (!found) return nullptr;
    ages_.erase(found.mapped().age);
    return std::move(found.mapped().instance);
}

void Coroutines::keep(RunId run, std::unique_ptr<Instance> instance) const {
    std::unique_ptr<Instance> dropped;  // outside the lock: it runs the author's destructors
    std::lock_guard const lock(mutex_);
    if (most_ == 0) return;
    if (kept_.size() >= most_) {
        auto oldest = kept_.extract(ages_.front());
        ages_.pop_front();
        dropped = std::move(oldest.mapped().instance);
    }
    auto const age = ages_.insert(ages_.end(), run);
    kept_.insert_or_assign(run, Kept{std::move(instance), age});
}

void Coroutines::forget(RunId run) const { take(run); }

std::size_t Coroutines::kept() const {
    std::lock_guard const lock(mutex_);
    return kept_.size();
}

std::unique_ptr<Instance> Coroutines::replayed(Run const& run) const {
    auto body = [code = code_, input = run.frames.at(StepId{}).input](Flow& flow) {
        return code->body(flow, input);
    };
    auto instance = std::make_unique<Instance>(std::move(body), run);
    instance->replay(run);
    return instance;
}

Commands Coroutines::begin_work(Run const& run) const {
    auto const& input = run.started.input;
    auto const violations = code_->input.validate(input.json());
    if (violations.empty()) return {BeginWork{input, input, FrameKind::replayed}};
    return {FaultRun{validation_failure(
        "The workflow's input does not satisfy its schema: " + to_string(violations),
        codes::schema_violation)}};
}

Commands Coroutines::decide(Run const& run, Event const& event) const {
    if (run.is_closed()) {
        forget(run.id);
        return {};
    }
    if (std::holds_alternative<RunStarted>(event.fact)) return begin_work(run);
    if (!run.frames.contains(StepId{})) return {};
    auto instance = take(run.id);
    // One that knows more than was recorded lived through something that never happened.
    bool const fits = instance && instance->sequence() <= event.sequence;
    Commands commands;
    if (fits) {
        commands = instance->follow(run, event);
    } else {
        instance = replayed(run);
        commands = instance->catch_up(run, Instance::Knowledge::current);
        for (auto& command : instance->follow(run, event)) commands.push_back(std::move(command));
    }
    keep(run.id, std::move(instance));
    return commands;
}

Commands Coroutines::resume(Run const& run, Timestamp) const {
    forget(run.id);
    if (run.is_closed() || !run.frames.contains(StepId{})) return {};
    auto instance = replayed(run);
    auto commands = instance->catch_up(run, Instance::Knowledge::interrupted);
    keep(run.id, std::move(instance));
    return commands;
}

}  // namespace resolute::sdk
