#include "engine/mapping.h"

#include <algorithm>

#include "base/error_codes.h"
#include "base/json_text.h"
#include "engine/child.h"
#include "engine/corrupt_history.h"

namespace resolute {
namespace {

bool is_stopped(Mapping const& mapping) {
    return mapping.withdrawn || (mapping.stop_after > 0 && mapping.failed >= mapping.stop_after);
}

// The item that stands at this place, which moves on to the next one.
std::string_view take_item(Mapping const& mapping, std::uint64_t& place) {
    std::string_view const text = mapping.items.text();
    if (place <= text.size())
        if (auto const item = JsonText(text.substr(place)).value()) {
            place += item->size() + 1;  // and the comma
            return *item;
        }
    throw CorruptHistory("a map has fewer items than it counted");
}

Failure failure_of(MapItemEnded const& ended) {
    if (ended.error) return *ended.error;
    return runtime_failure("The run " + to_string(ended.run) + " was cancelled.",
                           codes::child_cancelled);
}

std::string as_failed(Failure const& why) {
    return "{\"error\":" + to_text(to_json(why)) + ",\"ok\":false}";
}

}  // namespace

Mapping begin_mapping(MapStarted const& fact) {
    Mapping mapping;
    mapping.workflow = fact.workflow;
    mapping.version = fact.version;
    mapping.count = fact.count;
    mapping.concurrency = fact.concurrency;
    mapping.stop_after = fact.stop_after;
    // Only the text: the items are read one by one, and a value of all takes ten times the memory.
    mapping.items = Payload::from_text(fact.items.text());
    mapping.parent = fact.parent;
    return mapping;
}

void apply(Mapping& mapping, MapItemsStarted const& fact, Timestamp at) {
    if (fact.first != mapping.begun || fact.count < 1 || fact.count > places_free(mapping))
        throw CorruptHistory("items of the map at `" + fact.step.path + "` began out of turn");
    mapping.begun_before = mapping.begun;
    mapping.place_before = mapping.place;
    for (int index = fact.first; index < fact.first + fact.count; ++index) {
        take_item(mapping, mapping.place);
        mapping.under_way.emplace(child_run_id(mapping.parent, item_step(fact.step, index), at),
                                  index);
    }
    mapping.begun += fact.count;
}

void apply(Mapping& mapping, MapItemEnded const& fact) {
    auto const found = mapping.under_way.find(fact.run);
    if (found == mapping.under_way.end() || found->second != fact.index)
        throw CorruptHistory("an item of the map at `" + fact.step.path + "` is not under way");
    mapping.under_way.erase(found);
    auto const before = mapping.outcomes.size();
    if (fact.how == ChildEnd::completed) {
        ((mapping.outcomes += "{\"ok\":true,\"output\":") += fact.output.text()) += '}';
    } else {
        ++mapping.failed;
        mapping.outcomes += as_failed(failure_of(fact));
    }
    mapping.ended.push_back({fact.index, mapping.outcomes.size() - before});
}

int places_free(Mapping const& mapping) {
    if (is_stopped(mapping)) return 0;
    return std::min(mapping.concurrency - static_cast<int>(mapping.under_way.size()),
                    mapping.count - mapping.begun);
}

bool is_over(Mapping const& mapping) {
    return mapping.under_way.empty() && (mapping.begun == mapping.count || is_stopped(mapping));
}

StepId item_step(StepId const& step, int index) {
    return {step.path + "#" + std::to_string(index)};
}

std::vector<ItemStart> latest_items(Mapping const& mapping, StepId const& step, Timestamp at) {
    std::vector<ItemStart> starts;
    auto place = mapping.place_before;
    for (int index = mapping.begun_before; index < mapping.begun; ++index)
        starts.push_back({index, child_run_id(mapping.parent, item_step(step, index), at),
                          Payload::from_text(std::string(take_item(mapping, place)))});
    return starts;
}

std::string outcomes_of(Mapping const& mapping) {
    std::vector<std::string_view> by_index(static_cast<std::size_t>(mapping.count));
    std::string_view rest = mapping.outcomes;
    for (auto const& [index, bytes] : mapping.ended) {
        by_index.at(static_cast<std::size_t>(index)) = rest.substr(0, bytes);
        rest.remove_prefix(bytes);
    }
    auto const never = as_failed(runtime_failure(
        "It was not started: too many items before it had failed.", codes::item_not_started));
    std::string text = "[";
    text.reserve(mapping.outcomes.size() + by_index.size() + 2);
    for (auto const& outcome : by_index) {
        if (text.size() > 1) text += ',';
        text += outcome.empty() ? never : outcome;
    }
    return text + "]";
}

}  // namespace resolute
