// The part of the API that takes events (CloudEvents 1.0, structured mode).
#include "base/json.h"
#include "base/utf8.h"
#include "console/answers.h"
#include "console/api.h"

namespace resolute::console {
namespace {

// The first thing that is missing, as a sentence; "" when it is an event.
std::string fault_of(Json const& event) {
    if (!event.is_object()) return "An event is a JSON object (CloudEvents 1.0).";
    for (auto const* attribute : {"specversion", "id", "source", "type"}) {
        auto const found = event.find(attribute);
        bool const good = found != event.end() && found->is_string() &&
                          !found->get_ref<std::string const&>().empty();
        if (!good) return std::string("`") + attribute + "` must be text that is not empty.";
        if (has_control_character(found->get_ref<std::string const&>()))
            return std::string("`") + attribute + "` must have no control characters.";
    }
    if (event["specversion"] != "1.0") return "`specversion` must be 1.0.";
    return {};
}

}  // namespace

void Api::post_event(net::ServerRequest const& request, Parameters const&,
                     net::Responder const& responder) {
    auto const event = parse_json(request.body);
    if (!event)
        return responder.respond(
            answer(malformed(to_string(event.diagnostics()), event.diagnostics())));
    if (auto const fault = fault_of(*event); !fault.empty())
        return responder.respond(answer(malformed(fault)));
    bool const fresh = surface_.post_event(*event);
    surface_.engine.poke();
    responder.respond(answer(202, {{"accepted", true}, {"new", fresh}}));
}

}  // namespace resolute::console
