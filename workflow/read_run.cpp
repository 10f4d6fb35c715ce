// Reads `run`: another workflow as a run of its own. Programs are declared as tools instead.
#include "workflow/reading.h"

namespace resolute::workflow {
namespace {

void refuse_programs(Reading& reading, Fields& run) {
    for (auto const* other : {"container", "script", "shell"})
        if (auto const* found = run.member(other))
            reading.problems.unsupported(
                place_of(*found), "`run: " + std::string(other) + "`",
                "Declare a tool that runs it, and use `call: tool`.");
}

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

}  // namespace

void read_run(Reading& reading, Fields& fields, Step& step) {
    auto& what = step.what.emplace<RunWorkflow>();
    Fields run(*fields.find("run"), "`run`", reading.problems);
    refuse_programs(reading, run);
    what.waits = run.boolean("await").value_or(true);
    if (auto const* result = run.member("return"))
        reading.problems.error(place_of(*result), codes::invalid_value,
                               "`return` chooses what comes back from a program, and this runs a "
                               "workflow.",
                               "Remove it; the step's output is the workflow's.");
    auto const* workflow = run.find("workflow");
    bool const is_program = run.find("container") || run.find("script") || run.find("shell");
    if (!workflow && !is_program) run.require("workflow");
    run.finish();
    if (!workflow) return;
    Fields named(*workflow, "`workflow`", reading.problems);
    what.place = place_of(*workflow);
    auto const space = read_part(reading, named, "namespace");
    what.name = space + "/" + read_part(reading, named, "name");
    what.version = named.text("version").value_or("");
    if (what.version == "latest") what.version.clear();
    what.input = Template(Payload(Json::object()));
    if (auto const* input = named.find("input")) what.input = read_template(reading, *input);
    named.finish();
}

}  // namespace resolute::workflow
