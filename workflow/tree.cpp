#include "workflow/tree.h"

#include <algorithm>
#include <array>

namespace resolute::workflow {

std::optional<std::size_t> Block::find(std::string_view name) const {
    for (auto const& step : steps)
        if (step->name == name) return step->index;
    return std::nullopt;
}

Payload Listen::read(Payload const& event) const {
    return envelope ? event : event.member("data").value_or(Payload());
}

Step const* Definition::find(std::string const& node) const {
    auto const found = by_node.find(node);
    return found == by_node.end() ? nullptr : found->second;
}

Json const& Definition::definition_of(Step const& step) const {
    return document.at(Json::json_pointer(step.place.pointer));
}

std::string_view kind_of(Step const& step) {
    static constexpr std::array names{"do",   "set",  "switch", "for", "fork", "try",    "raise",
                                      "wait", "call", "call",   "run", "emit", "listen", "call"};
    static_assert(names.size() == std::variant_size_v<decltype(Step::what)>);
    return names[step.what.index()];
}

std::vector<Block const*> blocks_of(Step const& step) {
    if (auto const* what = std::get_if<Do>(&step.what)) return {&what->body};
    if (auto const* what = std::get_if<For>(&step.what)) return {&what->body};
    if (auto const* what = std::get_if<Fork>(&step.what)) return {&what->branches};
    if (auto const* what = std::get_if<Try>(&step.what)) return {&what->body, &what->handler};
    if (auto const* what = std::get_if<Listen>(&step.what); what && what->each)
        return {&what->each->body};
    return {};
}

void visit_steps(Block const& block, std::function<void(Step const&)> const& visit) {
    for (auto const& step : block.steps) {
        visit(*step);
        for (auto const* inner : blocks_of(*step)) visit_steps(*inner, visit);
    }
}

}  // namespace resolute::workflow
