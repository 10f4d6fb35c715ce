// What a workflow that is code may do: every verb is a step, recorded in the run's history.
//
//   Task<Closed> refund(Flow& flow, Case request) {
//       auto looking = flow.call<Order>("order", "orders.get_order", Wanted{request.order_id});
//       auto const order = co_await looking;
//       …
//
// A verb begins its step at once and gives something to await; several may be under way. The
// workflow must not look at clocks, chance, threads or anything else outside of `Flow`: it is run
// again from its beginning, against what was recorded, whenever the run comes back into memory, and
// has to ask for the same steps in the same order. Names of steps are for people; a step is known
// by its place among the steps of its scope.
//
// Await a named variable, alone in a statement, where GCC 12 is to compile it. Not thread-safe.
#pragma once

#include <array>

#include "workflow/sdk/errors.h"
#include "workflow/sdk/operation.h"
#include "workflow/sdk/shape.h"

namespace resolute::sdk {

struct Nothing {};  // what a step gives that has no output
constexpr auto shape_of(Nothing const*) { return std::tuple(); }

namespace detail {

template <class T> struct ValueOf {
    using type = T;
};
template <> struct ValueOf<void> {
    using type = Nothing;
};

StepEnd take_end(Operation& operation);  // releases it
// Throws StepError or Cancelled for a failed one.
Payload value_of(StepId const& step, StepEnd const& outcome);
[[noreturn]] void throw_wrong_answer(StepId const& step, char const* what);

}  // namespace detail

// A step that is under way; to be awaited once, or left alone until its scope ends it.
template <class T>
class [[nodiscard]] Pending {
  public:
    using Result = T;

    explicit Pending(Operation& operation) : operation_(&operation) {}

    bool await_ready() const { return operation_->outcome.has_value(); }
    void await_suspend(std::coroutine_handle<> caller) const { operation_->waiter = caller; }
    T await_resume() const {
        auto const step = operation_->step;
        auto const outcome = detail::take_end(*operation_);
        auto const output = detail::value_of(step, outcome);
        if constexpr (!std::is_void_v<T>) {
            try {
                return from_value<T>(output.json());
            } catch (WrongShape const& wrong) {
                detail::throw_wrong_answer(step, wrong.what());
            }
        }
    }

  private:
    Operation* operation_;
};

struct CallOptions {
    std::string idempotency_key = {};  // "": derived from run and step
    std::optional<Duration> timeout = {};
};

// A question to a model; the answer satisfies the schema of the type that is asked for.
struct Question {
    std::string model;  // a logical name
    std::string instructions;
    Json input;
    std::int64_t tokens = 0;  // 0: no limit
    std::string fallback = {};
};

// A question to people.
struct Review {
    std::string sentence;
    Json show = {};
    std::vector<std::string> choices = {"approve", "reject"};
    std::vector<std::string> groups = {};
    std::vector<std::string> users = {};
    std::vector<std::string> not_by = {};
    int quorum = 1;
    std::optional<Duration> expires_after = {};
    std::string decision_when_expired = {};  // "": the step fails with a timeout
};
struct Decision {
    std::string decision;
    std::optional<std::string> by;  // none: nobody decided in time
    std::string at;
    Json form;
    std::string comment;
};
constexpr auto shape_of(Decision const*) {
    return std::tuple(field("decision", &Decision::decision), field("by", &Decision::by),
                      field("at", &Decision::at), field("form", &Decision::form),
                      field("comment", &Decision::comment));
}

struct ChildOptions {
    std::string version = {};  // "": the one in force
};

// An event whose attributes are equal to these: {"type": …, "data": {"order": 7}}.
struct EventWanted {
    std::string type;
    std::map<std::string, Json> equals = {};  // by path: "data.order"
};

struct Winner {
    std::int64_t branch = 0;
    std::string name;
    Json output;
};
constexpr auto shape_of(Winner const*) {
    return std::tuple(field("branch", &Winner::branch), field("name", &Winner::name),
                      field("output", &Winner::output));
}

// A branch with steps of its own (its body gives a Task), or of one step (it gives a Pending).
template <class T>
struct Branch {
    using Result = T;
    BranchPlan plan;
};

class Flow {
  public:
    explicit Flow(Scope& scope) : scope_(scope) {}

    // ---- what it may know
    Timestamp now() const;  // of the run: when the last step ended
    std::uint64_t random();  // the same whenever it is replayed
    RunId run() const;
    std::string const& case_id() const;

    // ---- what reaches outside, through the gates
    template <class Out = Json, class In = Json>
    Pending<Out> call(std::string_view name, std::string_view tool, In const& arguments,
                      CallOptions const& options = {}) {
        return begin<Out>(name, tool_call(tool, to_value(arguments), options));
    }
    // A C++ function that was registered as an activity (workflow/sdk/activities.h).
    template <class Out = Json, class In = Json>
    Pending<Out> perform(std::string_view name, std::string_view activity, In const& input,
                         CallOptions const& options = {}) {
        return begin<Out>(name, activity_call(activity, to_value(input), options));
    }
    template <class Out>
    Pending<Out> ask(std::string_view name, Question const& question) {
        return begin<Out>(name, model_call(question, schema_of<Out>()));
    }
    // With a schema of the author's own.
    Pending<Json> ask(std::string_view name, Question const& question, Json const& output) {
        return begin<Json>(name, model_call(question, output));
    }
    // {op: recall, remember or forget, scope, subject, …}
    template <class Out = Json>
    Pending<Out> memory(std::string_view name, Json const& request) {
        return begin<Out>(name, memory_call(request));
    }
    Pending<Decision> approve(std::string_view name, Review const& question) {
        return begin<Decision>(name, approval(question));
    }
    template <class Out = Json, class In = Json>
    Pending<Out> start_child(std::string_view name, std::string_view workflow, In const& input,
                             ChildOptions const& options = {}) {
        return begin<Out>(name, child(workflow, to_value(input), options));
    }
    // A run that nobody waits for.
    template <class In>
    Pending<void> start_detached(std::string_view name, std::string_view workflow, In const& input,
                                 ChildOptions const& options = {}) {
        return begin<void>(name, detached_child(workflow, to_value(input), options));
    }

