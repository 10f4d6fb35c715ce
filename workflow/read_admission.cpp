// Reads `document.metadata.limits` and `document.metadata.priority`: the standard has no place for
// them.
#include <algorithm>
#include <cctype>

#include "base/limits.h"
#include "base/spelling.h"
#include "workflow/admission.h"
#include "workflow/reading.h"

namespace resolute::workflow {
namespace {

void read_key(Reading& reading, Node const& node, Limit& limit) {
    auto const text = read_text(node, "`key`", reading.problems);
    if (!text) return;
    if (*text == "workflow") {
        limit.of = Limit::Of::workflow;
    } else if (*text == "tenant") {
        limit.of = Limit::Of::tenant;
    } else if (*text == "case") {
        limit.of = Limit::Of::of_case;
    } else if (text->starts_with("${")) {
        limit.of = Limit::Of::value;
        limit.value = read_template(reading, node);
    } else {
        reading.problems.error(node, codes::invalid_value,
                               "`key` is workflow, tenant, case or an expression." +
                                   did_you_mean(*text, {"workflow", "tenant", "case"}),
                               "Write an expression over the input such as ${ .customer }.");
    }
}

// Part of the key, so it must not look like one.
void read_name(Reading& reading, Fields& fields, Limit& limit) {
    limit.name = fields.text("name").value_or("");
    bool const is_plain = std::ranges::all_of(limit.name, [](unsigned char c) {
        return std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '/';
    });
    if (!is_plain || limit.name.size() > limits::place_key_bytes)
        reading.problems.error(*fields.find("name"), codes::invalid_name,
                               "The name of a limit is short and has letters, digits, `-`, `_`, "
                               "`.` and `/`.");
}

void read_rate(Reading& reading, Node const& node, Limit& limit) {
    Fields fields(node, "`rate`", reading.problems);
    Rate rate;
    auto const* per = fields.require("per");
    if (fields.require("count"))
        rate.many = fields.whole("count", 1, limits::places_most).value_or(rate.many);
    fields.finish();
    auto const time = per ? read_fixed_duration(reading, *per) : std::nullopt;
    if (!time) return;
    rate.per = *time;
    if (rate.per < std::chrono::seconds(1) || rate.per > std::chrono::seconds(limits::place_rate_s))
        reading.problems.error(*per, codes::invalid_value,
                               "A rate counts over a second at least and a day at most.",
                               "Write `count` and `per` for such a time.");
    limit.rate = rate;
}

Limit read_limit(Reading& reading, Node const& node) {
    Limit limit;
    Fields fields(node, "A limit", reading.problems);
    if (auto const* key = fields.require("key")) read_key(reading, *key, limit);
    read_name(reading, fields, limit);
    limit.concurrency = fields.whole("concurrency", 1, limits::places_most);
    if (auto const* rate = fields.find("rate")) read_rate(reading, *rate, limit);
    fields.finish();
    if (node.is(Node::Kind::map) && !node.find("concurrency") && !node.find("rate"))
        reading.problems.error(node, codes::missing_key,
                               "A limit needs `concurrency`, `rate`, or both.");
    return limit;
}

void read_limits(Reading& reading, Node const& node, Admission& admission) {
    if (!expect(node, Node::Kind::list, "`document.metadata.limits`", reading.problems)) return;
    for (auto const& item : node.items) {
        auto limit = read_limit(reading, item);
        auto const is_same = [&](Limit const& other) {
            return limit.of != Limit::Of::value && other.of == limit.of &&
                   other.name == limit.name &&
                   ((other.concurrency && limit.concurrency) || (other.rate && limit.rate));
        };
        if (std::ranges::any_of(admission.limits, is_same))
            reading.problems.error(item, codes::invalid_value,
                                   "Another limit says the same of this key.", "Remove one.");
        admission.limits.push_back(std::move(limit));
    }
    if (node.items.size() > limits::places_per_run)
        reading.problems.error(
            node, codes::invalid_value,
            "A workflow has at most " + std::to_string(limits::places_per_run) + " limits.");
}

void read_priority(Reading& reading, Node const& node, Admission& admission) {
    admission.priority = read_template(reading, node);
    auto const* literal = admission.priority.literal();
    if (!literal) return;
    auto const most = limits::place_priority;
    auto const& value = literal->json();
    if (!value.is_number_integer() || value.get<std::int64_t>() < -most ||
        value.get<std::int64_t>() > most)
        reading.problems.error(node, codes::invalid_value,
                               "`priority` is a whole number from -" + std::to_string(most) +
                                   " to " + std::to_string(most) + ", or an expression.",
                               "Larger goes first.");
}

}  // namespace

std::shared_ptr<Admission const> read_admission(Reading& reading, Node const* document) {
    auto const* metadata =
        document && document->is(Node::Kind::map) ? document->find("metadata") : nullptr;
    if (!metadata || !metadata->is(Node::Kind::map)) return nullptr;
    auto const* limits = metadata->find("limits");
    auto const* priority = metadata->find("priority");
    auto admission = std::make_shared<Admission>();
    if (limits) read_limits(reading, *limits, *admission);
    if (priority) read_priority(reading, *priority, *admission);
    if (priority && !limits)
        reading.problems.warn(place_of(*priority), codes::suspicious_flow,
                              "Without `limits` no run waits, and `priority` has no effect.",
                              "Add `limits`, or remove it.");
    return admission->limits.empty() ? nullptr : admission;
}

}  // namespace resolute::workflow
