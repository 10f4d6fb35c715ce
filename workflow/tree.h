// A workflow as it was understood: every step typed, every expression compiled, every target known.
//
// Immutable once loaded (workflow/load.h), so one definition serves all runs and threads. Steps
// live as long as their Definition and never move.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/json_schema.h"
#include "engine/fact.h"
#include "workflow/problems.h"
#include "workflow/template.h"

namespace resolute::workflow {

struct Step;

// Steps that follow each other, or the branches of a fork.
struct Block {
    std::string path;  // below the step that has it: "do", "try", "catch/do", "fork/branches"
    std::vector<std::unique_ptr<Step>> steps;

    std::optional<std::size_t> find(std::string_view name) const;
};

// `input{schema,from}`, `output{schema,as}` or `export{schema,as}`.
struct Shaping {
    std::optional<JsonSchema> schema;
    std::optional<Template> shape;
};

// Where the flow goes after a step: "" the next sibling, "exit", "end", or a sibling's name.
using Directive = std::string;

struct Do {
    Block body;
};
struct Set {
    Template value;
};
struct Switch {
    struct Case {
        std::string name;
        Place place;
        std::optional<Condition> when;
        Directive then;
        Place then_place;
    };
    std::vector<Case> cases;
};
struct For {
    std::string each = "item";
    std::string at = "index";
    Template in;
    std::optional<Condition> while_;
    Block body;
};
struct Fork {
    Block branches;
    bool compete = false;
};

struct Retry {
    enum class Backoff { constant, linear, exponential };
    std::optional<Condition> when, except_when;
    std::optional<Template> delay;  // a duration
    Backoff backoff = Backoff::constant;
    std::optional<std::int64_t> count;  // retries at most
    std::optional<Duration> within;  // since the `try` began
    std::optional<Duration> each_within;  // of one attempt
    std::optional<std::pair<Duration, Duration>> jitter;
};
struct ErrorFilter {
    std::map<std::string, Template> with;  // members of the error that must be equal
};
struct Try {
    Block body;
    ErrorFilter errors;
    std::string as = "error";
    std::optional<Condition> when, except_when;
    std::optional<Retry> retry;
    Block handler;  // may be empty
    std::optional<Directive> then;  // where the flow goes after a caught error
    Place then_place;
};
struct Raise {
    std::map<std::string, Template> error;
};
// For a while, or until a moment.
struct Wait {
    std::optional<Template> duration;
    std::optional<Template> until;
};

// A run of another workflow.
struct RunWorkflow {
    std::string name;  // "namespace/name"
    std::string version;  // "": the one in force
    Template input;
    bool waits = true;  // for its end
    bool puts_out = true;  // what it comes to; else nothing
    Place place;
};

// A run of another workflow for each item of a list.
struct Map {
    RunWorkflow each;  // its input is the item
    Template items;
    int concurrency = 1;
    int stop_after = 0;  // failures; 0: never
};

struct Emit {
    std::map<std::string, Template> with;  // the event's attributes
};
// An event of this type whose attributes and correlation are as wanted.
struct EventFilter {
    struct Key {
        Template from;  // of the event
        std::vector<std::string> path;  // the same when it is one, else empty
        std::optional<Template> expect;  // none: as in the first event
    };
    std::string type;  // "": every type
    std::map<std::string, Template> with;
    std::map<std::string, Key> correlate;
};
// What is done with each event before the next one is looked at.
struct EachEvent {
    std::string item = "item";
    std::string at = "index";
    Block body;  // may be empty
    Shaping output, exported;
};
struct Listen {
    enum class Mode { one, any, all };
    Mode mode = Mode::one;
    std::vector<EventFilter> filters;
    std::optional<Condition> until;  // over the list so far
    std::vector<EventFilter> until_events;  // that end it, and are not in the list
    Mode until_mode = Mode::one;
    std::optional<EachEvent> each;
    bool envelope = false;  // the output has whole events, not their data

    Payload read(Payload const& event) const;  // what the workflow sees of it
};

// What undoes a call, should the run fault or be cancelled.
struct Compensation {
    std::string tool;
    Template arguments;  // over what the call came to
    Place place;
};

// A call that the engine carries out through its gates.
struct Call {
    std::string function;  // tool, model, memory, case, policy
    std::string target;  // which tool, model or policy; "" for memory and cases
    Template request;
    std::optional<Template> key;  // idempotency key
    std::optional<Compensation> compensate;
    std::vector<std::string> fallbacks;  // of a model
    Place target_place;
};

// A question to people.
struct Ask {
    Template card;  // title, to, show, form
    std::vector<std::string> choices;
    std::optional<Template> not_by;  // a list of names
    int quorum = 1;
    std::optional<Template> expires_after;  // a duration
    std::string decision_when_expired;  // "": the step fails with a timeout
};

struct Step {
    std::string name;
    std::string node;  // "/do/1/each/do/0/pay", as node_of(StepId) gives it
    Place place;
    Step const* around = nullptr;  // nothing at the top
    Block const* block = nullptr;  // that it stands in
    std::size_t index = 0;
    Step const* extends = nullptr;  // of an extension: the step that it stands around, its $task

    std::optional<Condition> condition;  // `if`
    Shaping input, output, exported;
    std::optional<Template> timeout;  // a duration
    Directive then;
    Place then_place;
    std::variant<Do, Set, Switch, For, Fork, Try, Raise, Wait, Call, Ask, RunWorkflow, Emit, Listen,
                 Map>
        what;
};

struct Schedule;
struct Admission;

struct Definition {
    WorkflowRef ref;  // "namespace/name", version, digest of the text
    std::string title;
    std::string summary;
    std::string file;
    std::string text;  // as loaded; the digest is over these bytes
    Json document;  // the text as JSON
    Shaping input, output;
    std::optional<Template> timeout;  // a duration
    std::shared_ptr<Schedule const> schedule;  // workflow/schedule.h; none: it starts when asked
    std::shared_ptr<Admission const> admission;  // workflow/admission.h; none: no limits
    Block steps;
    std::unordered_map<std::string, Step const*> by_node;
    Diagnostics warnings;  // found while loading
    std::vector<std::pair<Place, std::string>> expressions;  // as written, for lint

    Step const* find(std::string const& node) const;
    // What stands below the step's name in the document.
    Json const& definition_of(Step const& step) const;
};

// "do", "set", "call", …
std::string_view kind_of(Step const& step);
// The blocks that a step contains, in order.
std::vector<Block const*> blocks_of(Step const& step);
// Every step of a block, each before those inside it.
void visit_steps(Block const& block, std::function<void(Step const&)> const& visit);

}  // namespace resolute::workflow
