#include "workflow/arguments.h"

#include <algorithm>
#include <set>

#include "workflow/position.h"

namespace resolute::workflow {
namespace {

constexpr std::string_view name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

// The members that the text reads of `$variable`, when every mention is followed by `.name`.
std::optional<std::vector<std::string>> members_read(std::string_view text,
                                                     std::string const& variable) {
    std::vector<std::string> members;
    auto const sign = "$" + variable;
    for (auto at = text.find(sign); at != std::string_view::npos; at = text.find(sign, at + 1)) {
        auto rest = text.substr(at + sign.size());
        if (!rest.empty() && name_characters.find(rest.front()) != std::string_view::npos)
            continue;  // a longer name
        if (rest.size() < 2 || rest[0] != '.' ||
            name_characters.find(rest[1]) == std::string_view::npos)
            return std::nullopt;
        rest.remove_prefix(1);
        members.emplace_back(rest.substr(0, rest.find_first_not_of(name_characters)));
    }
    return members;
}

Json moment(Timestamp at) {
    return {
        {"iso8601", to_string(at)},
        {"epoch",
         {{"seconds", at.microseconds / 1'000'000}, {"milliseconds", at.microseconds / 1'000}}}};
}

Json runtime() {
    return {{"name", "resolute"}, {"version", RESOLUTE_VERSION}, {"metadata", Json::object()}};
}

}  // namespace

bool Mention::wants(std::string_view member) const {
    return !members || std::ranges::find(*members, member) != members->end();
}

std::vector<Mention> mentions_of(Expression const& expression) {
    std::vector<Mention> all;
    for (auto const& name : expression.mentions())
        all.push_back({name, members_read(expression.text(), name)});
    return all;
}

void Arguments::set_input(Payload input) {
    current_ = input;
    input_ = std::move(input);
}

void Arguments::set_output(Payload output) {
    current_ = output;
    if (!raw_output_) raw_output_ = output;
    output_ = std::move(output);
}

void Arguments::set_error(std::string name, Json error) {
    error_name_ = std::move(name);
    error_ = std::move(error);
}

Scope const& Arguments::scope(std::vector<Mention> const& mentions) {
    scope_.input = &current_.json();
    scope_.variables.clear();
    kept_.clear();
    for (auto const& mention : mentions)
        if (auto const* value = find(mention))
            scope_.variables.push_back({mention.variable, value});
    return scope_;
}

Json const* Arguments::keep(Json value) {
    kept_.push_back(std::make_unique<Json const>(std::move(value)));
    return kept_.back().get();
}

Json const* Arguments::find(Mention const& mention) {
    auto const& name = mention.variable;
    if (name == error_name_ && !name.empty()) return &error_;
    if (name == "context") return &place_.run.context.json();
    if (name == "input") return &input_.json();
    if (name == "output") return output_ ? &output_->json() : nullptr;
    if (name == "tasks") return keep(tasks(mention));
    if (name == "task") return keep(task(mention));
    if (name == "workflow") return keep(workflow(mention));
    if (name == "runtime") return keep(runtime());
    return find_in_frames(name);
}

// Loop variables and caught errors, the innermost first. A loop step sees its own; so does a `try`.
Json const* Arguments::find_in_frames(std::string const& name) {
    auto id = place_.id;
    for (auto const* step = place_.step; step; step = step->around, id = parent_of(id)) {
        auto const found = place_.run.frames.find(id);
        if (found == place_.run.frames.end()) continue;
        auto const position = position_of(found->second);
        if (auto const* loop = std::get_if<For>(&step->what)) {
            if (name == loop->at) return keep(position.turn);
            if (name == loop->each)
                return &found->second.first_state.json().at("items").at(
                    static_cast<std::size_t>(position.turn));
        }
        auto const* listen = std::get_if<Listen>(&step->what);
        if (listen && listen->each && position.handling) {
            if (name == listen->each->at) return keep(position.turn);
            if (name == listen->each->item)
                return keep(listen->read(place_.run.listening.at(id).heard.back().event).json());
        }
        auto const* guarded = std::get_if<Try>(&step->what);
        if (guarded && position.handling && name == guarded->as) return keep(position.error);
    }
    return nullptr;
}

// Of the frames around, the innermost first; branches of a fork do not see each other.
Json Arguments::tasks(Mention const& mention) const {
    Json all = Json::object();
    if (!place_.run.frames.contains(StepId{})) return all;
    auto id = place_.id;
    while (true) {
        auto const found = place_.run.frames.find(id);
        if (found != place_.run.frames.end() && found->second.kind == FrameKind::sequence)
            for (auto const& [name, output] : found->second.tasks)
                if (mention.wants(name) && !all.contains(name)) all[name] = output.json();
        if (id.path.empty()) return all;
        id = parent_of(id);
    }
}

Timestamp Arguments::started() const {
    if (!place_.step) return place_.run.started_at;
    if (auto const frame = place_.run.frames.find(place_.id); frame != place_.run.frames.end())
        return frame->second.entered;
    auto const found = place_.run.step_started.find(place_.id);
    return found == place_.run.step_started.end() ? place_.now : found->second;
}

Json Arguments::task(Mention const& mention) const {
    Json task = Json::object();
    if (!place_.step) return task;
    // Steps of an extension speak of the one that they stand around, and see how it is written.
    auto const& step = place_.step->extends ? *place_.step->extends : *place_.step;
    task["name"] = step.name;
    task["reference"] = step.node;
    task["startedAt"] = moment(started());
    if (mention.wants("definition")) task["definition"] = place_.definition.definition_of(step);
    if (mention.wants("input")) task["input"] = raw_input_.json();
    if (raw_output_ && mention.wants("output")) task["output"] = raw_output_->json();
    if (!place_.step->extends) return task;
    for (auto const& [key, written] : place_.definition.definition_of(step).items())
        if (key != "input" && key != "output" && mention.wants(key)) task.emplace(key, written);
    return task;
}

Json Arguments::workflow(Mention const& mention) const {
    Json workflow{{"id", to_string(place_.run.id)}, {"startedAt", moment(place_.run.started_at)}};
    if (mention.wants("definition")) workflow["definition"] = place_.definition.document;
    if (mention.wants("input")) workflow["input"] = place_.run.started.input.json();
    return workflow;
}

}  // namespace resolute::workflow
