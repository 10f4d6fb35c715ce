// What the expressions of one step can see: `.`, $context, $input, $output, $tasks, $task,
// $workflow, $runtime, the variables of the loops around, and the caught error.
//
// Made for one evaluation or a few, on the stack; refers to the run and the definition. Values are
// looked up only when an expression mentions them.
#pragma once

#include <memory>

#include "engine/run.h"
#include "workflow/tree.h"

namespace resolute::workflow {

// A variable that an expression reads, and which of its members when it reads nothing else of it.
struct Mention {
    std::string variable;
    std::optional<std::vector<std::string>> members;  // none: all of it

    bool wants(std::string_view member) const;
};
std::vector<Mention> mentions_of(Expression const& expression);

class Arguments {
  public:
    struct Place {
        Definition const& definition;
        Run const& run;
        Timestamp now;
        Step const* step = nullptr;  // nothing: the workflow itself
        StepId id = {};
    };

    Arguments(Place place, Payload input)
        : place_(std::move(place)), current_(input), input_(input), raw_input_(std::move(input)) {}

    // After `input.from`: the transformed input is `.` and $input.
    void set_input(Payload input);
    // For `output.as` and then `export.as`: `.` is the output, $input stays, and so does
    // `$task.output`, which is the raw one.
    void set_output(Payload output);
    void set_current(Payload current) { current_ = std::move(current); }
    void set_error(std::string name, Json error);

    Payload const& current() const { return current_; }
    Payload const& input() const { return input_; }

    // Valid until the next call.
    Scope const& scope(std::vector<Mention> const& mentions);

  private:
    Json const* find(Mention const& mention);
    Json const* find_in_frames(std::string const& name);
    Json const* keep(Json value);
    Json tasks(Mention const& mention) const;
    Json task(Mention const& mention) const;
    Json workflow(Mention const& mention) const;
    Timestamp started() const;

    Place place_;
    Payload current_;
    Payload input_;
    Payload raw_input_;  // before `input.from`
    std::optional<Payload> output_;
    std::optional<Payload> raw_output_;  // before `output.as`
    std::string error_name_;
    Json error_;
    std::vector<std::unique_ptr<Json const>> kept_;  // made for the scope
    Scope scope_;
};

}  // namespace resolute::workflow
