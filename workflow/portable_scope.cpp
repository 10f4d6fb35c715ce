#include "workflow/portable_scope.h"

#include <algorithm>
#include <vector>

namespace resolute::workflow {
namespace {

bool is_branch(Step const& step) {
    return step.around && std::holds_alternative<Fork>(step.around->what);
}

bool stands_in_fork(Step const& step) {
    for (auto const* one = &step; one; one = one->around)
        if (is_branch(*one)) return true;
    return false;
}

std::vector<Directive> directions_of(Step const& step) {
    std::vector<Directive> all{step.then};
    if (auto const* choice = std::get_if<Switch>(&step.what))
        for (auto const& one : choice->cases) all.push_back(one.then);
    if (auto const* guarded = std::get_if<Try>(&step.what); guarded && guarded->then)
        all.push_back(*guarded->then);
    return all;
}

bool names_sibling(Directive const& next) {
    return !next.empty() && next != "continue" && next != "exit" && next != "end";
}

// Its steps come one after the other, if at all.
bool is_straight(Block const& block) {
    return std::ranges::none_of(block.steps, [](auto const& step) {
        return std::ranges::any_of(directions_of(*step), names_sibling);
    });
}

bool repeats(Step const& around) {
    auto const* guarded = std::get_if<Try>(&around.what);
    return std::holds_alternative<For>(around.what) ||
           std::holds_alternative<Listen>(around.what) || (guarded && guarded->retry);
}

}  // namespace

std::optional<Origin> origin_of(Step const& step) {
    Origin origin{&step, {}, false};
    for (auto const*& one = origin.exporter; stands_in_fork(*one); one = one->around) {
        if (!is_branch(*one) || std::get<Fork>(one->around->what).compete) return std::nullopt;
        bool const is_shaped = one != &step && (one->output.shape || one->output.schema);
        if (is_shaped) return std::nullopt;
        origin.path = "[" + std::to_string(one->index) + "]" + origin.path;
        origin.is_conditional = origin.is_conditional || one->condition.has_value();
    }
    return origin;
}

bool is_repeated(Step const& step) {
    for (auto const* one = &step; one; one = one->around)
        if (!is_straight(*one->block) || (one->around && repeats(*one->around))) return true;
    return false;
}

bool is_forgotten(Step const& step) {
    for (auto const* one = step.around; one && one->around; one = one->around) {
        auto const* guarded = std::get_if<Try>(&one->around->what);
        if (guarded && one->block == &guarded->body) return true;
    }
    return false;
}

bool comes_before(Step const& step, std::string const& pointer) {
    if (step.condition || !is_straight(*step.block)) return false;
    return std::ranges::any_of(step.block->steps, [&](auto const& other) {
        return other->index > step.index && pointer.starts_with(other->place.pointer + "/");
    });
}

bool ends_inside(Definition const& definition) {
    bool found = false;
    visit_steps(definition.steps, [&](Step const& step) {
        auto const all = directions_of(step);
        found = found || (step.around && std::ranges::find(all, "end") != all.end());
    });
    return found;
}

}  // namespace resolute::workflow
