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
    if (auto const* zone = fields.find("timeZone")) read_zone(reading, *zone, schedule);
    read_overlap(fields, schedule);
    if (auto const* window = fields.find("catchUp"))
        schedule.catch_up = read_fixed_duration(reading, *window).value_or(Duration{});
    if (auto const* jitter = fields.find("jitter"))
        schedule.jitter = read_fixed_duration(reading, *jitter).value_or(Duration{});
    if (auto const* input = fields.find("input")) {
        schedule.input = read_template(reading, *input);
        if (std::holds_alternative<Schedule::On>(schedule.when))
            reading.problems.error(*input, codes::invalid_value,
                                   "The input of a run that starts on events is their array.",
                                   "Transform it by `input.from`.");
    }
    fields.finish();
}

}  // namespace

std::shared_ptr<Schedule const> read_schedule(Reading& reading, Node const& node,
                                              Node const* document) {
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
        schedule->when = Schedule::On{std::move(events)};
    }
    fields.finish();
    if (count > 1 || (node.is(Node::Kind::map) && node.members.empty()))
        reading.problems.error(node, codes::invalid_value,
                               "`schedule` has exactly one of every, cron, after and on.");
    if (auto const* options = options_in(document)) read_options(reading, *options, *schedule);
    return schedule;
}

}  // namespace resolute::workflow
