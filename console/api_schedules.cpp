// The API's part about schedules.
#include "console/answers.h"
#include "console/api.h"
#include "console/schedules.h"

namespace resolute::console {
namespace {

net::Response answer_of(Schedules::Answer const& found) {
    if (auto const* problem = std::get_if<ApiProblem>(&found)) return answer(*problem);
    return answer(200, std::get<Json>(found));
}

bool are_texts(Json const& body, std::initializer_list<char const*> names) {
    return std::ranges::all_of(names, [&](char const* name) { return body.at(name).is_string(); });
}

// The schedule that the path names, or a nil one, which is none.
ScheduleId named(std::string const& text) { return ScheduleId::parse(text).value_or(ScheduleId{}); }

}  // namespace

void Api::list_schedules(net::ServerRequest const&, Parameters const&,
                         net::Responder const& responder) {
    responder.respond(answer(200, {{"items", surface_.schedules->list()}}));
}

void Api::get_schedule(net::ServerRequest const&, Parameters const& parameters,
                       net::Responder const& responder) {
    responder.respond(answer_of(surface_.schedules->show(named(parameters[0]))));
}

void Api::pause_schedule(net::ServerRequest const& request, Parameters const& parameters,
                         net::Responder const& responder) {
    auto const body = read_body(request.body, {"by", "reason"}, {});
    if (!body || !are_texts(*body, {"by", "reason"}))
        return responder.respond(answer(malformed("`by` and `reason` must be texts.")));
    responder.respond(answer_of(
        surface_.schedules->pause(named(parameters[0]), body->at("by"), body->at("reason"))));
}

void Api::resume_schedule(net::ServerRequest const& request, Parameters const& parameters,
                          net::Responder const& responder) {
    auto const body = read_body(request.body, {"by"}, {});
    if (!body || !are_texts(*body, {"by"}))
        return responder.respond(answer(malformed("`by` must be text.")));
    responder.respond(answer_of(surface_.schedules->resume(named(parameters[0]))));
}

void Api::trigger_schedule(net::ServerRequest const& request, Parameters const& parameters,
                           net::Responder const& responder) {
    auto const body = read_body(request.body, {"by"}, {});
    if (!body || !are_texts(*body, {"by"}))
        return responder.respond(answer(malformed("`by` must be text.")));
    responder.respond(answer_of(surface_.schedules->trigger(named(parameters[0]), body->at("by"))));
}

void Api::backfill_schedule(net::ServerRequest const& request, Parameters const& parameters,
                            net::Responder const& responder) {
    auto const body = read_body(request.body, {"from", "until", "by"}, {"sideBySide", "reason"});
    if (!body || !are_texts(*body, {"from", "until", "by"}) ||
        !body->value("sideBySide", Json(false)).is_boolean() ||
        !body->value("reason", Json("")).is_string())
        return responder.respond(
            answer(malformed("`from`, `until`, `by` and `reason` must be texts, and `sideBySide` "
                             "true or false.")));
    responder.respond(answer_of(surface_.schedules->backfill(
        named(parameters[0]), {.from = body->at("from"),
                               .until = body->at("until"),
                               .side_by_side = body->value("sideBySide", false),
                               .by = body->at("by"),
                               .reason = body->value("reason", std::string())})));
}

}  // namespace resolute::console
