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

// What may stand there, or an expression for it.
void take(Reading& reading, Fields& fields, char const* key, std::string const& what,
          std::initializer_list<Node::Kind> kinds, Members& members) {
    auto const* node = fields.find(key);
    if (!node) return;
    bool const fits = std::ranges::any_of(kinds, [&](Node::Kind kind) { return node->is(kind); });
    if (!fits && !node->is(Node::Kind::text))
        reading.problems.error(
            *node, codes::wrong_type,
            "`" + std::string(key) + "` must be a " + what + ", or an expression in `${ }`.");
    members.emplace(key, read_template(reading, *node));
}

// Arguments by name become variables of the script, so they need names that variables can have.
void check_names(Reading& reading, Node const* arguments) {
    if (!arguments || !arguments->is(Node::Kind::map)) return;
    for (auto const& member : arguments->members) {
        auto const letters =
            std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
        bool const is_name = !member.key.empty() &&
                             member.key.find_first_not_of(letters) == std::string::npos &&
                             (member.key[0] < '0' || member.key[0] > '9');
        if (!is_name)
            reading.problems.error(place_of(member), codes::invalid_name,
                                   "`" + member.key + "` cannot name a variable of a script.",
                                   "Use letters, digits and `_`, or a list of arguments.");
    }
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
    using enum Node::Kind;
    if (kind == "shell") {
        take(reading, program, "arguments", "list", {list}, arguments);
    } else {
        take(reading, program, "arguments", "list or a map", {list, map}, arguments);
        check_names(reading, program.find("arguments"));
    }
    take(reading, program, "environment", "map", {map}, arguments);
    program.finish();
    take_return(reading, run, arguments);
    if (auto const* waits = run.member("await"); waits && run.boolean("await") == false)
        reading.problems.unsupported(place_of(*waits), "`await: false` of a program",
                                     "Run it in a workflow of its own that is not waited for.");
    call.request = tool_request(call.target, std::move(arguments));
    return call;
}

}  // namespace resolute::workflow
