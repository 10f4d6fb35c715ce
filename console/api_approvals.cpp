// The part of the API that is about approvals, and about the server itself.
#include <charconv>

#include "approvals/inbox.h"
#include "base/error_codes.h"
#include "base/limits.h"
#include "console/answers.h"
#include "console/api.h"

namespace resolute::console {
namespace {

// "microseconds.uuid": where the page before ended.
std::optional<store::ApprovalCursor> read_cursor(std::string const& text) {
    auto const dot = text.find('.');
    if (dot == std::string::npos) return std::nullopt;
    std::int64_t at = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + dot, at);
    auto const id = ApprovalId::parse(text.substr(dot + 1));
    if (error != std::errc{} || end != text.data() + dot || !id) return std::nullopt;
    return store::ApprovalCursor{{at}, *id};
}

std::optional<ApprovalStatus> status_named(std::string const& text) {
    for (auto const status :
         {ApprovalStatus::pending, ApprovalStatus::approved, ApprovalStatus::rejected,
          ApprovalStatus::expired, ApprovalStatus::revoked, ApprovalStatus::consumed})
        if (approvals::shown_status(status) == text) return status;
    return std::nullopt;
}

// One metric in the text format of Prometheus; a value for each set of labels.
std::string gauge(std::string const& name, std::string const& help,
                  std::map<std::string, std::int64_t> const& values) {
    auto text = "# HELP " + name + " " + help + "\n# TYPE " + name + " gauge\n";
    for (auto const& [labels, value] : values)
        text += name + labels + " " + std::to_string(value) + "\n";
    return text;
}

}  // namespace

void Api::list_approvals(net::ServerRequest const& request, Parameters const&,
                         net::Responder const& responder) {
    store::ApprovalFilter filter{.tenant = tenant, .status = {}, .run = {}};
    if (auto const status = request.query.find("status")) {
        filter.status = status_named(std::string(*status));
        if (!filter.status)
            return responder.respond(
                answer(malformed("`" + std::string(*status) + "` is no status of an approval.")));
    }
    if (auto const run = request.query.find("run")) {
        filter.run = RunId::parse(*run);
        if (!filter.run)
            return responder.respond(answer(malformed("`run` must be the id of a run.")));
    }
    std::optional<store::ApprovalCursor> before;
    if (auto const cursor = request.query.find("cursor")) {
        before = read_cursor(std::string(*cursor));
        if (!before) return responder.respond(answer(malformed("The cursor is not one of ours.")));
    }
    auto const limit = read_limit(request.query);
    if (!limit) return responder.respond(answer(malformed(limit.diagnostics())));
    auto const page = surface_.reads.approvals(filter, *limit, before);
    Json items = Json::array();
    for (auto const& row : page.approvals) items.push_back(approvals::summary_json(row));
    auto const next = page.next ? Json(std::to_string(page.next->requested_at.microseconds) + "." +
                                       to_string(page.next->approval))
                                : Json();
    responder.respond(answer(200, {{"items", std::move(items)}, {"next", next}}));
}

Json Api::approval_json(ApprovalId id) {
    auto const detail = surface_.reads.approval(tenant, id);
    return detail ? approvals::detail_json(detail->approval, detail->decisions) : Json();
}

void Api::get_approval(net::ServerRequest const&, Parameters const& parameters,
                       net::Responder const& responder) {
    auto const id = ApprovalId::parse(parameters[0]);
    auto const json = id ? approval_json(*id) : Json();
    if (json.is_null()) return responder.respond(answer(not_found("approval " + parameters[0])));
    responder.respond(answer(200, json));
}

void Api::decide(net::ServerRequest const& request, Parameters const& parameters,
                 net::Responder const& responder) {
    auto const id = ApprovalId::parse(parameters[0]);
    auto const detail = id ? surface_.reads.approval(tenant, *id) : std::nullopt;
    if (!detail) return responder.respond(answer(not_found("approval " + parameters[0])));
    auto const body = parse_json(request.body);
    if (!body)
        return responder.respond(
            answer(malformed(to_string(body.diagnostics()), body.diagnostics())));
    auto decision = approvals::read_decision(*body, detail->approval);
    if (!decision) {
        auto problem = malformed(to_string(decision.diagnostics()), decision.diagnostics());
        bool const uninspectable = std::ranges::any_of(decision.diagnostics(), [](auto const& d) {
            return d.code == codes::approval_uninspectable;
        });
        if (uninspectable) problem.status = 409, problem.code = codes::approval_uninspectable;
        return responder.respond(answer(problem));
    }
    decision->groups = surface_.groups_of(decision->by);
    submit({message_id(), detail->approval.run, *std::move(decision)}, responder,
           {[](Accepted const&) { return std::nullopt; },
            [this, id = *id](Accepted const&) {
                return answer(200, {{"approval", approval_json(id)}});
            },
            [](Accepted const&) { return answer(202, {{"accepted", true}}); }});
}

void Api::status(net::ServerRequest const& request, Parameters const&,
                 net::Responder const& responder) {
    Json members = Json::array();
    for (auto const& member : surface_.reads.members())
        if (!member.fenced && member.expires_at > surface_.clock.now())
            members.push_back({{"id", to_string(member.member)},
                               {"name", member.name},
                               {"shards", member.shards},
                               {"lastSeen", to_string(surface_.clock.now())}});
    Json models = Json::array();
    for (auto const& model : surface_.models)
        models.push_back(
            {{"name", model.name}, {"backend", model.backend}, {"scripted", model.scripted}});
    responder.respond(answer(200, {{"version", surface_.version},
                                   {"mode", surface_.mode},
                                   {"open", true},
                                   {"listening", request.listener},
                                   {"members", std::move(members)},
                                   {"models", std::move(models)},
                                   {"now", to_string(surface_.clock.now())}}));
}

void Api::health(net::ServerRequest const&, Parameters const&, net::Responder const& responder) {
    responder.respond(answer(200, {{"status", "ok"}}));
}

// Ready to take work: the database answers and this process owns shards.
void Api::ready(net::ServerRequest const&, Parameters const&, net::Responder const& responder) {
    surface_.reads.members();
    if (surface_.engine.owned_shards().empty())
        return responder.respond(
            answer(ApiProblem{503,
                              "no_shards",
                              "Not ready",
                              "This process owns no shards yet.",
                              "It takes them when the lease of their owner is over.",
                              {}}));
    responder.respond(answer(200, {{"status", "ok"}}));
}

void Api::metrics(net::ServerRequest const&, Parameters const&, net::Responder const& responder) {
    auto const counts = surface_.reads.counts(tenant);
    std::map<std::string, std::int64_t> runs;
    for (auto const& [status, count] : counts.runs) runs["{status=\"" + status + "\"}"] = count;
    auto const text =
        gauge("resolute_runs", "Runs by status.", runs) +
        gauge("resolute_approvals_pending", "Approvals that wait for a person.",
              {{"", counts.pending_approvals}}) +
        gauge("resolute_outcomes_unknown", "Calls of which nobody knows yet what became of them.",
              {{"", counts.unresolved}}) +
        gauge("resolute_messages_refused", "Messages that cannot be read or applied.",
              {{"", counts.refused_messages}}) +
        gauge("resolute_shards_owned", "Shards that this process owns.",
              {{"", static_cast<std::int64_t>(surface_.engine.owned_shards().size())}});
    responder.respond({200, {{"Content-Type", "text/plain; version=0.0.4"}}, text});
}

}  // namespace resolute::console
