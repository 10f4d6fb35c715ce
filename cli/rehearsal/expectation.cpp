#include "cli/rehearsal/expectation.h"

#include <algorithm>

namespace resolute::cli::rehearsal {
namespace {

// Names of steps in the order in which they ended, each time that they did.
std::vector<std::string> ended_steps(std::vector<Event> const& history) {
    std::vector<std::string> names;
    for (auto const& event : history) {
        if (auto const* done = std::get_if<StepCompleted>(&event.fact))
            names.push_back(name_of(done->step));
        auto const* good = std::get_if<ActivitySucceeded>(&event.fact);
        if (good && good->completes_step) names.push_back(name_of(good->step));
    }
    return names;
}

// Whatever says that it began: a step without a trace did not.
bool has_begun(std::vector<Event> const& history, std::string const& name) {
    return std::ranges::any_of(history, [&](Event const& event) {
        return std::visit(
            [&](auto const& fact) {
                if constexpr (requires { fact.step.path; }) {
                    using F = std::decay_t<decltype(fact)>;
                    return !std::is_same_v<F, StepSkipped> && name_of(fact.step) == name;
                } else {
                    return false;
                }
            },
            event.fact);
    });
}

std::string shown(Json const& value) {
    auto const text = to_text(value);
    return text.size() <= 200 ? text : text.substr(0, 200) + "…";
}

void compare(Json const& expected, Json const& actual, std::string const& at,
             std::vector<std::string>& found) {
    if (expected.is_object() && actual.is_object()) {
        for (auto const& [key, value] : expected.items()) {
            if (actual.contains(key))
                compare(value, actual.at(key), at + "/" + key, found);
            else
                found.push_back(at + "/" + key + " is missing; expected " + shown(value));
        }
        return;
    }
    if (expected.is_array() && actual.is_array() && expected.size() == actual.size()) {
        for (std::size_t i = 0; i < expected.size(); ++i)
            compare(expected[i], actual[i], at + "/" + std::to_string(i), found);
        return;
    }
    if (expected != actual)
        found.push_back(at + " is " + shown(actual) + "\n" + std::string(at.size(), ' ') + " not " +
                        shown(expected));
}

std::string listed(std::vector<std::string> const& names) {
    std::string text;
    for (auto const& name : names) text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "none" : text;
}

void compare_steps(Expectation const& expected, Report const& report,
                   std::vector<std::string>& found) {
    auto const ended = ended_steps(report.history);
    auto from = ended.begin();
    for (auto const& name : expected.steps) {
        auto const next = std::find(from, ended.end(), name);
        if (next == ended.end()) {
            found.push_back(
                "step `" + name + "` did not complete" +
                (std::ranges::find(ended, name) == ended.end() ? "" : " in this order") +
                "; completed were: " + listed(ended));
            return;
        }
        from = next + 1;
    }
    for (auto const& name : expected.not_steps)
        if (has_begun(report.history, name)) found.push_back("step `" + name + "` began");
}

void compare_calls(std::vector<ExpectedCall> const& expected, std::vector<MadeCall> const& made,
                   std::vector<std::string>& found) {
    auto const counts = [&](MadeCall const& call) {
        return call.is_write ||
               std::ranges::find(expected, call.tool, &ExpectedCall::tool) != expected.end();
    };
    std::vector<MadeCall> calls;
    std::vector<std::string> made_names, expected_names;
    for (auto const& call : made)
        if (counts(call)) {
            calls.push_back(call);
            made_names.push_back(call.tool);
        }
    for (auto const& call : expected) expected_names.push_back(call.tool);
    if (made_names != expected_names) {
        found.push_back("calls were " + listed(made_names) + "\n      not " +
                        listed(expected_names));
        return;
    }
    for (std::size_t i = 0; i < calls.size(); ++i)
        if (expected[i].arguments)
            compare(*expected[i].arguments, calls[i].arguments,
                    "calls/" + std::to_string(i) + " " + calls[i].tool, found);
}

}  // namespace

std::vector<std::string> differences(Expectation const& expected, Report const& report) {
    auto found = report.problems;
    if (expected.status && *expected.status != report.status) {
        auto why = report.status == "waiting" ? " (" + report.waits_sentence + ")" : std::string();
        if (!report.error.is_null()) why = ": " + report.error.value("detail", std::string());
        found.push_back("status is " + report.status + why + "\n       not " + *expected.status);
    }
    if (expected.output) compare(*expected.output, report.output, "output", found);
    if (expected.error) compare(*expected.error, report.error, "error", found);
    if (expected.waits_for && *expected.waits_for != report.waits_for)
        found.push_back("waitsFor is " + (report.waits_for.empty() ? "nothing" : report.waits_for) +
                        "\n         not " + *expected.waits_for);
    compare_steps(expected, report, found);
    if (expected.calls) compare_calls(*expected.calls, report.calls, found);
    return found;
}

}  // namespace resolute::cli::rehearsal
