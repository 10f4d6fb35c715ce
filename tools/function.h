// A tool that is a C++ function of this process: for tests, benchmarks and programs that embed the
// engine.
//
// The function is called from any thread, several at a time, and should be quick: nothing else runs
// on that thread.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "tools/contract.h"

namespace resolute::tools {

// Thrown by a function that surely did nothing. Any other exception of a write leaves its outcome
// unknown.
struct NotApplied : std::runtime_error {
    explicit NotApplied(std::string const& why, bool may_retry = false)
        : std::runtime_error(why), is_retryable(may_retry) {}
    bool is_retryable;
};

struct Function {
    std::string name;
    Effect effect = Effect::read;
    Json input = Json{{"type", "object"}};  // JSON Schemas
    Json output = Json::object();
    std::function<Json(Json const& arguments, std::string const& idempotency_key)> call;
    std::string version = "1.0.0";
    bool honours_key = false;  // a repeated key answers as the first time
};

// The contract of a function that no file declares. A write that does not honour its key is left to
// a person when its outcome is unknown.
Result<Contract> contract_of(Function const& function);

}  // namespace resolute::tools
