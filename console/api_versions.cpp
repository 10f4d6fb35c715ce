// Routes about runs and other versions and beginnings of them.
#include <atomic>

#include "base/error_codes.h"
#include "base/limits.h"
#include "console/answers.h"
#include "console/api.h"
#include "console/versions.h"
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

ApiProblem not_published(std::string const& workflow, std::string const& version) {
    return {404,
            codes::unknown_workflow,
            "No such version",
            "No version or digest `" + version + "` of `" + workflow + "` was published.",
            "`resolute deploy` publishes one.",
            {}};
}

// What comes of asking several runs at once; the last one that answers answers the request.
struct Migration {
    Migration(WorkflowRef to, CandidatePage page, net::Responder responder)
        : to(std::move(to)), page(std::move(page)), responder(std::move(responder)) {}

    // Each candidate has one answer, and none is read before all are there.
    void answered(Candidate& candidate, Reply const& reply) {
        auto const* refused = std::get_if<Refused>(&reply);
        auto const* accepted = std::get_if<Accepted>(&reply);
        if (refused && refused->why.code == codes::moved_on)
            candidate.fate = Fate::moved_on;
        else if (refused)
            candidate = {candidate.row, Difference{candidate.sequence, {}, refused->why.detail},
                         candidate.sequence};
        else if (accepted && accepted->sequence > 0)
            candidate.fate = Fate::migrated;
        leave();
    }
    void leave() {
        if (--open > 0) return;
        Json items = Json::array();
        for (auto const& candidate : page.all) items.push_back(candidate_json(candidate));
        responder.respond(answer(200, {{"to", workflow_json(to)},
                                       {"items", std::move(items)},
                                       {"next", page.next.empty() ? Json() : Json(page.next)}}));
    }

    WorkflowRef to;
    CandidatePage page;
    net::Responder responder;
    std::atomic<std::size_t> open = 1;  // whoever asks, and each run that was asked
};

bool is_migration(Json const& body) {
    for (char const* member : {"workflow", "to", "by", "reason", "cursor"})
        if (!is_text(body, member)) return false;
    auto const limit = body.find("limit");
    return body.value("dryRun", Json(false)).is_boolean() &&
           (limit == body.end() ||
            (limit->is_number_integer() && *limit >= 1 && *limit <= limits::page_longest));
}

}  // namespace

void Api::replay_run(net::ServerRequest const& request, Parameters const& parameters,
                     net::Responder const& responder) {
    auto const id = RunId::parse(parameters[0]);
    auto const run = id ? surface_.reads.run(*id) : std::nullopt;
    if (!run) return responder.respond(answer(not_found("run " + parameters[0])));
    auto const body = read_body(request.body, {"against"}, {});
    if (!body || !is_text(*body, "against"))
        return responder.respond(answer(malformed("`against` must be a text.")));
    if (surface_.versions->is_code(run->workflow.digest))
        return responder.respond(
            answer(ApiProblem{409,
                              codes::follows_code,
                              "The run follows code",
                              "`" + run->workflow.name + "` is code.",
                              "The program that has it replays its histories (sdk::replay).",
                              {}}));
    std::string const version = body->at("against");
    auto const against = surface_.versions->find(run->workflow.name, version);
    if (!against) return responder.respond(answer(not_published(run->workflow.name, version)));
    auto const checked = surface_.versions->replay(*run, against);
    responder.respond(answer(200, replayed_json(*run, against->ref, checked)));
}

void Api::migrate_runs(net::ServerRequest const& request, Parameters const&,
                       net::Responder const& responder) {
    auto const body =
        read_body(request.body, {"workflow", "to", "by", "reason"}, {"dryRun", "cursor", "limit"});
    if (!body || !is_migration(*body))
        return responder.respond(answer(
            malformed("`workflow`, `to`, `by`, `reason` and `cursor` must be texts, `dryRun` true "
                      "or false, and `limit` a whole number from 1 to 500.")));
    std::string const workflow = body->at("workflow"), version = body->at("to");
    auto const to = surface_.versions->find(workflow, version);
    if (!to) return responder.respond(answer(not_published(workflow, version)));
    auto page = surface_.versions->candidates(to, body->value("cursor", std::string()),
                                              body->value("limit", limits::page_default));
    if (!page) return responder.respond(answer(malformed("The cursor is not one of ours.")));
    auto const migration = std::make_shared<Migration>(to->ref, *std::move(page), responder);
    for (auto& candidate : migration->page.all) {
        if (body->value("dryRun", false) || candidate.fate != Fate::legal) continue;
        candidate.fate = Fate::untaken;
        ++migration->open;
        surface_.engine.submit(
            {message_id(), candidate.row.run,
             MigrateRun{to->ref, candidate.sequence, body->at("by"), body->at("reason")}},
            [migration, &candidate](Reply const& reply) { migration->answered(candidate, reply); });
    }
    migration->leave();
}

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
