#include "cli/rehearsal/coverage.h"

#include <algorithm>

namespace resolute::cli::rehearsal {
namespace {

using workflow::Step;

std::string to_where(workflow::Directive const& then) {
    return then.empty() ? "the next step" : "`" + then + "`";
}

}  // namespace

void Coverage::add(Digest const& workflow, std::vector<Event> const& history) {
    auto& seen = seen_[workflow];
    for (auto const& event : history) {
        std::visit(
            [&](auto const& fact) {
                using F = std::decay_t<decltype(fact)>;
                if constexpr (std::is_same_v<F, StepSkipped>) {
                    seen.skipped.insert(node_of(fact.step));
                } else if constexpr (requires { fact.step.path; }) {
                    seen.begun.insert(node_of(fact.step));
                }
            },
            event.fact);
        if (auto const* done = std::get_if<StepCompleted>(&event.fact))
            seen.led.insert({node_of(done->step), done->next});
    }
}

Coverage::Of Coverage::of(workflow::Definition const& definition) const {
    static Seen const nothing;
    auto const found = seen_.find(definition.ref.digest);
    auto const& seen = found == seen_.end() ? nothing : found->second;
    Of all;
    auto const count = [&](std::size_t& of, std::size_t& covered, bool is_seen, int line,
                           std::string what) {
        ++of;
        if (is_seen)
            ++covered;
        else
            all.missed.push_back({line, std::move(what)});
    };
    for (auto const& [node, step] : definition.by_node) {
        auto const line = step->place.line;
        bool const has_begun = seen.begun.contains(node);
        count(all.steps, all.steps_seen, has_begun, line, "step `" + step->name + "`");
        auto const branch = [&](bool is_seen, int at, std::string what) {
            count(all.branches, all.branches_seen, is_seen, at, std::move(what));
        };
        if (step->condition)
            branch(seen.skipped.contains(node), line, "`" + step->name + "` with its `if` false");
        if (auto const* choice = std::get_if<workflow::Switch>(&step->what))
            for (auto const& one : choice->cases)
                branch(seen.led.contains({node, one.then}), one.place.line,
                       "case `" + one.name + "` of `" + step->name + "`, to " + to_where(one.then));
        if (auto const* attempt = std::get_if<workflow::Try>(&step->what))
            if (!attempt->handler.steps.empty())
                branch(seen.begun.contains(attempt->handler.steps.front()->node), line,
                       "`" + step->name + "` with an error caught");
    }
    std::ranges::sort(all.missed, {}, &Missed::line);
    return all;
}

}  // namespace resolute::cli::rehearsal
