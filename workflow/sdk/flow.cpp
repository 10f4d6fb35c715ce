#include "workflow/sdk/flow.h"

#include "base/digest.h"
#include "workflow/sdk/instance.h"

namespace resolute::sdk {
namespace detail {

StepEnd take_end(Operation& operation) {
    auto end = *std::move(operation.outcome);
    operation.scope->operations.erase(operation.self);
    return end;
}

Payload value_of(StepId const& step, StepEnd const& end) {
    if (!end.error) return end.output;
    if (is_cancelled(*end.error)) throw Cancelled();
    throw StepError(step, *end.error);
}

void throw_wrong_answer(StepId const& step, char const* what) {
    throw StepError(step, validation_failure(std::string("Its answer has another shape: ") + what,
                                             codes::schema_violation));
}

}  // namespace detail

namespace {

Json list_or_absent(std::vector<std::string> const& names) {
    return names.empty() ? Json() : Json(names);
}

Json to_path(std::string const& path) {
    auto parts = Json::array();
    std::size_t begin = 0;
    while (begin <= path.size()) {
        auto const end = std::min(path.find('.', begin), path.size());
        parts.push_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

Asking call_of(std::string const& kind, Json request, CallOptions const& options, Timestamp now) {
    Payload const asked(std::move(request));
    Asking asking{kind, asked, {}};
    if (options.timeout) asking.begin.push_back(SetDeadline{{}, now + *options.timeout});
    asking.begin.push_back(CallActivity{{}, kind, asked, options.idempotency_key, options.timeout});
    return asking;
}

}  // namespace

Timestamp Flow::now() const { return scope_.instance.now(); }
RunId Flow::run() const { return scope_.instance.run(); }
std::string const& Flow::case_id() const { return scope_.instance.started().case_id; }

// Chance that needs no chance: it hangs on the run's salt and on the place where it is drawn.
std::uint64_t Flow::random() {
    auto const digest = sha256({scope_.instance.started().salt, "|", scope_.frame.path, "|random|",
                                std::to_string(scope_.drawn++)});
    std::uint64_t drawn = 0;
    for (std::size_t i = 0; i < 8; ++i) drawn = (drawn << 8) | digest.bytes[i];
    return drawn;
}

Operation& Flow::begin_step(std::string_view name, Asking asking) {
    return scope_.instance.ask(scope_, name, std::move(asking));
}

Operation& Flow::begin_block(std::string_view name, Body body, std::optional<Duration> timeout,
                             bool sealed) {
    Asking asking{"frame", {}, {}};
    auto const kind = sealed ? FrameKind::sealed : FrameKind::sequence;
    asking.begin.push_back(EnterStep{{}, kind, {}, {}});
    if (timeout) asking.begin.push_back(SetDeadline{{}, now() + *timeout});
    return scope_.instance.ask_block(scope_, name, std::move(asking), std::move(body), sealed);
}

Operation& Flow::begin_fork(std::string_view name, std::vector<BranchPlan> branches, bool race) {
    if (branches.empty()) throw std::logic_error("A fork has one branch at least.");
    return scope_.instance.ask_fork(scope_, name, std::move(branches), race);
}

Pending<void> Flow::wait_for_timer(std::string_view name, Timestamp due, bool fixed) {
    return begin<void>(name, {"wait", {}, {StartTimer{{}, due, fixed}}});
}

Pending<Json> Flow::emit(std::string_view name, Json const& event) {
    Json full{{"specversion", "1.0"},
              {"id", to_string(sha256({scope_.instance.started().salt, "|", scope_.frame.path,
                                       "|event|", std::to_string(scope_.asked)}))
                         .substr(0, 32)},
              {"time", to_string(now())}};
    full.update(event);
    for (auto const* attribute : {"id", "source", "type"})
        if (!full.contains(attribute) || !full[attribute].is_string() ||
            full[attribute].get_ref<std::string const&>().empty())
            throw std::invalid_argument(std::string("`") + attribute +
                                        "` of an event must be text that is not empty.");
    Payload const content(std::move(full));
    return begin<Json>(name,
                       {"", content, {EmitEvent{{}, content}, CompleteStep{{}, content, {}, {}}}});
}

Asking Flow::recorded(Json value) {
    Payload const content(std::move(value));
    return {"", content, {CompleteStep{{}, content, {}, {}}}};
}

Asking Flow::tool_call(std::string_view tool, Json arguments, CallOptions const& options) const {
    Json request{{"tool", tool}};
    request["arguments"] = std::move(arguments);
    return call_of("tool", std::move(request), options, now());
}

Asking Flow::activity_call(std::string_view activity, Json input,
                           CallOptions const& options) const {
    Json request{{"activity", activity}};
    request["input"] = std::move(input);
    return call_of("activity", std::move(request), options, now());
}

Asking Flow::model_call(Question const& question, Json schema) const {
    Json request{{"model", question.model}, {"instructions", question.instructions}};
    request["input"] = question.input;
    if (!schema.empty()) request["output"] = std::move(schema);
    if (question.tokens > 0) request["limits"] = Json{{"tokens", question.tokens}};
    if (!question.fallback.empty()) request["fallback"] = question.fallback;
    return call_of("model", std::move(request), {}, now());
}

Asking Flow::memory_call(Json const& request) {
    return {"memory", request, {CallActivity{{}, "memory", request, {}, {}}}};
}

Asking Flow::approval(Review const& question) {
    Json card{{"sentence", question.sentence}};
    Json to = Json::object();
    if (auto groups = list_or_absent(question.groups); !groups.is_null()) to["groups"] = groups;
    if (auto users = list_or_absent(question.users); !users.is_null()) to["users"] = users;
    if (!to.empty()) card["to"] = to;
    if (!question.show.is_null()) card["show"] = question.show;
    Payload const shown(std::move(card));
    AskPerson ask{.step = {},
                  .card = shown,
                  .choices = question.choices,
                  .not_by = question.not_by,
                  .quorum = question.quorum,
                  .expires_after = question.expires_after};
    return {"approval", shown, {std::move(ask)}, question.decision_when_expired};
}

Asking Flow::child(std::string_view workflow, Json input, ChildOptions const& options) {
    std::string const name(workflow);
    return {"run",
            Payload(Json(name)),
            {StartChild{{}, name, options.version, Payload(std::move(input)), false}}};
}

Asking Flow::detached_child(std::string_view workflow, Json input, ChildOptions const& options) {
    std::string const name(workflow);
    return {
        "",
        {},
        {StartChild{{}, name, options.version, Payload(std::move(input)), true}, CompleteStep{}}};
}

Asking Flow::awaited_signal(std::string_view signal) {
    std::string const name(signal);
    return {"signal", Payload(Json(name)), {AwaitSignal{{}, name}}};
}

Asking Flow::awaited_event(EventWanted const& wanted) {
    auto equals = Json::array();
    for (auto const& [path, value] : wanted.equals)
        equals.push_back(Json::array({to_path(path), value}));
    Json filter{{"slot", 0}, {"type", wanted.type}};
    filter["equals"] = std::move(equals);
    Payload const filters(Json::array({std::move(filter)}));
    return {"event", filters, {AwaitEvents{{}, filters}}};
}

}  // namespace resolute::sdk
