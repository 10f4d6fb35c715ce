#include "workflow/event_filter.h"

namespace resolute::workflow {
namespace {

// Whether the value has all that is wanted: every member of a map, or else the same value.
bool has(Json const& value, Json const& wanted) {
    if (!wanted.is_object() || !value.is_object()) return value == wanted;
    for (auto const& [name, inner] : wanted.items())
        if (!value.contains(name) || !has(value.at(name), inner)) return false;
    return true;
}

// A literal is compared; an expression sees the attribute as `.`, and says true or false, or what
// it should be.
bool fits(Template const& wanted, Json const& attribute, Arguments& arguments) {
    arguments.set_current(Payload(attribute));
    auto const value = wanted.evaluate(arguments);
    if (!wanted.literal() && value.json().is_boolean() && !attribute.is_boolean())
        return value.json().get<bool>();
    return has(attribute, value.json());
}

}  // namespace

bool fits(EventFilter const& filter, Json const& event, Json const& first, Arguments& arguments) {
    for (auto const& [name, wanted] : filter.with)
        if (!fits(wanted, event.value(name, Json()), arguments)) return false;
    for (auto const& [name, key] : filter.correlate) {
        arguments.set_current(Payload(event));
        auto const found = key.from.evaluate(arguments);
        arguments.set_current(key.expect ? arguments.input() : Payload(first));
        auto const expected = (key.expect ? *key.expect : key.from).evaluate(arguments);
        if (found != expected) return false;
    }
    return true;
}

}  // namespace resolute::workflow
