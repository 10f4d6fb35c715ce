#include "workflow/read_program.h"

#include <algorithm>

#include "base/spelling.h"

namespace resolute::workflow {
namespace {

using Members = std::map<std::string, Template>;

// Which tool runs it has to be known when the document is loaded. JavaScript has two names.
std::string read_language(Reading& reading, Fields& script) {
    auto const written = script.required_text("language");
    if (!written) return {};
    if (*written == "js" || *written == "javascript") return "javascript";
    if (*written == "python") return "python";
    auto const near = did_you_mean(*written, {"javascript", "python"});
    reading.problems.error(*script.find("language"), codes::invalid_value,
                           "`" + *written + "` is no language that a script can have.",
                           near.empty() ? "Use javascript (or js) or python." : near.substr(1));
    return {};
}

void take_text(Reading& reading, Fields& fields, char const* key, Members& members) {
    auto const* node = fields.require(key);
    if (!node) return;
    if (expect(*node, Node::Kind::text, "`" + std::string(key) + "`", reading.problems))
        members.emplace(key, read_template(reading, *node));
}

void take_code(Reading& reading, Fields& script, Members& members) {
    auto const* source = script.member("source");
    if (!source) return take_text(reading, script, "code", members);
    reading.problems.unsupported(place_of(*source), "`source` of a script",
                                 "Write the script out in `code`.");
}

// A list of arguments, or a map of the environment, or an expression for one of them.
void take(Reading& reading, Fields& fields, char const* key, Node::Kind kind, Members& members) {
    auto const* node = fields.find(key);
    if (!node) return;
    if (!node->is(kind) && !node->is(Node::Kind::text))
        reading.problems.error(*node, codes::wrong_type,
                               "`" + std::string(key) + "` must be a " +
                                   (kind == Node::Kind::list ? "list" : "map") +
                                   ", or an expression in `${ }`.");
    members.emplace(key, read_template(reading, *node));
}

void take_return(Reading& reading, Fields& run, Members& members) {
    auto const wanted = run.text("return");
    if (!wanted) return;
    std::vector<std::string> const known{"stdout", "stderr", "code", "all", "none"};
    if (std::ranges::find(known, *wanted) == known.end())
        reading.problems.error(*run.find("return"), codes::invalid_value,
                               "`return` is one of stdout, stderr, code, all and none.",
                               did_you_mean(*wanted, known));
    members.emplace("return", constant(*wanted));
}

}  // namespace

Call read_program(Reading& reading, Fields& run, std::string const& kind) {
    auto const& node = *run.find(kind);
    Fields program(node, "`" + kind + "`", reading.problems);
    Call call{.function = "tool"};
    Members arguments;
    if (kind == "shell") {
        call.target = "run.shell";
        take_text(reading, program, "command", arguments);
    } else {
        call.target = "run." + read_language(reading, program);
        take_code(reading, program, arguments);
    }
    call.target_place = place_of(node);
    if (auto const* input = program.find("stdin"))
        arguments.emplace("stdin", read_template(reading, *input));
    take(reading, program, "arguments", Node::Kind::list, arguments);
    take(reading, program, "environment", Node::Kind::map, arguments);
    program.finish();
    take_return(reading, run, arguments);
    if (auto const* waits = run.member("await"); waits && run.boolean("await") == false)
        reading.problems.unsupported(place_of(*waits), "`await: false` of a program",
                                     "Run it in a workflow of its own that is not waited for.");
    call.request = tool_request(call.target, std::move(arguments));
    return call;
}

}  // namespace resolute::workflow
