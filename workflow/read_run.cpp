// Reads `run` and `call: map`: other workflows as runs of their own, and programs.
#include "base/limits.h"
#include "workflow/functions.h"
#include "workflow/read_program.h"
#include "workflow/reading.h"

namespace resolute::workflow {
namespace {

// A part of a workflow's name, which has to be known when the document is loaded.
std::string read_part(Reading& reading, Fields& fields, char const* key) {
    auto text = fields.required_text(key);
    if (!text) return {};
    if (text->empty() || text->find("${") != std::string::npos)
        reading.problems.error(*fields.find(key), codes::invalid_value,
                               "`" + std::string(key) + "` must be a name, not an expression.",
                               "Write one step for each, and choose with a `switch`.");
    return *text;
}

// `{namespace, name, version}`; answers the `input` below it, if there is one.
Node const* read_named(Reading& reading, Node const& node, RunWorkflow& what) {
    Fields named(node, "`workflow`", reading.problems);
    what.place = place_of(node);
    auto const space = read_part(reading, named, "namespace");
    what.name = space + "/" + read_part(reading, named, "name");
    what.version = named.text("version").value_or("");
    if (what.version == "latest") what.version.clear();
    auto const* input = named.find("input");
    named.finish();
    return input;
}

RunWorkflow read_workflow(Reading& reading, Fields& run) {
    RunWorkflow what;
    what.waits = run.boolean("await").value_or(true);
    if (auto const wanted = run.text("return")) {
        what.puts_out = *wanted != "none";
        if (*wanted != "none" && *wanted != "stdout")
            reading.problems.error(
                *run.find("return"), codes::invalid_value,
                "A workflow has no `" + *wanted + "` that could come back.",
                "Use `none`, or remove it; the step's output is the workflow's.");
    }
    auto const* workflow = run.require("workflow");
    if (!workflow) return what;
    auto const* input = read_named(reading, *workflow, what);
    what.input = input ? read_template(reading, *input) : Template(Payload(Json::object()));
    return what;
}

}  // namespace

void read_run(Reading& reading, Fields& fields, Step& step) {
    step.what.emplace<RunWorkflow>();
    Fields run(*fields.find("run"), "`run`", reading.problems);
    int count = 0;
    for (auto const* kind : {"workflow", "container", "script", "shell"})
        count += run.member(kind) ? 1 : 0;
    if (count > 1)
        return reading.problems.error(run.node(), codes::invalid_value,
                                      "`run` runs exactly one of workflow, script and shell.",
                                      "Write one step for each.");
    if (auto const* container = run.member("container"))
        return reading.problems.unsupported(place_of(*container), "`run: container`",
                                            "Declare a tool that runs it, and use `call: tool`.");
    if (run.find("shell"))
        step.what = read_program(reading, run, "shell");
    else if (run.find("script"))
        step.what = read_program(reading, run, "script");
    else
        step.what = read_workflow(reading, run);
    run.finish();
}

Map read_map(Reading& reading, Fields& with) {
    Map map;
    if (auto const* workflow = with.require("workflow"))
        if (auto const* input = read_named(reading, *workflow, map.each))
            reading.problems.error(*input, codes::unknown_key,
                                   "The input of each run of a `map` is its item.",
                                   "Put what every run needs into the items.");
    if (auto const* items = with.require("items")) {
        map.items = read_template(reading, *items);
        auto const* literal = map.items.literal();
        if (literal && !literal->json().is_array())
            reading.problems.error(*items, codes::wrong_type, "`items` must be a list.",
                                   "Write a list, or an expression in `${ }` that yields one.");
    }
    map.concurrency = static_cast<int>(with.whole("concurrency", 1, limits::map_concurrency)
                                           .value_or(limits::map_concurrency_default));
    map.stop_after = static_cast<int>(
        with.whole("stopAfterFailures", 1, std::int64_t{limits::map_items}).value_or(0));
    return map;
}

}  // namespace resolute::workflow
