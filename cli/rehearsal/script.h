// What the outside says in a rehearsal: answers of tools and models, decisions of people, signals;
// and what is expected to come of it. Written by authors as `tests/*.yaml` beside their workflows.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/fact.h"

namespace resolute::cli::rehearsal {

struct ToolAnswer {
    enum class Kind { output, error, lost } kind = Kind::output;
    Json output;  // also what a lost call did when it is found applied
    std::string error;  // surely not applied, in one sentence
    bool retryable = false;
    Verdict verdict = Verdict::undecided;  // of a lost one: what the system of record says
};

struct ScriptedDecision {
    std::string step;  // name of the step that asks; "" = whichever
    std::string decision;
    std::string by;
    std::vector<std::string> groups;
    std::string comment;
    Json form;
    Duration after{};  // it was asked
    // It is not to be taken: for a reason that has these words or this code; "": for any.
    std::optional<std::string> refused = {};
};

struct ScriptedSignal {
    std::string name;
    Json content;
    std::string by;
    Duration after{};  // the start
};

struct ScriptedEvent {
    Json event;  // CloudEvents 1.0; id, source and time may be missing
    Duration after{};  // the start
};

struct Script {
    Json input = Json::object();
    std::map<std::string, std::vector<ToolAnswer>> tools;  // the last answer is repeated
    std::map<std::string, std::vector<Json>> models;  // likewise; text is taken as it is
    std::vector<Json> recalled;  // items of every recall: {key, value}
    std::vector<ScriptedDecision> approvals;
    std::vector<ScriptedSignal> signals;
    std::vector<ScriptedEvent> events;
    std::optional<Duration> cancel_after;
    std::optional<Duration> stop_after;  // the clock skips no further
};

struct ExpectedCall {
    std::string tool;
    std::optional<Json> arguments;
};

// What is not said is not checked.
struct Expectation {
    std::optional<std::string> status;  // completed, faulted, cancelled, waiting
    std::optional<Json> output;
    std::optional<Json> error;  // members of the failure
    std::optional<std::string> waits_for;  // the cause's code
    std::vector<std::string> steps;  // ended in this order, others between them
    std::vector<std::string> not_steps;  // never began
    std::optional<std::vector<ExpectedCall>> calls;  // all writes, and reads of tools named here
};

struct TestCase {
    std::string file;
    int line = 0;
    std::string workflow;
    std::string name;
    Script script;
    Expectation expected;
};

// What a test may name.
struct Vocabulary {
    std::vector<std::string> workflows;
    std::vector<std::string> tools;
};

// Every case of a file, in order; all problems of the file at once.
Result<std::vector<TestCase>> read_tests(std::string const& text, std::string const& file,
                                         Vocabulary const& known);

}  // namespace resolute::cli::rehearsal
