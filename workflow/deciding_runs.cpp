// How steps start runs of other workflows, and what becomes of the step when those end.
#include "base/error_codes.h"
#include "base/limits.h"
#include "workflow/deciding.h"

namespace resolute::workflow {

void Deciding::run_step(Spot const& spot, Arguments& arguments, RunWorkflow const& what) {
    commands_.push_back(
        StartChild{spot.id, what.name, what.version, what.input.evaluate(arguments), !what.waits});
    if (!what.waits) finish(spot, arguments, arguments.input(), spot.step->then);
}

// A run that the step waited for has ended; its error is the step's.
void Deciding::on_child(StepId const& id) {
    auto const found = run_.children.find(id);
    if (found == run_.children.end() || !found->second.end || is_gone(id)) return;
    auto const spot = spot_of(id);
    auto const& end = *found->second.end;
    if (end.how == ChildEnd::completed) {
        auto const* what = std::get_if<RunWorkflow>(&spot.step->what);
        bool const is_silent = what && !what->puts_out;
        return finish(spot, is_silent ? Payload() : end.output, spot.step->then);
    }
    auto error = end.error.value_or(runtime_failure(
        "The run " + to_string(found->second.run) + " was cancelled.", codes::child_cancelled));
    error.instance.clear();
    fail(spot, std::move(error));
}

void Deciding::run_step(Spot const& spot, Arguments& arguments, Map const& what) {
    auto const items = what.items.evaluate(arguments);
    if (!items.json().is_array())
        throw Fault{expression_failure(std::string("`items` of a map must be a list, and it is ") +
                                           items.json().type_name() + ".",
                                       codes::wrong_type)};
    if (items.json().size() > limits::map_items)
        throw Fault{validation_failure("A map has at most " + std::to_string(limits::map_items) +
                                           " items, and this one has " +
                                           std::to_string(items.json().size()) + ".",
                                       codes::too_large)};
    if (items.json().empty())
        return finish(spot, arguments, Payload(Json::array()), spot.step->then);
    commands_.push_back(StartMap{spot.id, what.each.name, what.each.version, what.concurrency,
                                 what.stop_after, items});
}

// The last of its runs has ended. What failed is the author's to look at.
void Deciding::on_map(StepId const& id) {
    auto const found = run_.mappings.find(id);
    if (found == run_.mappings.end() || !is_over(found->second) || is_gone(id)) return;
    auto const spot = spot_of(id);
    auto output = outcomes_of(found->second);
    if (output.size() > limits::json_bytes)
        return fail(spot, runtime_failure("Together its runs came to more than " +
                                              std::to_string(limits::json_bytes >> 20) + " MiB.",
                                          codes::too_large));
    finish(spot, Payload::from_text(std::move(output)), spot.step->then);
}

}  // namespace resolute::workflow
