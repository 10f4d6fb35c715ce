// The part of the API that is about runs.
#include <limits>

#include "base/limits.h"
#include "console/answers.h"
#include "console/api.h"
#include "console/causes.h"
#include "console/shortening.h"
#include "engine/names.h"
#include "engine/shell/loader.h"

namespace resolute::console {
namespace {

constexpr std::uint64_t last_sequence = std::numeric_limits<std::int64_t>::max();

std::string text(net::ServerRequest const& request, char const* name) {
    auto const value = request.query.find(name);
    return value ? std::string(*value) : std::string();
}

net::Response is_taken(Accepted const&) { return answer(202, {{"accepted", true}}); }

std::optional<ShardOwner> owner_of(store::ReadModel& reads, RunRow const& row) {
    auto const member = reads.owner_of(row.shard);
    if (!member) return std::nullopt;
    return ShardOwner{member->name, member->expires_at, member->fenced};
}

}  // namespace

void Api::list_runs(net::ServerRequest const& request, Parameters const&,
                    net::Responder const& responder) {
    store::RunFilter filter{.tenant = tenant,
                            .status = {},
                            .workflow = text(request, "workflow"),
                            .case_id = text(request, "case")};
    if (auto const status = text(request, "status"); !status.empty()) {
        filter.status = parse_name<RunRow::Status>(status);
        if (!filter.status)
            return responder.respond(answer(malformed("`" + status + "` is no status of a run.")));
    }
    for (auto const& [name, wanted] :
         {std::pair("parent", &filter.parent), std::pair("forkedFrom", &filter.forked_from)}) {
        auto const given = text(request, name);
        if (given.empty()) continue;
        *wanted = RunId::parse(given);
        if (!*wanted)
            return responder.respond(answer(malformed("`" + given + "` is no id of a run.")));
    }
    std::optional<RunId> before;
    if (auto const cursor = text(request, "cursor"); !cursor.empty()) {
        before = RunId::parse(cursor);
        if (!before) return responder.respond(answer(malformed("The cursor is not one of ours.")));
    }
    auto const limit = read_limit(request.query);
    if (!limit) return responder.respond(answer(malformed(limit.diagnostics())));
    auto const page = surface_.reads.runs(filter, *limit, before);
    Json items = Json::array();
    for (auto const& row : page.runs) items.push_back(summary_json(row));
    responder.respond(answer(200, {{"items", std::move(items)},
                                   {"next", page.next ? Json(to_string(*page.next)) : Json()}}));
}

void Api::start_run(net::ServerRequest const& request, Parameters const&,
                    net::Responder const& responder) {
    auto const body = read_body(request.body, {"workflow", "input"}, {"version", "caseId"});
    if (!body)
        return responder.respond(
            answer(malformed(to_string(body.diagnostics()), body.diagnostics())));
    for (char const* member : {"workflow", "version", "caseId"})
        if (body->contains(member) && (!(*body)[member].is_string() ||
                                       (*body)[member].get_ref<std::string const&>().empty() ||
                                       (*body)[member].get_ref<std::string const&>().size() > 200))
            return responder.respond(answer(
                malformed(std::string("`") + member + "` must be a text of 1 to 200 characters.")));
    auto const prepared = surface_.prepare_start(
        body->at("workflow"), body->value("version", std::string()), body->at("input"));
    if (auto const* problem = std::get_if<ApiProblem>(&prepared))
        return responder.respond(answer(*problem));
    StartRun start{std::get<WorkflowRef>(prepared), tenant, body->value("caseId", std::string()),
                   body->at("input"), "api"};
    submit_start(std::move(start), responder);
}

void Api::submit_start(StartRun start, net::Responder const& responder) {
    auto const run = surface_.engine.mint_run_id();
    Message message{message_id(), run, std::move(start)};
    auto const taken = [](Accepted const& accepted) {
        return answer(202, {{"accepted", true}, {"run", to_string(accepted.run)}});
    };
    // A start that met a hand-over of its shard was given another id.
    auto const shown = [run](Accepted const& accepted, RunRow const& row) {
        bool const created = accepted.run == run || accepted.sequence > 0;
        return answer(created ? 201 : 200, {{"run", summary_json(row)}, {"created", created}});
    };
    auto const at_once = [shown](Accepted const& accepted) -> std::optional<net::Response> {
        if (!accepted.row) return std::nullopt;
        return shown(accepted, *accepted.row);
    };
    auto const read = [this, shown, taken](Accepted const& accepted) {
        auto const row = surface_.reads.run(accepted.run);
        return row ? shown(accepted, *row) : taken(accepted);  // its owner has not begun it yet
    };
    submit(std::move(message), responder, {at_once, read, taken});
}

namespace {

enum class Extent { shown, whole };

// What is read at a time is bounded by its bytes. Whole events come as they were read: one of them
// may be as large as a payload. Others are shortened one by one, until there are enough.
Json history_page(store::ReadModel& reads, RunId run, std::uint64_t after, std::size_t limit,
                  Extent extent) {
    Json items = Json::array();
    bool more = true;
    while (more && items.size() < limit) {
        auto const wanted = limit - items.size();
        auto events = reads.history(run, after, wanted);
        more = shell::may_have_more(events, wanted);
        for (auto& event : events) {
            after = event.sequence;
            auto shown = extent == Extent::shown ? shortened(std::move(event))
                                                 : Shortened{std::move(event), Json::array()};
            items.push_back(event_json(shown.event));
            items.back()["shortened"] = std::move(shown.cuts);
        }
        if (extent == Extent::whole) break;
    }
    return {{"items", std::move(items)}, {"next", more ? Json(after) : Json()}};
}

}  // namespace

void Api::get_run(net::ServerRequest const& request, Parameters const& parameters,
                  net::Responder const& responder) {
    // The `stepsFrom` of an earlier answer; nothing is before the first fact.
    auto const before = read_number(request.query, {"before", 2, last_sequence, last_sequence});
    if (!before) return responder.respond(answer(malformed(before.diagnostics())));
    auto const id = RunId::parse(parameters[0]);
    auto reading = id ? read_run(surface_.reads, *id, *before) : std::nullopt;
    if (!reading) return responder.respond(answer(not_found("run " + parameters[0])));
    auto cuts = Json::array();
    if (auto& state = reading->state) {
        cuts = shorten(state->started.input, "/input");
        for (auto& cut : shorten(state->output, "/output")) cuts.push_back(std::move(cut));
    }
    auto json = run_json(*reading, surface_.kind_of);
    json["shortened"] = std::move(cuts);
    json["causes"] = causes_json(
        causes_of(*reading, owner_of(surface_.reads, reading->row), surface_.clock.now()));
    responder.respond(answer(200, std::move(json)));
}

void Api::get_history(net::ServerRequest const& request, Parameters const& parameters,
                      net::Responder const& responder) {
    auto const id = RunId::parse(parameters[0]);
    if (!id || !surface_.reads.run(*id))
        return responder.respond(answer(not_found("run " + parameters[0])));
    auto const limit = read_limit(request.query);
    auto const after = read_number(request.query, {"after", 0, last_sequence, 0});
    if (!limit || !after)
        return responder.respond(answer(malformed((limit ? after : limit).diagnostics())));
    auto const extent = request.query.find("extent").value_or("shown");
    if (extent != "shown" && extent != "whole")
        return responder.respond(answer(malformed("`extent` is shown or whole.")));
    responder.respond(answer(200, history_page(surface_.reads, *id, *after, *limit,
                                               extent == "whole" ? Extent::whole : Extent::shown)));
}

void Api::cancel_run(net::ServerRequest const& request, Parameters const& parameters,
                     net::Responder const& responder) {
    tell_run(request, parameters, responder, CancelRun{});
}

void Api::pause_run(net::ServerRequest const& request, Parameters const& parameters,
                    net::Responder const& responder) {
    tell_run(request, parameters, responder, PauseRun{});
}

void Api::resume_run(net::ServerRequest const& request, Parameters const& parameters,
                     net::Responder const& responder) {
    tell_run(request, parameters, responder, ResumeRun{});
}

template <class Content>
void Api::tell_run(net::ServerRequest const& request, Parameters const& parameters,
                   net::Responder const& responder, Content content) {
    auto const id = RunId::parse(parameters[0]);
    if (!id || !surface_.reads.run(*id))
        return responder.respond(answer(not_found("run " + parameters[0])));
    auto const body = read_body(request.body, {"reason", "by"}, {});
    if (!body || !(*body)["reason"].is_string() || !(*body)["by"].is_string())
        return responder.respond(answer(malformed("`reason` and `by` must be texts.")));
    content.by = body->at("by");
    content.reason = body->at("reason");
    submit({message_id(), *id, std::move(content)}, responder, {is_taken, is_taken, is_taken});
}

void Api::signal_run(net::ServerRequest const& request, Parameters const& parameters,
                     net::Responder const& responder) {
    auto const id = RunId::parse(parameters[0]);
    if (!id || !surface_.reads.run(*id))
        return responder.respond(answer(not_found("run " + parameters[0])));
    auto const body = read_body(request.body, {"name", "payload", "by"}, {});
    if (!body || !(*body)["name"].is_string() || !(*body)["by"].is_string())
        return responder.respond(
            answer(malformed("`name` and `by` must be texts, and `payload` any JSON.")));
    submit({message_id(), *id, SendSignal{body->at("name"), body->at("payload"), body->at("by")}},
           responder, {is_taken, is_taken, is_taken});
}

}  // namespace resolute::console
