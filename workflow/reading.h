// What the readers of a document share: the problems so far, what `use` offers, and which variables
// are in scope.
//
// Internal to the loader (load.cpp, read_*.cpp). One Reading per file.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "workflow/fields.h"
#include "workflow/tree.h"

namespace resolute::workflow {

// Named things of the document's `use`; the nodes belong to the document's tree.
struct Extension {
    std::string name;
    std::string extends;  // call, all, …
    Node const* when = nullptr;
    Node const* before = nullptr;
    Node const* after = nullptr;
};
struct Offers {
    std::map<std::string, Node const*> functions, errors, retries, timeouts, authentications;
    std::vector<std::string> secrets;  // that the document may use, by name
    std::vector<Extension> extensions;
};

struct Reading {
    Problems& problems;
    std::string_view text = {};  // of the file, to find the place inside an expression
    Offers offers = {};
    enum class Mode { strict, loose } mode = Mode::strict;
    std::vector<std::string> variables = {};  // set by loops and catches around, innermost last
    std::vector<std::pair<Place, std::string>> expressions = {};  // as written, for later checks
    int depth = 0;
    bool in_branch = false;  // inside a fork, where nothing may export
    bool in_extension = false;
    std::vector<std::string> calling = {};  // functions whose steps are being read

    std::vector<std::string> scope(bool with_output) const;
};

// Adds variables for as long as it lives.
class Binding {
  public:
    Binding(Reading& reading, std::vector<std::string> names);
    ~Binding() { reading_.variables.resize(before_); }
    Binding(Binding const&) = delete;
    Binding& operator=(Binding const&) = delete;

  private:
    Reading& reading_;
    std::size_t before_;
};

// ---- values (read_value.cpp) -------------------------------------------------------------------

// Text is an expression when it stands wholly inside `${ }`; `bare`: any text is one.
enum class Text { strict, bare };
struct TemplateOptions {
    Text text = Text::strict;
    bool with_output = false;  // `$output` is in scope
};
Template read_template(Reading& reading, Node const& node, TemplateOptions options = {});
// A value that is known when the document is loaded.
Template constant(Json value);
// What a call of a tool asks for: {tool, arguments}.
Template tool_request(std::string tool, std::map<std::string, Template> arguments);
std::optional<Condition> read_condition(Reading& reading, Node const* node);
// A duration: ISO 8601 text, an object of whole numbers, or an expression that yields one of these.
Template read_duration(Reading& reading, Node const& node);
// A duration that must be known when the document is loaded.
std::optional<Duration> read_fixed_duration(Reading& reading, Node const& node);
// `after` of a timeout, or the name of one in `use.timeouts`.
std::optional<Template> read_timeout(Reading& reading, Node const& node);
std::optional<JsonSchema> read_schema(Reading& reading, Node const& node);
enum class Side { input, output, exported };
Shaping read_shaping(Reading& reading, Node const* node, Side side);
// `export`, which may not stand inside a fork.
Shaping read_export(Reading& reading, Fields& fields);
// The node as a name for a variable.
std::optional<std::string> read_variable(Reading& reading, Node const* node);

// When runs start by themselves (read_schedule.cpp); the document's metadata has the options.
std::shared_ptr<Schedule const> read_schedule(Reading& reading, Node const& node,
                                              Node const* document, Shaping const& input);
void check_no_schedule(Reading& reading, Node const* document);

// How many runs go at a time (read_admission.cpp); none when the document's metadata sets no limit.
std::shared_ptr<Admission const> read_admission(Reading& reading, Node const* document);

// ---- steps (read_step.cpp, read_flow.cpp, read_try.cpp, read_call.cpp)
// ---------------------------

// `use`, into reading.offers.
void read_use(Reading& reading, Node const& node);

struct BlockOptions {
    std::string path;  // "do"
    Step const* around = nullptr;
    enum class Flow { sequence, branches } flow = Flow::sequence;
};
void read_block(Reading& reading, Node const& node, Block& block, BlockOptions options);
void read_step(Reading& reading, Node const& node, Step& step);
// Every `then` leads to a step of the block, or out of it.
void check_targets(Reading& reading, Block const& block, BlockOptions::Flow flow);
// A step at the end of a block, with everything that says where it stands.
Step& add_step(Block& block, Step const* around, std::string name, Place place);
// Each fills `step.what` in place, because children point at the block that they stand in.
void read_do(Reading& reading, Fields& fields, Step& step);
void read_for(Reading& reading, Fields& fields, Step& step);
void read_fork(Reading& reading, Fields& fields, Step& step);
void read_switch(Reading& reading, Fields& fields, Step& step);
void read_set(Reading& reading, Fields& fields, Step& step);
void read_wait(Reading& reading, Fields& fields, Step& step);
void read_raise(Reading& reading, Fields& fields, Step& step);
void read_try(Reading& reading, Fields& fields, Step& step);
void read_call(Reading& reading, Fields& fields, Step& step);
void read_emit(Reading& reading, Fields& fields, Step& step);
void read_listen(Reading& reading, Fields& fields, Step& step);
void read_run(Reading& reading, Fields& fields, Step& step);
// `one`, `any` or `all` event filters; `name` is that of the key, for messages.
void read_consumption(Reading& reading, Node const& node, std::string const& name, Listen& what);
// A function of `use.functions`: a step, or one of our functions with some of its values.
void check_function(Reading& reading, std::string const& name, Node const& node);
Directive read_directive(Reading& reading, Node const* node);

}  // namespace resolute::workflow
