#include "engine/fork.h"

#include <algorithm>
#include <charconv>

#include "base/error_codes.h"
#include "base/limits.h"
#include "engine/expectation.h"
#include "engine/run.h"

namespace resolute {
namespace {

Diagnostic wrong(std::string message, std::string remedy = {}) {
    return {.code = codes::cannot_fork, .message = std::move(message), .remedy = std::move(remedy)};
}

bool is_meant(StepId const& step, std::string const& text) {
    return !step.path.empty() && (step.path == text || name_of(step) == text);
}

std::optional<std::uint64_t> number(std::string const& text) {
    std::uint64_t value = 0;
    auto const* end = text.data() + text.size();
    auto const [rest, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && rest == end ? std::optional(value) : std::nullopt;
}

// The last event before the step began.
Result<std::uint64_t> before_step(std::vector<Event> const& history, std::string const& text) {
    std::vector<StepId> found;
    std::uint64_t first = 0;
    for (auto const& event : history) {
        auto const step = step_of(event.fact);
        if (!is_meant(step, text) || std::ranges::count(found, step)) continue;
        if (found.empty()) first = event.sequence;
        found.push_back(step);
    }
    if (found.empty()) return wrong("The run has no step `" + text + "`.", "Name one by its path.");
    if (found.size() == 1) return first - 1;
    std::string all;
    for (auto const& step : found) all += (all.empty() ? "`" : ", `") + step.path + "`";
    return wrong("The run has several steps `" + text + "`.", "Name one of " + all + ".");
}

// What is under way, which a second run cannot take part in; "" = nothing.
std::string under_way(Run const& run) {
    auto of = [](auto const& open, char const* what) {
        return std::string(what) + " of `" + open.begin()->first.path + "` is under way";
    };
    if (run.is_closed()) return "the run is over";
    if (run.cancel) return "the run is being cancelled";
    if (!run.activities.empty()) return of(run.activities, "the call");
    if (!run.approvals.empty())
        return "a person is asked in `" + run.approvals.begin()->second.asked.step.path + "`";
    if (!run.children.empty()) return of(run.children, "the run");
    if (!run.mappings.empty()) return of(run.mappings, "the map");
    if (!run.listening.empty()) return of(run.listening, "the listening");
    if (!run.endings.empty()) return of(run.endings, "the end");
    return {};
}

std::optional<Diagnostic> why_not(RunId origin, std::vector<Event> const& history,
                                  std::uint64_t sequence) {
    if (sequence == 0 || sequence > history.size())
        return wrong("The run has no event " + std::to_string(sequence) + ".",
                     "It has " + std::to_string(history.size()) + " events.");
    if (sequence > limits::forked_events)
        return wrong("A fork shares at most " + std::to_string(limits::forked_events) + " events.");
    Run run{.id = origin};
    std::string reason;
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < sequence; ++i) {
        apply(run, history[i]);
        reason = under_way(run);
        if (reason.empty()) last = history[i].sequence;
    }
    if (reason.empty()) return std::nullopt;
    return wrong("After event " + std::to_string(sequence) + " " + reason + ".",
                 "The last place before is event " + std::to_string(last) + ".");
}

// The output with which the step ended.
Payload* output_in(Fact& fact, std::string const& step) {
    if (!is_meant(step_of(fact), step)) return nullptr;
    if (auto* completed = std::get_if<StepCompleted>(&fact)) return &completed->output;
    auto* called = std::get_if<ActivitySucceeded>(&fact);
    return called && called->completes_step ? &called->output : nullptr;
}

// Puts the outputs in; `edited` is told the paths of their steps.
Diagnostics edit(std::vector<Event>& events, std::map<std::string, Payload> const& outputs,
                 std::vector<std::string>& edited) {
    Diagnostics problems;
    for (auto const& [step, output] : outputs) {
        auto const found = std::ranges::find_if(
            events, [&](Event& event) { return output_in(event.fact, step) != nullptr; });
        if (found == events.end()) {
            problems.push_back(wrong("The shared part has no step `" + step + "` that completed.",
                                     "Fork after it, or name it by its path."));
            continue;
        }
        *output_in(found->fact, step) = output;
        edited.push_back(step_of(found->fact).path);
    }
    return problems;
}

// Of a fork of a fork, what was moved and edited before the place stays so.
ForkPoint point_of(RunStarted const& was, RunId origin, std::uint64_t sequence) {
    ForkPoint point{origin, sequence};
    if (!was.forked) return point;
    std::ranges::copy_if(was.forked->takeovers, std::back_inserter(point.takeovers),
                         [&](Takeover const& one) { return one.sequence < sequence; });
    point.edited = was.forked->edited;
    return point;
}

}  // namespace

Result<StartRun> plan_fork(RunId origin, std::vector<Event> const& history, ForkWish const& wish) {
    auto sequence = number(wish.at);
    if (!sequence) {
        auto const before = before_step(history, wish.at);
        if (!before) return before.diagnostics();
        sequence = *before;
    }
    if (auto problem = why_not(origin, history, *sequence)) return *std::move(problem);
    std::vector<Event> shared(history.begin(), history.begin() + static_cast<long>(*sequence));
    Run run{.id = origin};
    for (auto const& event : shared) apply(run, event);
    auto const& was = run.started;  // with the definition that it follows there
    auto point = point_of(was, origin, *sequence);
    std::erase_if(point.edited, [&](std::string const& step) {
        return std::ranges::none_of(
            shared, [&](Event& event) { return output_in(event.fact, step) != nullptr; });
    });
    if (auto problems = edit(shared, wish.outputs, point.edited); !problems.empty())
        return problems;
    return StartRun{.workflow = was.workflow,
                    .tenant = was.tenant,
                    .case_id = wish.case_id,
                    .input = was.input,
                    .started_by = wish.by,
                    .parent = {},
                    .forked = std::move(point),
                    .shared = std::move(shared)};
}

}  // namespace resolute
