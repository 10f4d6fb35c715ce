// How steps start and end: conditions, the shaping of data, and what each kind of step asks for.
#include "workflow/deciding.h"
#include "workflow/duration.h"

namespace resolute::workflow {
namespace {

Timestamp moment_of(Template const& value, Arguments& arguments) {
    auto const moment = value.evaluate(arguments);
    if (moment.json().is_string())
        if (auto at = parse_timestamp(moment.json().get_ref<std::string const&>())) return *at;
    throw Fault{expression_failure("`until` must be a moment such as 2026-03-01T09:30:00Z.",
                                   codes::invalid_value)};
}

Failure raised(Raise const& what, Arguments& arguments) {
    Failure error;
    auto text = [&](char const* member) -> std::string {
        auto const found = what.error.find(member);
        if (found == what.error.end()) return {};
        auto const value = found->second.evaluate(arguments);
        if (value.json().is_string()) return value.json().get<std::string>();
        throw Fault{expression_failure(std::string("`") + member + "` of an error must be text.",
                                       codes::wrong_type)};
    };
    auto const status = what.error.at("status").evaluate(arguments);
    if (!status.json().is_number_integer())
        throw Fault{
            expression_failure("`status` of an error must be a whole number.", codes::wrong_type)};
    error.type = text("type");
    error.status = status.json().get<int>();
    error.title = text("title");
    error.detail = text("detail");
    error.instance = text("instance");
    return error;
}

bool takes_time(Command const& last) {
    return !std::holds_alternative<CompleteStep>(last) && !std::holds_alternative<FailStep>(last);
}

std::vector<std::string> names_in(Json const& list, std::string const& what) {
    bool const fits = list.is_array() &&
                      std::ranges::all_of(list, [](Json const& name) { return name.is_string(); });
    if (!fits)
        throw Fault{
            expression_failure("`" + what + "` must be a list of names.", codes::wrong_type)};
    return list.get<std::vector<std::string>>();
}

// Who may answer is enforced by what the card says, so it must say it well.
void check_audience(Json const& card) {
    auto const to = card.find("to");
    if (to == card.end()) return;
    for (auto const* kind : {"users", "groups"})
        if (to->contains(kind)) names_in(to->at(kind), std::string("to.") + kind);
}

}  // namespace

Duration duration_of(Template const& value, Arguments& arguments) {
    auto duration = duration_from(value.evaluate(arguments).json());
    if (duration) return *duration;
    throw Fault{expression_failure(duration.diagnostics().front().message, codes::invalid_value)};
}

Payload Deciding::input_of(Spot const& spot) const {
    auto const& around = run_.frames.at(parent_of(spot.id));
    return around.kind == FrameKind::parallel ? around.input : around.flow;
}

Arguments Deciding::arguments_of(Spot const& spot) const {
    return Arguments({definition_, run_, now_, spot.step, spot.id}, input_of(spot));
}

// The input is not stored for steps without a frame: nothing that it depends on changes while the
// step is open.
Arguments Deciding::arguments_inside(Spot const& spot) const {
    auto arguments = arguments_of(spot);
    if (auto const frame = run_.frames.find(spot.id); frame != run_.frames.end())
        arguments.set_input(frame->second.input);
    else if (spot.step->input.shape)
        arguments.set_input(spot.step->input.shape->evaluate(arguments));
    return arguments;
}

void Deciding::fail(Spot const& spot, Failure error) {
    if (error.instance.empty()) error.instance = written_at(*spot.step);
    commands_.push_back(FailStep{spot.id, std::move(error)});
}

void Deciding::start(Spot const& spot) {
    auto arguments = arguments_of(spot);
    try {
        if (spot.step->condition && !spot.step->condition->holds(arguments)) {
            commands_.push_back(SkipStep{spot.id, spot.step->then});
            return;
        }
        arguments.set_input(
            shape_input(spot.step->input, arguments, "The input of `" + spot.step->name + "`"));
        std::optional<Timestamp> due;
        if (spot.step->timeout) due = now_ + duration_of(*spot.step->timeout, arguments);
        auto const before = commands_.size();
        std::visit([&](auto const& what) { run_step(spot, arguments, what); }, spot.step->what);
        if (due && takes_time(commands_.back()))
            commands_.insert(commands_.begin() + static_cast<std::ptrdiff_t>(before),
                             SetDeadline{spot.id, *due});
    } catch (Fault& fault) {
        fail(spot, std::move(fault.error));
    }
}

void Deciding::finish(Spot const& spot, Payload const& result, Directive const& next) {
    try {
        auto arguments = arguments_inside(spot);
        finish(spot, arguments, result, next);
    } catch (Fault& fault) {
        fail(spot, std::move(fault.error));
    }
}

void Deciding::finish(Spot const& spot, Arguments& arguments, Payload const& result,
                      Directive const& next) {
    auto const& step = *spot.step;
    arguments.set_output(result);
    auto output = shape_output(step.output, arguments, "The output of `" + step.name + "`");
    std::optional<Payload> context;
    if (step.exported.shape || step.exported.schema) {
        arguments.set_output(output);
        context = shape_output(step.exported, arguments, "The export of `" + step.name + "`");
    }
    commands_.push_back(CompleteStep{spot.id, std::move(output), std::move(context), next});
}

void Deciding::enter(Spot const& spot, FrameKind kind, Payload const& input, Payload state) {
    commands_.push_back(EnterStep{spot.id, kind, input, std::move(state)});
}

void Deciding::run_step(Spot const& spot, Arguments& arguments, Do const&) {
    enter(spot, FrameKind::sequence, arguments.input(), {});
}

void Deciding::run_step(Spot const& spot, Arguments& arguments, Fork const&) {
    enter(spot, FrameKind::parallel, arguments.input(), {});
}

void Deciding::run_step(Spot const& spot, Arguments& arguments, Try const&) {
    enter(spot, FrameKind::sequence, arguments.input(), {});
}

void Deciding::run_step(Spot const& spot, Arguments& arguments, For const& what) {
    auto const items = what.in.evaluate(arguments);
    if (!items.json().is_array())
        throw Fault{expression_failure(std::string("`in` of a loop must be a list, and it is ") +
                                           items.json().type_name() + ".",
                                       codes::wrong_type)};
    if (items.json().empty()) return finish(spot, arguments, arguments.input(), spot.step->then);
    enter(spot, FrameKind::sequence, arguments.input(), Payload(Json{{"items", items.json()}}));
}

void Deciding::run_step(Spot const& spot, Arguments& arguments, Set const& what) {
    finish(spot, arguments, what.value.evaluate(arguments), spot.step->then);
}

void Deciding::run_step(Spot const& spot, Arguments& arguments, Switch const& what) {
    for (auto const& choice : what.cases)
        if (!choice.when || choice.when->holds(arguments))
            return finish(spot, arguments, arguments.input(), choice.then);
    finish(spot, arguments, arguments.input(), spot.step->then);
}

void Deciding::run_step(Spot const& spot, Arguments& arguments, Raise const& what) {
    fail(spot, raised(what, arguments));
}

void Deciding::run_step(Spot const& spot, Arguments& arguments, Wait const& what) {
    auto const due = what.until ? moment_of(*what.until, arguments)
                                : now_ + duration_of(*what.duration, arguments);
    commands_.push_back(StartTimer{spot.id, due, what.until.has_value()});
}

void Deciding::run_step(Spot const& spot, Arguments& arguments, Call const& what) {
    CallActivity call{.step = spot.id,
                      .kind = what.function,
                      .request = what.request.evaluate(arguments),
                      .key = {},
                      .timeout = {}};
    if (what.key) {
        auto const key = what.key->evaluate(arguments);
        if (!key.json().is_string() || key.json().get_ref<std::string const&>().empty())
            throw Fault{expression_failure("`idempotencyKey` must be text that is not empty.",
                                           codes::wrong_type)};
        call.key = key.json().get<std::string>();
    }
    if (spot.step->timeout) call.timeout = duration_of(*spot.step->timeout, arguments);
    commands_.push_back(std::move(call));
}

void Deciding::run_step(Spot const& spot, Arguments& arguments, Ask const& what) {
    AskPerson ask{.step = spot.id,
                  .card = what.card.evaluate(arguments),
                  .choices = what.choices,
                  .not_by = {},
                  .quorum = what.quorum,
                  .expires_after = {}};
    check_audience(ask.card.json());
    if (what.not_by) ask.not_by = names_in(what.not_by->evaluate(arguments).json(), "notBy");
    if (what.expires_after) ask.expires_after = duration_of(*what.expires_after, arguments);
    commands_.push_back(std::move(ask));
}

}  // namespace resolute::workflow
