#include "workflow/functions.h"

#include <algorithm>

#include "base/spelling.h"

namespace resolute::workflow {
namespace {

constexpr std::int64_t most_tokens = 10'000'000;
constexpr std::int64_t most_items = 1'000;
constexpr std::int64_t most_signatures = 20;

using Members = std::map<std::string, Template>;

// A name that has to be known when the document is loaded.
std::string read_target(Reading& reading, Fields& with, std::string_view key, Call& call) {
    auto const* node = with.require(key);
    if (!node) return {};
    call.target_place = place_of(*node);
    auto name = read_text(*node, "`" + std::string(key) + "`", reading.problems);
    if (!name) return {};
    if (name->empty() || name->find("${") != std::string::npos) {
        reading.problems.error(*node, codes::invalid_value,
                               "`" + std::string(key) + "` must be a name, not an expression.",
                               "Write one step for each, and choose with a `switch`.");
        return {};
    }
    return *name;
}

void take(Reading& reading, Fields& with, Members& members, std::string const& key, bool required) {
    if (auto const* node = required ? with.require(key) : with.find(key))
        members.emplace(key, read_template(reading, *node));
}

std::optional<std::string> read_choice(Reading& reading, Fields& with, std::string const& key,
                                       std::vector<std::string> const& allowed) {
    auto const* node = with.require(key);
    if (!node) return std::nullopt;
    auto text = read_text(*node, "`" + key + "`", reading.problems);
    if (!text || std::find(allowed.begin(), allowed.end(), *text) != allowed.end()) return text;
    std::string list;
    for (auto const& word : allowed) list += (list.empty() ? "" : ", ") + word;
    auto const near = did_you_mean(*text, allowed);
    reading.problems.error(*node, codes::invalid_value, "`" + key + "` is one of " + list + ".",
                           near.empty() ? "" : near.substr(1));
    return std::nullopt;
}

// `{tool, arguments}`: the arguments are an expression that waits until the output is there.
Compensation read_compensation(Reading& reading, Node const& node) {
    Compensation compensation;
    Fields fields(node, "`compensate`", reading.problems);
    Call target;
    compensation.tool = read_target(reading, fields, "tool", target);
    compensation.place = target.target_place;
    if (auto const* arguments = fields.require("arguments")) {
        bool const waits = arguments->is(Node::Kind::text) && !arguments->text().starts_with("${");
        if (!waits)
            reading.problems.error(*arguments, codes::wrong_type,
                                   "`arguments` of `compensate` are computed after the call, from "
                                   "its output.",
                                   "Write an expression without `${ }`: '{ id: $output.id }'.");
        else
            compensation.arguments =
                read_template(reading, *arguments, {.text = Text::bare, .with_output = true});
    }
    fields.finish();
    return compensation;
}

}  // namespace

Call read_tool(Reading& reading, Fields& with) {
    Call call;
    Members members;
    call.target = read_target(reading, with, "tool", call);
    for (std::string const built_in : {"http", "openapi", "run", "mcp", "a2a"})
        if (call.target.starts_with(built_in + "."))
            reading.problems.error(call.target_place, codes::invalid_value,
                                   "`" + call.target + "` is built in and has a call of its own.",
                                   built_in == "run" ? "Use `run: shell` or `run: script`."
                                                     : "Use `call: " + built_in + "`.");
    members.emplace("tool", constant(call.target));
    if (auto const* arguments = with.find("arguments")) {
        if (!arguments->is(Node::Kind::map) && !arguments->is(Node::Kind::text))
            reading.problems.error(*arguments, codes::wrong_type,
                                   "`arguments` must be a map, or an expression in `${ }`.");
        members.emplace("arguments", read_template(reading, *arguments));
    } else {
        members.emplace("arguments", Template(Payload(Json::object())));
    }
    if (auto const* key = with.find("idempotencyKey")) call.key = read_template(reading, *key);
    if (auto const* compensate = with.find("compensate"))
        call.compensate = read_compensation(reading, *compensate);
    if (auto const* verify = with.member("verify"))
        reading.problems.unsupported(place_of(*verify), "`verify` in a workflow",
                                     "Declare it in the tool's contract.");
    call.request = Template::map(std::move(members));
    return call;
}

Call read_model(Reading& reading, Fields& with) {
    Call call;
    Members members;
    call.target = read_target(reading, with, "model", call);
    members.emplace("model", constant(call.target));
    take(reading, with, members, "instructions", true);
    take(reading, with, members, "input", false);
    members.try_emplace("input", Template::current());
    if (auto const* output = with.find("output"); output && read_schema(reading, *output))
        members.emplace("output", Template(Payload(to_json(*output))));
    if (auto const* limits = with.find("limits")) {
        Fields fields(*limits, "`limits`", reading.problems);
        if (auto tokens = fields.whole("tokens", 1, most_tokens))
            members.emplace("limits", Template(Payload(Json{{"tokens", *tokens}})));
        if (auto const* cost = fields.member("cost"))
            reading.problems.unsupported(place_of(*cost), "`cost` of a model call",
                                         "Limit `tokens`.");
        fields.finish();
    }
    if (auto fallback = with.text("fallback")) {
        call.fallbacks.push_back(*fallback);
        members.emplace("fallback", constant(*fallback));
    }
    call.request = Template::map(std::move(members));
    return call;
}

Call read_policy(Reading& reading, Fields& with) {
    Call call;
    Members members;
    call.target = read_target(reading, with, "policy", call);
    members.emplace("policy", constant(call.target));
    take(reading, with, members, "input", false);
    members.try_emplace("input", Template::current());
    call.request = Template::map(std::move(members));
    return call;
}

Call read_memory(Reading& reading, Fields& with) {
    Members members;
    auto const op =
        read_choice(reading, with, "op", {"recall", "remember", "forget"}).value_or("recall");
    members.emplace("op", constant(op));
    for (auto const* key : {"scope", "subject"}) take(reading, with, members, key, true);
    take(reading, with, members, "key", op == "remember");
    if (op == "remember") {
        take(reading, with, members, "source", false);
        take(reading, with, members, "value", true);
    }
    if (op == "recall") {
        take(reading, with, members, "query", false);
        if (auto limit = with.whole("limit", 1, most_items))
            members.emplace("limit", Template(Payload(Json(*limit))));
    }
    Call call;
    call.request = Template::map(std::move(members));
    return call;
}

Call read_case(Reading& reading, Fields& with) {
    Members members;
    auto const op =
        read_choice(reading, with, "op", {"open", "assign", "note", "close"}).value_or("open");
    members.emplace("op", constant(op));
    take(reading, with, members, "case", false);
    if (op == "open") take(reading, with, members, "title", false);
    if (op == "open" || op == "assign") take(reading, with, members, "assignee", op == "assign");
    if (op == "note") take(reading, with, members, "note", true);
    if (op == "close") take(reading, with, members, "resolution", false);
    if (op != "assign") take(reading, with, members, "facts", false);
    Call call;
    call.request = Template::map(std::move(members));
    return call;
}

namespace {

// One stage: after a while the engine decides by itself. Escalation to others is not there yet.
void read_due(Reading& reading, Node const& node, Ask& ask) {
    if (!expect(node, Node::Kind::list, "`due`", reading.problems)) return;
    if (node.items.size() > 1)
        reading.problems.unsupported(place_of(node.items[1]), "A second stage of `due`",
                                     "Keep one.");
    if (node.items.empty()) return;
    Fields stage(node.items.front(), "A stage of `due`", reading.problems);
    if (auto const* after = stage.require("after"))
        ask.expires_after = read_duration(reading, *after);
    if (auto const* to = stage.member("to"))
        reading.problems.unsupported(place_of(*to), "Escalation in `due`", "Use `decide`.");
    if (auto decision = stage.text("decide")) {
        ask.decision_when_expired = *decision;
        if (std::find(ask.choices.begin(), ask.choices.end(), *decision) == ask.choices.end())
            reading.problems.error(*stage.find("decide"), codes::invalid_value,
                                   "`" + *decision + "` is not one of the choices.");
    }
    stage.finish();
}

void read_choices(Reading& reading, Node const& node, Ask& ask) {
    if (!expect(node, Node::Kind::list, "`choices`", reading.problems)) return;
    ask.choices.clear();
    for (auto const& item : node.items) {
        auto choice = read_text(item, "A choice", reading.problems);
        if (!choice) continue;
        if (choice->empty() ||
            std::find(ask.choices.begin(), ask.choices.end(), *choice) != ask.choices.end())
            reading.problems.error(item, codes::duplicate_name,
                                   "Every choice needs a name of its own.");
        else
            ask.choices.push_back(std::move(*choice));
    }
    if (node.items.empty())
        reading.problems.error(node, codes::invalid_value, "`choices` is empty.",
                               "List what people can decide.");
}

}  // namespace

Ask read_approval(Reading& reading, Fields& with) {
    Ask ask;
    Members card;
    ask.choices = {"approve", "reject"};
    if (auto const* title = with.require("title"))
        card.emplace("sentence", read_template(reading, *title));
    if (auto const* to = with.find("to")) {
        Fields fields(*to, "`to`", reading.problems);
        Members whom;
        for (auto const* key : {"groups", "users"}) take(reading, fields, whom, key, false);
        fields.finish();
        card.emplace("to", Template::map(std::move(whom)));
    }
    take(reading, with, card, "show", false);
    if (auto const* form = with.find("form"); form && read_schema(reading, *form))
        card.emplace("form", Template(Payload(to_json(*form))));
    if (auto const* choices = with.find("choices")) read_choices(reading, *choices, ask);
    if (auto const* not_by = with.find("notBy")) ask.not_by = read_template(reading, *not_by);
    ask.quorum = static_cast<int>(with.whole("quorum", 1, most_signatures).value_or(1));
    if (auto const* due = with.find("due")) read_due(reading, *due, ask);
    ask.card = Template::map(std::move(card));
    return ask;
}

Wait read_timer(Reading& reading, Fields& with) {
    Wait wait;
    if (auto const* calendar = with.member("calendar"))
        reading.problems.unsupported(place_of(*calendar), "`calendar` of a timer",
                                     "Compute the moment in a tool.");
    auto const* until = with.require("until");
    if (!until) return wait;
    wait.until = read_template(reading, *until);
    auto const* literal = wait.until->literal();
    bool const is_moment = !literal || (literal->json().is_string() &&
                                        parse_timestamp(literal->json().get<std::string>()));
    if (!is_moment)
        reading.problems.error(*until, codes::invalid_value, "`until` must be a moment.",
                               "Write one such as 2026-03-01T09:30:00Z, or an expression.");
    return wait;
}

}  // namespace resolute::workflow
