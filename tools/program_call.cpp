#include "tools/program_call.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "tools/process_call.h"

namespace resolute::tools {
namespace {

std::string text_of(Json const& value) {
    return value.is_string() ? value.get<std::string>() : to_text(value);
}

std::string returned(Json const& arguments) { return arguments.value("return", "stdout"); }

// As `$( )` of a shell has it: without the newlines at the end.
std::string printed(std::string_view text) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    return to_valid_utf8(text);
}

// JSON in ASCII, which both languages read as it is.
std::string literal(Json const& value) {
    return value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

// Arguments by name are variables of the script, before its first line.
std::string javascript_variables(Json const& named) {
    std::string text;
    if (named.is_object())
        for (auto const& [name, value] : named.items())
            text += "const " + name + " = " + literal(value) + "; ";
    return text;
}

std::string python_variables(Json const& named) {
    if (!named.is_object() || named.empty()) return {};
    return "globals().update(__import__('json').loads(" + literal(literal(named)) + ")); ";
}

net::ProcessOptions options_of(ProgramCall const& call, Json const& arguments,
                               std::string const& key) {
    std::map<std::string, std::string> environment{{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                                                   {"LANG", "C.UTF-8"},
                                                   {"RESOLUTE_IDEMPOTENCY_KEY", key}};
    auto const added = arguments.value("environment", Json::object());
    for (auto const& [name, value] : added.items()) environment[name] = text_of(value);
    net::ProcessOptions options{.command = program_command(call, arguments)};
    options.environment = {environment.begin(), environment.end()};
    options.inherits_environment = false;
    options.directory = "/tmp";
    return options;
}

}  // namespace

std::vector<std::string> program_command(ProgramCall const& call, Json const& arguments) {
    using Language = ProgramCall::Language;
    std::vector<std::string> command;
    auto const added = arguments.value("arguments", Json::array());
    if (call.language == Language::shell)
        command = {"sh", "-c", arguments.value("command", ""), "sh"};
    else if (call.language == Language::python)
        command = {"python3", "-c", python_variables(added) + arguments.value("code", "")};
    else  // where a script finds its own file there is a name, so that its arguments come third
        command = {"node", "--input-type=module", "-e",
                   "process.argv.splice(1, 0, 'script'); " + javascript_variables(added) +
                       arguments.value("code", ""),
                   "--"};
    if (!added.is_array()) return command;
    for (auto const& argument : added) command.push_back(text_of(argument));
    return command;
}

void call_program(net::Runtime& runtime, Sending const& sending, ProgramCall const& call,
                  Clock const& clock, OnAnswer const& done) {
    auto const& arguments = sending.arguments.json();
    auto const wanted = returned(arguments);
    auto const input = arguments.find("stdin");
    Program program{.options = options_of(call, arguments, sending.key),
                    .input = input == arguments.end() || input->is_null() ? "" : text_of(*input)};
    if (wanted == "stderr" || wanted == "all") program.most_error_bytes = limits::tool_answer_bytes;
    program.answer = [sending](net::Exit const& exit, std::string const& output,
                               std::string const& errors) {
        return program_answer(*sending.contract, sending.arguments.json(), exit, output, errors);
    };
    run_program(runtime, sending, std::move(program), clock, done);
}

Answer program_answer(Contract const& contract, Json const& arguments, net::Exit const& exit,
                      std::string const& output, std::string const& errors) {
    auto const wanted = returned(arguments);
    Json evidence{{"exit", to_string(exit)}};
    if (!errors.empty()) evidence["errors"] = excerpt_of(errors);
    auto const said = "`" + contract.name + "` " + to_string(exit) +
                      (errors.empty() ? "." : ": " + excerpt_of(errors));
    if (!exit.code)
        return {Doubtful{communication_failure(said, codes::no_answer)}, std::move(evidence),
                false};
    if (wanted == "code") return {Answered{*exit.code}, std::move(evidence)};
    if (wanted == "all")
        return {
            Answered{
                {{"code", *exit.code}, {"stdout", printed(output)}, {"stderr", printed(errors)}}},
            std::move(evidence)};
    if (*exit.code != 0)
        return {Refused{runtime_failure(said, codes::tool_refused)}, std::move(evidence)};
    if (wanted == "none") return {Answered{nullptr}, std::move(evidence)};
    return {Answered{printed(wanted == "stderr" ? errors : output)}, std::move(evidence)};
}

}  // namespace resolute::tools
