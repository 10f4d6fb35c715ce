// How an error finds the `catch` that takes it, and what that does: try again, go on elsewhere, or
// let it pass.
#include <array>
#include <cmath>

#include "base/limits.h"
#include "workflow/deciding.h"
#include "workflow/duration.h"

namespace resolute::workflow {
namespace {

constexpr std::array<std::string_view, 4> known_bases{
    "serverlessworkflow.io/spec/1.0.0/errors/", "serverlessworkflow.io/dsl/errors/types/",
    "open-workflow-specification.org/spec/1.0.0/errors/",
    "open-workflow-specification.org/dsl/errors/types/"};

// "communication" for every way to write that type; other types as they are.
std::string_view kind_of_error(std::string_view type) {
    auto rest = type;
    for (std::string_view scheme : {"https://", "http://"})
        if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
    for (auto base : known_bases)
        if (rest.starts_with(base)) return rest.substr(base.size());
    return type;
}

bool equals(std::string const& member, Json const& wanted, Json const& found) {
    if (member != "type" || !wanted.is_string() || !found.is_string()) return wanted == found;
    return kind_of_error(wanted.get_ref<std::string const&>()) ==
           kind_of_error(found.get_ref<std::string const&>());
}

Duration grown(Duration first, Retry::Backoff backoff, std::int64_t nth) {
    double factor = 1;
    if (backoff == Retry::Backoff::linear) factor = static_cast<double>(nth);
    if (backoff == Retry::Backoff::exponential)
        factor = std::pow(2.0, static_cast<double>(nth - 1));
    auto const longest =
        std::chrono::duration_cast<Duration>(std::chrono::seconds(limits::retry_delay_s));
    auto const wanted = static_cast<double>(first.count()) * factor;
    return wanted >= static_cast<double>(longest.count())
               ? longest
               : Duration(static_cast<Duration::rep>(wanted));
}

// Chance that needs no chance: the same retry of the same step always waits as long.
Duration jitter(std::pair<Duration, Duration> const& range, RunId run, StepId const& step,
                std::int64_t nth) {
    auto const digest = sha256({to_string(run), "|", step.path, "|", std::to_string(nth)});
    std::uint64_t drawn = 0;
    for (std::size_t i = 0; i < 8; ++i) drawn = (drawn << 8) | digest.bytes[i];
    auto const width = static_cast<std::uint64_t>((range.second - range.first).count()) + 1;
    return range.first + Duration(static_cast<Duration::rep>(drawn % width));
}

}  // namespace

std::string const& written_at(Step const& step) {
    auto const* found = &step;
    while (found->around && found->place.pointer.starts_with("/use/")) found = found->around;
    return found->place.pointer;
}

// The `try` whose attempt this is, when its path is no step's.
std::optional<Spot> Deciding::guard_of_attempt(StepId const& id) const {
    if (!id.path.ends_with("/try") || definition_.find(node_of(id))) return std::nullopt;
    auto path = id.path.substr(0, id.path.rfind('/'));
    path.resize(std::min(path.size(), path.find('#', path.rfind('/'))));
    StepId guard{std::move(path)};
    return Spot{&step_at(guard), guard};
}

void Deciding::on_failure(StepId const& id, Failure error) {
    if (auto const guard = guard_of_attempt(id)) {
        bool const is_over = !run_.frames.contains(guard->id) || is_ending(run_, guard->id);
        if (!is_over) offer(*guard, std::move(error));
        return;
    }
    if (is_gone(id)) return;
    auto const& failed = step_at(id);
    if (error.instance.empty() || error.instance == failed.node)
        error.instance = written_at(failed);
    if (!failed.around) {
        commands_.push_back(FaultRun{std::move(error)});
        return;
    }
    offer({failed.around, parent_of(id)}, std::move(error));
}

void Deciding::offer(Spot const& guard, Failure error) {
    auto const* what = std::get_if<Try>(&guard.step->what);
    auto const position = position_of(run_.frames.at(guard.id));
    try {
        if (what && !position.handling && handle(guard, *what, position, error)) return;
    } catch (Fault& fault) {
        return fail(guard, std::move(fault.error));
    }
    fail(guard, std::move(error));
}

// False when the error passes through.
bool Deciding::handle(Spot const& guard, Try const& what, Position const& position,
                      Failure const& error) {
    auto const& frame = run_.frames.at(guard.id);
    Arguments arguments({definition_, run_, now_, guard.step, guard.id}, frame.input);
    auto const caught = to_json(error);
    arguments.set_error(what.as, caught);
    for (auto const& [member, wanted] : what.errors.with)
        if (!equals(member, wanted.evaluate(arguments).json(), caught.value(member, Json())))
            return false;
    if (what.when && !what.when->holds(arguments)) return false;
    if (what.except_when && what.except_when->holds(arguments)) return false;
    if (what.retry && try_again(guard, *what.retry, position, arguments)) return true;
    if (!what.handler.steps.empty()) {
        commands_.push_back(AdvanceStep{
            guard.id, to_state({.turn = position.turn, .handling = true, .error = caught}), true});
        return true;
    }
    if (what.then) finish(guard, frame.input, *what.then);
    return what.then.has_value();
}

bool Deciding::try_again(Spot const& guard, Retry const& retry, Position const& position,
                         Arguments& arguments) {
    auto const nth = position.turn + 1;
    if (position.turn >= retry.count.value_or(limits::retries)) return false;
    if (retry.when && !retry.when->holds(arguments)) return false;
    if (retry.except_when && retry.except_when->holds(arguments)) return false;
    auto delay = Duration::zero();
    if (retry.delay) {
        auto first = duration_from(retry.delay->evaluate(arguments).json());
        if (!first)
            throw Fault{
                expression_failure(first.diagnostics().front().message, codes::invalid_value)};
        delay = grown(*first, retry.backoff, nth);
    }
    if (retry.jitter) delay += jitter(*retry.jitter, run_.id, guard.id, nth);
    auto const began = run_.frames.at(guard.id).counts_from;
    if (retry.within && now_ + delay - began > *retry.within) return false;
    bool const waits = delay > Duration::zero();
    commands_.push_back(AdvanceStep{guard.id, to_state({.turn = nth, .paused = waits}), true});
    if (waits) commands_.push_back(StartTimer{guard.id, now_ + delay});
    return true;
}

}  // namespace resolute::workflow