    // ---- time, signals, events
    Pending<void> wait_for(std::string_view name, Duration duration) {
        return wait_for_timer(name, now() + duration, false);
    }
    Pending<void> wait_until(std::string_view name, Timestamp moment) {
        return wait_for_timer(name, moment, true);
    }
    template <class Out = Json>
    Pending<Out> receive(std::string_view name, std::string_view signal) {
        return begin<Out>(name, awaited_signal(signal));
    }
    // The data of the event.
    template <class Out = Json>
    Pending<Out> listen(std::string_view name, EventWanted const& wanted) {
        return begin<Out>(name, awaited_event(wanted));
    }
    Pending<Json> emit(std::string_view name, Json const& event);

    // ---- values and structure
    // Writes a value into the history: what was decided, for people and policies.
    template <class T>
    Pending<void> set(std::string_view name, T const& value) {
        return begin<void>(name, recorded(to_value(value)));
    }
    // Steps of their own; their result, or what was thrown, is the block's.
    template <class F>
    auto block(std::string_view name, F body, std::optional<Duration> timeout = {}) {
        using Out = typename std::invoke_result_t<F&, Flow&>::Result;
        return Pending<Out>(begin_block(name, erased<Out>(std::move(body)), timeout, false));
    }
    // A block that cannot see anything but its argument: when it is over, what happened inside is
    // forgotten, and it is not run again. For the turns of long loops.
    template <class Out, class In>
    Pending<Out> sealed(std::string_view name, Task<Out> (*function)(Flow&, In),
                        std::type_identity_t<In> const& argument) {
        auto body = [function, argument](Flow& flow) { return function(flow, argument); };
        return Pending<Out>(begin_block(name, erased<Out>(std::move(body)), {}, true));
    }
    // All at once; the first failure ends the others, writes under way settled first.
    template <class... T>
    Pending<std::tuple<typename detail::ValueOf<T>::type...>> parallel(std::string_view name,
                                                                       Branch<T>... branches) {
        std::vector<BranchPlan> plans;
        (plans.push_back(std::move(branches.plan)), ...);
        return Pending<std::tuple<typename detail::ValueOf<T>::type...>>(
            begin_fork(name, std::move(plans), false));
    }
    template <class T>
    Pending<std::vector<typename detail::ValueOf<T>::type>> parallel(
        std::string_view name, std::vector<Branch<T>> branches) {
        return Pending<std::vector<typename detail::ValueOf<T>::type>>(
            begin_fork(name, plans_of(std::move(branches)), false));
    }
    // The first one that ends well; the others are ended.
    template <class... T>
    Pending<Winner> race(std::string_view name, Branch<T>... branches) {
        std::vector<BranchPlan> plans;
        (plans.push_back(std::move(branches.plan)), ...);
        return Pending<Winner>(begin_fork(name, std::move(plans), true));
    }

    Scope& scope() { return scope_; }

    template <class Out, class F>
    static Body erased(F body) {
        return [body = std::move(body)](Flow& flow) mutable { return run_body<Out>(body, flow); };
    }

  private:
    template <class Out, class F>
    static Task<Payload> run_body(F& body, Flow& flow) {
        auto work = body(flow);
        if constexpr (std::is_void_v<Out>) {
            co_await work;
            co_return Payload();
        } else {
            Out value = co_await work;
            co_return Payload(to_value(value));
        }
    }
    template <class T>
    static std::vector<BranchPlan> plans_of(std::vector<Branch<T>> branches) {
        std::vector<BranchPlan> plans;
        for (auto& branch : branches) plans.push_back(std::move(branch.plan));
        return plans;
    }
    template <class T>
    Pending<T> begin(std::string_view name, Asking asking) {
        return Pending<T>(begin_step(name, std::move(asking)));
    }
    Operation& begin_step(std::string_view name, Asking asking);
    Operation& begin_block(std::string_view name, Body body, std::optional<Duration> timeout,
                           bool sealed);
    Operation& begin_fork(std::string_view name, std::vector<BranchPlan> branches, bool race);

    Asking tool_call(std::string_view tool, Json arguments, CallOptions const& options) const;
    Asking activity_call(std::string_view activity, Json input, CallOptions const& options) const;
    Asking model_call(Question const& question, Json schema) const;
    static Asking memory_call(Json const& request);
    static Asking approval(Review const& question);
    static Asking child(std::string_view workflow, Json input, ChildOptions const& options);
    static Asking detached_child(std::string_view workflow, Json input,
                                 ChildOptions const& options);
    Pending<void> wait_for_timer(std::string_view name, Timestamp due, bool fixed);
    static Asking awaited_signal(std::string_view signal);
    static Asking awaited_event(EventWanted const& wanted);
    static Asking recorded(Json value);

    Scope& scope_;
};

template <class F>
auto branch(std::string name, F body) {
    using Made = std::invoke_result_t<F&, Flow&>;
    using Out = typename Made::Result;
    if constexpr (std::is_same_v<Made, Task<Out>>)
        return Branch<Out>{{std::move(name), Flow::erased<Out>(std::move(body)), {}}};
    else
        return Branch<Out>{{std::move(name), {}, [body = std::move(body)](Flow& flow) mutable {
                                auto const begun = body(flow);
                                static_cast<void>(begun);
                            }}};
}

}  // namespace resolute::sdk
