// What a workflow that is code can catch: a step that failed, and that the run is to be cancelled.
//
// `co_await` cannot stand in a handler: catch, remember what to do, and do it after the handler.
#pragma once

#include <exception>
#include <string>

#include "base/error_codes.h"
#include "engine/failure.h"
#include "engine/ids.h"

namespace resolute::sdk {

// A step has failed for good: its attempts are used up, it was denied, it took too long, or its
// answer is not what was asked for.
class StepError : public std::exception {
  public:
    StepError(StepId step, Failure failure)
        : step_(std::move(step)),
          failure_(std::move(failure)),
          what_(name_of(step_) + ": " +
                (failure_.detail.empty() ? failure_.title : failure_.detail)) {}

    char const* what() const noexcept override { return what_.c_str(); }
    StepId const& step() const { return step_; }
    Failure const& failure() const { return failure_; }
    std::string const& code() const { return failure_.code; }  // denied_by_policy, timed_out, …

  private:
    StepId step_;
    Failure failure_;
    std::string what_;
};

// The run is to be cancelled. Thrown once, from what the workflow awaits (a write that is under way
// is settled first, and what it awaits next throws); whatever it awaits after that is carried out,
// so that it can undo what it did. The run is cancelled when the workflow ends.
class Cancelled : public std::exception {
  public:
    char const* what() const noexcept override { return "the run is to be cancelled"; }
};

inline Failure cancelled_failure() {
    return runtime_failure("The run is to be cancelled.", codes::run_cancelled);
}
inline bool is_cancelled(Failure const& failure) { return failure.code == codes::run_cancelled; }

}  // namespace resolute::sdk
