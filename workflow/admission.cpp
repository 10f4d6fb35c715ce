#include "workflow/admission.h"

#include <algorithm>

#include "base/error_codes.h"
#include "base/limits.h"
#include "workflow/arguments.h"

namespace resolute::workflow {
namespace {

struct Key {
    Limit::Of of;
    std::string text;
    bool operator==(Key const&) const = default;
    auto operator<=>(Key const&) const = default;
};

std::string value_of(Payload const& value) {
    auto text = to_text(value.json());
    if (value.json().is_structured() || text.size() > limits::place_key_bytes)
        throw Fault{expression_failure("The key of a limit must be a short text or a number.",
                                       codes::wrong_type)};
    return text;
}

// Nothing: the run has no such key, and needs no place. Texts are in quotes, so that no two tenants
// can have one key.
std::optional<Key> key_of(Limit const& limit, RunStarted const& started, Arguments& arguments) {
    auto const name = limit.name.empty() ? started.workflow.name : limit.name;
    auto const of_tenant = name + " tenant " + to_text(Json(started.tenant));
    switch (limit.of) {
        case Limit::Of::workflow: return Key{limit.of, name};
        case Limit::Of::tenant: return Key{limit.of, of_tenant};
        case Limit::Of::of_case:
            if (started.case_id.empty()) return std::nullopt;
            return Key{limit.of, of_tenant + " case " + to_text(Json(started.case_id))};
        case Limit::Of::value: break;
    }
    auto const value = limit.value.evaluate(arguments);
    if (value.is_null()) return std::nullopt;
    return Key{limit.of, of_tenant + " key " + value_of(value)};
}

std::int64_t priority_of(Admission const& admission, Arguments& arguments) {
    auto const priority = admission.priority.evaluate(arguments);
    if (priority.is_null()) return 0;
    bool const is_whole = priority.json().is_number_integer();
    auto const value = is_whole ? priority.json().get<std::int64_t>() : 0;
    if (!is_whole || value < -limits::place_priority || value > limits::place_priority)
        throw Fault{expression_failure("The priority of a run must be a whole number from -" +
                                           std::to_string(limits::place_priority) + " to " +
                                           std::to_string(limits::place_priority) + ".",
                                       codes::wrong_type)};
    return value;
}

Json terms_of(Limit const& limit) {
    auto terms = Json::object();
    if (limit.concurrency) terms["most"] = *limit.concurrency;
    if (limit.rate) {
        terms["many"] = limit.rate->many;
        terms["perMs"] = limit.rate->per.count() / 1'000;
    }
    return terms;
}

}  // namespace

std::vector<Json> places_of(Admission const& admission, RunStarted const& started,
                            Arguments& arguments) {
    // Two limits on one key are one place: nobody waits for a run that waits itself.
    std::map<Key, Json> places;
    for (auto const& limit : admission.limits) {
        auto const key = key_of(limit, started, arguments);
        if (!key) continue;
        auto& place = places.try_emplace(*key, Json{{"key", key->text}}).first->second;
        auto const terms = terms_of(limit);
        for (auto const& [term, value] : terms.items())
            if (!place.contains(term)) place[term] = value;
    }
    std::vector<Json> waits;
    auto const priority = places.empty() ? 0 : priority_of(admission, arguments);
    for (auto& [key, place] : places) {
        place["priority"] = priority;
        waits.push_back(std::move(place));
    }
    return waits;
}

}  // namespace resolute::workflow
