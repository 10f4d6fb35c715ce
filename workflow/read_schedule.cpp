// Reads `schedule`, and its options in `document.metadata.schedule`: the standard has no place for
// them in `schedule` itself.
#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/spelling.h"
#include "workflow/reading.h"
#include "workflow/schedule.h"

namespace resolute::workflow {
namespace {

Node const* options_in(Node const* document) {
    auto const* metadata =
        document && document->is(Node::Kind::map) ? document->find("metadata") : nullptr;
    return metadata && metadata->is(Node::Kind::map) ? metadata->find("schedule") : nullptr;
}

void read_cron(Reading& reading, Node const& node, Schedule& schedule) {
    auto const text = read_text(node, "`cron`", reading.problems);
    if (!text) return;
    auto cron = Cron::parse(*text);
    if (!cron) {
        auto const& wrong = cron.diagnostics().front();
        return reading.problems.error(node, codes::invalid_value, wrong.message, wrong.remedy);
    }
    schedule.when = Schedule::At{*cron, {}};
}

std::optional<Duration> read_interval(Reading& reading, Node const& node) {
    auto const interval = read_fixed_duration(reading, node);
    auto const shortest = std::chrono::milliseconds(limits::schedule_shortest_ms);
    if (!interval || *interval >= shortest) return interval;
    reading.problems.error(node, codes::invalid_value, "A schedule fires once a second at most.",
                           "Write an interval of PT1S or more.");
    return std::nullopt;
}

void read_zone(Reading& reading, Node const& node, Schedule& schedule) {
    auto const name = read_text(node, "`timeZone`", reading.problems);
    auto* at = std::get_if<Schedule::At>(&schedule.when);
    if (!name) return;
    auto const zone = TimeZone::find(*name);
    if (!zone)
        reading.problems.error(node, codes::unknown_reference,
                               "No time zone is called `" + *name + "`.",
                               "Use a name of the IANA database, such as Europe/Berlin.");
    else if (!at)
        reading.problems.error(node, codes::invalid_value, "Only `cron` has a time zone.",
                               "Remove it.");
    else
        at->zone = *zone;
}

void read_overlap(Fields& fields, Schedule& schedule) {
    auto const name = fields.text("overlap");
    if (!name) return;
    auto const& node = *fields.find("overlap");
    if (auto const overlap = overlap_from(*name))
        schedule.overlap = *overlap;
    else
        fields.problems().error(node, codes::invalid_value,
                                "`overlap` is allow, skip, buffer or cancel." +
                                    did_you_mean(*name, {"allow", "skip", "buffer", "cancel"}));
    if (std::holds_alternative<Schedule::After>(schedule.when))
        fields.problems().error(node, codes::invalid_value,
                                "Runs that start after the last one never overlap.", "Remove it.");
}

void read_options(Reading& reading, Node const& node, Schedule& schedule) {
    Fields fields(node, "`document.metadata.schedule`", reading.problems);
    bool const is_on_events = std::holds_alternative<Schedule::On>(schedule.when);
    auto useless = [&](Node const& option, char const* why, char const* remedy) {
        reading.problems.error(option, codes::invalid_value, why, remedy);
    };
    if (auto const* zone = fields.find("timeZone")) read_zone(reading, *zone, schedule);
    read_overlap(fields, schedule);
    if (auto const* window = fields.find("catchUp")) {
        schedule.catch_up = read_fixed_duration(reading, *window).value_or(Duration{});
        if (!schedule.has_times())
            useless(*window, "Only `cron` and `every` can miss a time.", "Remove it.");
    }
    if (auto const* jitter = fields.find("jitter")) {
        schedule.jitter = read_fixed_duration(reading, *jitter).value_or(Duration{});
        if (is_on_events)
            useless(*jitter, "A run that an event starts is never late on purpose.", "Remove it.");
    }
    if (auto const* input = fields.find("input")) {
        schedule.input = read_template(reading, *input);
        if (is_on_events)
            useless(*input, "The input of a run that starts on events is their array.",
                    "Transform it by `input.from`.");
    }
    fields.finish();
}

// What cannot be the input of any run, as far as that is known.
void check_input(Reading& reading, Node const& node, Schedule const& schedule,
                 JsonSchema const& schema) {
    auto refuse = [&](std::string const& what) {
        reading.problems.error(node, codes::schema_violation,
                               "The input of its runs breaks `input.schema`: " + what,
                               schedule.input ? "Make it what the schema asks for."
                                              : "Make it by `document.metadata.schedule.input`.");
    };
    if (std::holds_alternative<Schedule::On>(schedule.when)) {
        for (auto const& wrong : schema.validate(Json::array()))
            if (wrong.pointer.empty() && wrong.rule.ends_with("/type"))
                reading.problems.error(node, codes::schema_violation,
                                       "The input of its runs breaks `input.schema`: it is an "
                                       "array of events.",
                                       "Let the schema be that of an array.");
        return;
    }
    auto const* made = schedule.input ? schedule.input->literal() : nullptr;
    if (schedule.input && !made) {
        auto const* members = schedule.input->members();
        auto const& source = schema.source();
        if (!members || !source.is_object()) return;
        for (auto const& name : source.value("required", Json::array()))
            if (name.is_string() && !members->contains(name.get<std::string>()))
                refuse("`" + name.get<std::string>() + "` is missing.");
        return;
    }
    auto const input = made ? made->json() : Json{{"scheduledAt", "2026-03-01T12:00:00.000000Z"}};
    for (auto const& wrong : schema.validate(input))
        refuse((wrong.pointer.empty() ? "" : "`" + wrong.pointer + "`: ") + wrong.message);
}

// Events start runs by the names of their types, and nobody listens in between.
void refuse_what_only_steps_hear(Reading& reading, Node const& on, Listen const& events) {
    if (std::ranges::any_of(events.filters, &std::string::empty, &EventFilter::type))
        reading.problems.unsupported(place_of(on),
                                     "An event filter without the name of a `type`, in a schedule,",
                                     "Write `type:` out, and filter by other attributes.");
    if (!events.until_events.empty())
        reading.problems.unsupported(place_of(on), "`until` with an event filter, in a schedule,",
                                     "Write a condition over the events so far.");
}

}  // namespace

void check_no_schedule(Reading& reading, Node const* document) {
    if (auto const* options = options_in(document))
        reading.problems.warn(place_of(*options), codes::suspicious_flow,
                              "These are options of a schedule, and there is none.",
                              "Write `schedule` beside `document` and `do`, or remove them.");
}

std::shared_ptr<Schedule const> read_schedule(Reading& reading, Node const& node,
                                              Node const* document, Shaping const& input) {
    auto schedule = std::make_shared<Schedule>();
    schedule->catch_up = std::chrono::seconds(limits::schedule_catch_up_s);
    Fields fields(node, "`schedule`", reading.problems);
    int count = 0;
    auto take = [&](char const* key) {
        auto const* found = fields.find(key);
        count += found != nullptr;
        return count > 1 ? nullptr : found;
    };
    if (auto const* every = take("every"))
        if (auto const interval = read_interval(reading, *every))
            schedule->when = Schedule::Every{*interval};
    if (auto const* cron = take("cron")) read_cron(reading, *cron, *schedule);
    if (auto const* after = take("after"))
        schedule->when = Schedule::After{read_fixed_duration(reading, *after).value_or(Duration{})};
    if (auto const* on = take("on")) {
        Listen events;
        read_consumption(reading, *on, "`on`", events);
        refuse_what_only_steps_hear(reading, *on, events);
        schedule->when = Schedule::On{std::move(events)};
    }
    fields.finish();
    if (count > 1 || (node.is(Node::Kind::map) && node.members.empty()))
        reading.problems.error(node, codes::invalid_value,
                               "`schedule` has exactly one of every, cron, after and on.");
    auto const* options = options_in(document);
    if (options) read_options(reading, *options, *schedule);
    if (input.schema && !reading.problems.has_errors())
        check_input(reading, schedule->input ? *options->find("input") : node, *schedule,
                    *input.schema);
    return schedule;
}

}  // namespace resolute::workflow
