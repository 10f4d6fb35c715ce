// What a test asks of the outcome of a call.
#pragma once

#include <variant>

#include "engine/activity_handler.h"
#include "tests/catch.h"

namespace resolute::tools {

inline std::string kind_of(Outcome const& outcome) {
    if (std::holds_alternative<outcome::Succeeded>(outcome)) return "succeeded";
    if (auto const* failed = std::get_if<outcome::Failed>(&outcome))
        return failed->retryable ? "failed, retry" : "failed";
    return "unknown";
}

// Of a call that did not succeed.
inline Failure why_of(Outcome const& outcome) {
    if (auto const* failed = std::get_if<outcome::Failed>(&outcome)) return failed->error;
    return std::get<outcome::Unknown>(outcome).why;
}

// Of a call that failed for certain.
inline Failure failure_of(Outcome const& outcome) {
    REQUIRE(std::holds_alternative<outcome::Failed>(outcome));
    return why_of(outcome);
}

inline Json output_of(Outcome const& outcome) {
    auto const* done = std::get_if<outcome::Succeeded>(&outcome);
    if (!done) FAIL("no success: " << why_of(outcome).detail);
    return done->output.json();
}

}  // namespace resolute::tools
