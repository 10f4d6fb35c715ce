// Activities in C++: functions that reach outside, with the shapes of what they take and give, and
// with what may be done when an answer is lost.
//
// Register them before the engine starts; from then on thread-safe. Each call runs on one of a few
// threads and carries an idempotency key that is the same for every attempt. A function that throws
// Refused surely did nothing; what else it throws leaves a write unknown: it is looked up when
// there is a `find`, sent again when the function is idempotent, and else a person is asked. The
// policies of tools do not see activities; what a person or a policy has to decide on is a tool.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/json_schema.h"
#include "base/limits.h"
#include "engine/activity_handler.h"
#include "workflow/sdk/shape.h"

namespace resolute::sdk {

struct ActivityCall {
    std::string key;  // of idempotency
    int attempt = 1;
    Timestamp deadline;
    RunId run;
    std::string case_id;
};

// Thrown by an activity: nothing was done.
struct Refused : std::runtime_error {
    enum class Retry { never, later };
    explicit Refused(std::string const& why, Retry retry = Retry::never)
        : std::runtime_error(why), retry(retry) {}
    Retry retry;
};

struct ActivityTerms {
    Effect effect = Effect::read;
    Duration timeout = std::chrono::seconds(30);  // of one attempt
    int attempts = 1;
    Duration first_delay = std::chrono::seconds(1);
    bool is_idempotent = false;  // a repeated key answers as the first time
};

class Activities final : public ActivityHandler {
  public:
    explicit Activities(Clock const& clock, int threads = limits::activity_threads);
    ~Activities() override;

    // `find` says what became of a key: the output when it was done, none when it was not.
    // Throws std::logic_error for a name that is taken.
    template <class Out, class In>
    void add(std::string const& name, ActivityTerms const& terms,
             std::function<Out(In const&, ActivityCall const&)> function,
             std::function<std::optional<Out>(In const&, ActivityCall const&)> find = {}) {
        Registered registered{JsonSchema::compile(schema_of<In>()).value(), terms, {}, {}};
        registered.function = [function = std::move(function)](Json const& input,
                                                               ActivityCall const& call) {
            return to_value(function(from_value<In>(input), call));
        };
        if (find)
            registered.find = [find = std::move(find)](
                                  Json const& input,
                                  ActivityCall const& call) -> std::optional<Json> {
                auto const found = find(from_value<In>(input), call);
                return found ? std::optional<Json>(to_value(*found)) : std::nullopt;
            };
        add(name, std::move(registered));
    }

    Admission admit(Proposal const& proposal) const override;
    Terms terms(ActivityIntent const& intent) const override;
    void perform(Attempt const& attempt, std::function<void(Outcome)> done) override;
    void verify(Attempt const& attempt, std::function<void(Verification)> done) override;

  private:
    struct Registered {
        JsonSchema input;
        ActivityTerms terms;
        std::function<Json(Json const&, ActivityCall const&)> function;
        std::function<std::optional<Json>(Json const&, ActivityCall const&)> find;
    };
    void add(std::string const& name, Registered registered);
    Registered const* find(std::string const& name) const;
    bool enqueue(std::function<void()> work);  // false: too much waits
    void loop();
    Outcome carry_out(Attempt const& attempt) const;
    Verification look_up(Attempt const& attempt) const;

    Clock const& clock_;
    std::map<std::string, Registered> registered_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> queue_;  // guarded by mutex_
    bool stopping_ = false;  // guarded by mutex_
    std::vector<std::jthread> threads_;
};

}  // namespace resolute::sdk
