#include "engine/message.h"

#include "engine/exported_history.h"
#include "engine/names.h"

namespace resolute {
namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};

Json parent_json(std::optional<ParentStep> const& parent) {
    if (!parent) return nullptr;
    return {{"run", to_string(parent->run)},
            {"step", parent->step.path},
            {"depth", parent->depth},
            {"detached", parent->detached}};
}

Json takeovers_json(std::vector<Takeover> const& takeovers) {
    auto all = Json::array();
    for (auto const& one : takeovers)
        all.push_back({{"sequence", one.sequence}, {"at", to_string(one.at)}});
    return all;
}

Json fork_json(StartRun const& start) {
    if (!start.forked) return nullptr;
    std::string lines;
    for (auto const& event : start.shared) lines += exported(event) + "\n";
    return {{"run", to_string(start.forked->run)},
            {"sequence", start.forked->sequence},
            {"takeovers", takeovers_json(start.forked->takeovers)},
            {"edited", start.forked->edited},
            {"shared", std::move(lines)}};
}

Json content_json(Message const& message) {
    return std::visit(Overloaded{[](StartRun const& m) -> Json {
                                     return {{"parent", parent_json(m.parent)},
                                             {"fork", fork_json(m)},
                                             {"kind", "start"},
                                             {"workflow", m.workflow.name},
                                             {"version", m.workflow.version},
                                             {"digest", to_string(m.workflow.digest)},
                                             {"tenant", m.tenant},
                                             {"case", m.case_id},
                                             {"input", m.input.json()},
                                             {"startedBy", m.started_by}};
                                 },
                                 [](SendSignal const& m) -> Json {
                                     return {{"kind", "signal"},
                                             {"name", m.name},
                                             {"content", m.content.json()},
                                             {"by", m.by}};
                                 },
                                 [](CancelRun const& m) -> Json {
                                     return {
                                         {"kind", "cancel"}, {"by", m.by}, {"reason", m.reason}};
                                 },
                                 [](EndChild const& m) -> Json {
                                     return {{"kind", "child_ended"},
                                             {"child", to_string(m.child)},
                                             {"how", name(m.how)},
                                             {"output", m.output.json()},
                                             {"error", m.error ? to_json(*m.error) : Json()}};
                                 },
                                 [](OfferEvent const& m) -> Json {
                                     return {{"kind", "event"},
                                             {"step", m.step.path},
                                             {"slot", m.slot},
                                             {"position", m.position},
                                             {"event", m.event.json()}};
                                 },
                                 [](PauseRun const& m) -> Json {
                                     return {{"kind", "pause"}, {"by", m.by}, {"reason", m.reason}};
                                 },
                                 [](ResumeRun const& m) -> Json {
                                     return {
                                         {"kind", "resume"}, {"by", m.by}, {"reason", m.reason}};
                                 },
                                 [](MigrateRun const& m) -> Json {
                                     return {{"kind", "migrate"},
                                             {"workflow", m.workflow.name},
                                             {"version", m.workflow.version},
                                             {"digest", to_string(m.workflow.digest)},
                                             {"sequence", m.sequence},
                                             {"by", m.by},
                                             {"reason", m.reason}};
                                 },
                                 [](DecideApproval const& m) -> Json {
                                     return {{"kind", "decide"},
                                             {"approval", to_string(m.approval)},
                                             {"decisionId", m.decision_id},
                                             {"decision", m.decision},
                                             {"by", m.by},
                                             {"digest", to_string(m.digest)},
                                             {"comment", m.comment},
                                             {"form", m.form.json()},
                                             {"groups", m.groups}};
                                 }},
                      message.content);
}

template <class T>
T required(std::optional<T> value, char const* member) {
    if (!value) throw std::invalid_argument(std::string("member `") + member + "` is malformed");
    return *value;
}

std::string text(Json const& json, char const* member) {
    return json.at(member).get<std::string>();
}

std::optional<ParentStep> read_parent(Json const& json) {
    auto const found = json.find("parent");
    if (found == json.end() || found->is_null()) return std::nullopt;
    return ParentStep{required(RunId::parse(text(*found, "run")), "run"),
                      StepId{text(*found, "step")}, found->at("depth").get<int>(),
                      found->at("detached").get<bool>()};
}

