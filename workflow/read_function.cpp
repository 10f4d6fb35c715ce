#include "workflow/read_function.h"

#include <algorithm>

namespace resolute::workflow {
namespace {

// It sees its arguments, and nothing of the loops around its call.
void read_body(Reading& reading, Step& step, std::string const& name, Node const& function) {
    if (std::ranges::find(reading.calling, name) != reading.calling.end())
        return reading.problems.error(function, codes::invalid_value,
                                      "The function `" + name + "` calls itself.",
                                      "Use a `for` step, or a run of another workflow.");
    reading.calling.push_back(name);
    auto outside = std::exchange(reading.variables, {});
    auto& block = std::get<Do>(step.what).body;
    read_step(reading, function, add_step(block, &step, name, place_of(function)));
    check_targets(reading, block, BlockOptions::Flow::sequence);
    reading.variables = std::move(outside);
    reading.calling.pop_back();
}

}  // namespace

void read_function_call(Reading& reading, Fields& fields, Step& step, std::string const& name,
                        Node const& function) {
    auto& block = step.what.emplace<Do>().body;
    block.path = "do";
    auto const* with = fields.find("with");
    auto& arguments = add_step(block, &step, name == "arguments" ? "with" : "arguments",
                               with ? place_of(*with) : step.place);
    auto& set = arguments.what.emplace<Set>();
    set.value = with ? read_template(reading, *with) : Template(Payload(Json::object()));
    read_body(reading, step, name, function);
}

void check_step_function(Reading& reading, std::string const& name, Node const& function) {
    Step scratch;
    scratch.what.emplace<Do>().body.path = "do";
    read_body(reading, scratch, name, function);
}

}  // namespace resolute::workflow
