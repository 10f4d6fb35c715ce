// What one dispatch of a call brought back, whatever carried it, and what that makes of the
// attempt.
//
// The carriers (HTTP, MCP, processes, functions) say which of the four it is; everything that
// follows is decided here, in one place: only an answer that can mean nothing else counts as surely
// not applied.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/error_codes.h"
#include "engine/activity_handler.h"
#include "tools/contract.h"

namespace resolute::tools {

struct Answered {
    Json value;
};  // it says that it succeeded; the value is not checked yet
struct Refused {  // surely not applied
    Failure why;
    bool is_retryable = false;
    std::optional<Duration> retry_after;
    bool is_postponed = false;  // not sent for want of a place: it waits for its turn
};
struct Doubtful {  // it may have been applied
    Failure why;
    bool may_read_again = true;  // for a read, which does no harm: is another try worth it?
    std::optional<Duration> retry_after;
};

struct Answer {
    std::variant<Answered, Refused, Doubtful> what;
    Json evidence;  // what was seen: status, request id; never a secret
    bool was_reached = true;  // false counts against the system, see tools/breaker.h
};

// Checks a success against the output schema. A broken success of a write is unknown, of a read a
// failure.
Outcome outcome_of(Contract const& contract, Answer answer);

// Every secret that the text contains becomes "[secret]".
std::string without_secrets(std::vector<std::string> const& secrets, std::string text);
Json without_secrets(std::vector<std::string> const& secrets, Json value);

// What `make` returns; if it throws, nobody can say what happened.
template <class F>
Answer guarded(Contract const& contract, F&& make) {
    try {
        return make();
    } catch (std::exception const& error) {
        auto why =
            runtime_failure("Reading the answer of `" + contract.name + "` failed: " + error.what(),
                            codes::bad_answer);
        return {Doubtful{std::move(why)}, Json::object()};
    }
}

// What a bad answer said, as evidence: well-formed text, cut where it gets long.
std::string excerpt_of(std::string_view answer);

}  // namespace resolute::tools