std::optional<Failure> read_failure(Json const& json) {
    if (json.is_null()) return std::nullopt;
    auto member = [&](char const* key) { return json.value(key, std::string()); };
    return Failure{text(json, "type"), json.at("status").get<int>(), member("title"),
                   member("detail"),   member("instance"),           member("code")};
}

std::vector<Takeover> read_takeovers(Json const& fork) {
    std::vector<Takeover> takeovers;
    for (auto const& json : fork.value("takeovers", Json::array()))
        takeovers.push_back({json.at("sequence").get<std::uint64_t>(),
                             parse_timestamp(text(json, "at")).value()});
    return takeovers;
}

// Of an older process there is none.
void read_fork(Json const& json, StartRun& start) {
    auto const found = json.find("fork");
    if (found == json.end() || found->is_null()) return;
    start.forked = ForkPoint{required(RunId::parse(text(*found, "run")), "fork"),
                             found->at("sequence").get<std::uint64_t>(),
                             read_takeovers(*found),
                             found->value("edited", std::vector<std::string>())};
    start.shared = read_exported(text(*found, "shared")).value();
}

WorkflowRef read_workflow(Json const& json) {
    return {text(json, "workflow"), text(json, "version"),
            required(parse_digest(text(json, "digest")), "digest")};
}

Message read(Json const& json) {
    Message message;
    message.id = required(MessageId::parse(text(json, "id")), "id");
    message.run = required(RunId::parse(text(json, "run")), "run");
    auto const kind = text(json, "kind");
    if (kind == "start") {
        StartRun start{read_workflow(json), text(json, "tenant"),    text(json, "case"),
                       json.at("input"),    text(json, "startedBy"), read_parent(json)};
        read_fork(json, start);
        message.content = std::move(start);
    } else if (kind == "signal") {
        message.content = SendSignal{text(json, "name"), json.at("content"), text(json, "by")};
    } else if (kind == "cancel") {
        message.content = CancelRun{text(json, "by"), text(json, "reason")};
    } else if (kind == "child_ended") {
        message.content = EndChild{required(RunId::parse(text(json, "child")), "child"),
                                   required(parse_name<ChildEnd>(text(json, "how")), "how"),
                                   json.at("output"), read_failure(json.at("error"))};
    } else if (kind == "event") {
        message.content = OfferEvent{StepId{text(json, "step")}, json.at("slot").get<int>(),
                                     text(json, "position"), json.at("event")};
    } else if (kind == "pause") {
        message.content = PauseRun{text(json, "by"), text(json, "reason")};
    } else if (kind == "resume") {
        message.content = ResumeRun{text(json, "by"), text(json, "reason")};
    } else if (kind == "migrate") {
        message.content = MigrateRun{read_workflow(json), json.at("sequence").get<std::uint64_t>(),
                                     text(json, "by"), text(json, "reason")};
    } else if (kind == "decide") {
        message.content =
            DecideApproval{required(ApprovalId::parse(text(json, "approval")), "approval"),
                           text(json, "decisionId"),
                           text(json, "decision"),
                           text(json, "by"),
                           required(parse_digest(text(json, "digest")), "digest"),
                           text(json, "comment"),
                           json.at("form"),
                           json.value("groups", std::vector<std::string>())};
    } else {
        throw std::invalid_argument("`" + kind + "` is no kind of message");
    }
    return message;
}

}  // namespace

Failure not_taken(std::string detail, std::string code) {
    auto why = communication_failure(std::move(detail), std::move(code));
    why.status = 503;
    return why;
}

Json to_json(Message const& message) {
    auto json = content_json(message);
    json["id"] = to_string(message.id);
    json["run"] = to_string(message.run);
    return json;
}

Result<Message> message_from_json(Json const& json) {
    try {
        return read(json);
    } catch (std::exception const& error) {
        return Diagnostic{.code = "malformed_message",
                          .message = std::string("The message cannot be read: ") + error.what()};
    }
}

}  // namespace resolute
