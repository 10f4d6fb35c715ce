// Routes about runs and other beginnings of them.
#include "base/limits.h"
#include "console/answers.h"
#include "console/api.h"
#include "engine/codec.h"
#include "engine/fork.h"

namespace resolute::console {
namespace {

bool is_text(Json const& body, char const* member) {
    auto const found = body.find(member);
    return found == body.end() || found->is_string();
}

std::map<std::string, Payload> outputs_in(Json const& body) {
    std::map<std::string, Payload> outputs;
    auto const found = body.find("outputs");
    if (found == body.end()) return outputs;
    for (auto const& [step, output] : found->items()) outputs.emplace(step, Payload(output));
    return outputs;
}

}  // namespace

void Api::fork_run(net::ServerRequest const& request, Parameters const& parameters,
                   net::Responder const& responder) {
    auto const origin = RunId::parse(parameters[0]);
    if (!origin || !surface_.reads.run(*origin))
        return responder.respond(answer(not_found("run " + parameters[0])));
    auto const body = read_body(request.body, {"at", "by"}, {"caseId", "outputs"});
    if (!body || !is_text(*body, "at") || !is_text(*body, "by") || !is_text(*body, "caseId") ||
        !body->value("outputs", Json::object()).is_object())
        return responder.respond(
            answer(malformed("`at`, `by` and `caseId` must be texts, `outputs` a map.")));
    std::vector<Event> history;
    while (history.size() < limits::forked_events) {
        auto const page = surface_.reads.history(*origin, history.size(), limits::list_page);
        if (page.empty()) break;
        for (auto const& event : page) history.push_back(decode(event));
    }
    auto start = plan_fork(
        *origin, history,
        {body->at("at"), body->value("caseId", std::string()), body->at("by"), outputs_in(*body)});
    if (!start) {
        auto const& problems = start.diagnostics();
        return responder.respond(
            answer(ApiProblem{422, problems.front().code, "The run cannot be forked there",
                              problems.front().message, problems.front().remedy, problems}));
    }
    submit_start(*std::move(start), responder);
}

}  // namespace resolute::console
