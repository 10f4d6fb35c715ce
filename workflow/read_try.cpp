// Reads `try`: the guarded steps, which errors are caught, how often to try again, and what to do
// then.
#include "base/limits.h"
#include "base/spelling.h"
#include "workflow/reading.h"

namespace resolute::workflow {
namespace {

Retry::Backoff read_backoff(Reading& reading, Node const& node) {
    Fields fields(node, "`backoff`", reading.problems);
    Retry::Backoff found = Retry::Backoff::constant;
    int count = 0;
    auto take = [&](char const* key, Retry::Backoff kind) {
        auto const* value = fields.find(key);
        if (!value) return;
        ++count;
        found = kind;
        if (!value->is(Node::Kind::null))
            Fields(*value, "`" + std::string(key) + "`", reading.problems).finish();
    };
    take("constant", Retry::Backoff::constant);
    take("linear", Retry::Backoff::linear);
    take("exponential", Retry::Backoff::exponential);
    fields.finish();
    if (count != 1 && node.is(Node::Kind::map))
        reading.problems.error(node, codes::invalid_value,
                               "`backoff` names exactly one of constant, linear and exponential.",
                               "Write `backoff: { exponential: {} }`.");
    return found;
}

void read_limit(Reading& reading, Node const& node, Retry& retry) {
    Fields limit(node, "`limit`", reading.problems);
    if (auto const* attempt = limit.find("attempt")) {
        Fields fields(*attempt, "`attempt`", reading.problems);
        retry.count = fields.whole("count", 0, limits::retries);
        if (auto const* duration = fields.find("duration"))
            retry.each_within = read_fixed_duration(reading, *duration);
        fields.finish();
    }
    if (auto const* duration = limit.find("duration"))
        retry.within = read_fixed_duration(reading, *duration);
    limit.finish();
}

void read_jitter(Reading& reading, Node const& node, Retry& retry) {
    Fields fields(node, "`jitter`", reading.problems);
    std::optional<Duration> from, to;
    if (auto const* value = fields.require("from")) from = read_fixed_duration(reading, *value);
    if (auto const* value = fields.require("to")) to = read_fixed_duration(reading, *value);
    fields.finish();
    if (!from || !to) return;
    if (*from > *to)
        reading.problems.error(node, codes::invalid_value, "`from` is longer than `to`.",
                               "Exchange them.");
    else
        retry.jitter = {*from, *to};
}

// The policy itself, or the one of that name in `use.retries`.
Node const* find_retry(Reading& reading, Node const& node) {
    if (!node.is(Node::Kind::text)) return &node;
    auto const found = reading.offers.retries.find(node.text());
    if (found != reading.offers.retries.end()) return found->second;
    std::vector<std::string> names;
    for (auto const& [name, policy] : reading.offers.retries) names.push_back(name);
    auto const near = did_you_mean(node.text(), names);
    reading.problems.error(
        node, codes::unknown_reference, "`use.retries` has no policy `" + node.text() + "`.",
        near.empty() ? "Define it there, or write the policy out." : near.substr(1));
    return nullptr;
}

std::optional<Retry> read_retry(Reading& reading, Node const& reference) {
    auto const* node = find_retry(reading, reference);
    if (!node) return std::nullopt;
    Retry retry;
    Fields fields(*node, "`retry`", reading.problems);
    retry.when = read_condition(reading, fields.find("when"));
    retry.except_when = read_condition(reading, fields.find("exceptWhen"));
    if (auto const* delay = fields.find("delay")) retry.delay = read_duration(reading, *delay);
    if (auto const* backoff = fields.find("backoff"))
        retry.backoff = read_backoff(reading, *backoff);
    if (auto const* limit = fields.find("limit")) read_limit(reading, *limit, retry);
    if (auto const* jitter = fields.find("jitter")) read_jitter(reading, *jitter, retry);
    fields.finish();
    if (!retry.count && !retry.within)
        reading.problems.warn(place_of(*node), codes::suspicious_flow,
                              "This retry has no limit; it ends after " +
                                  std::to_string(limits::retries) + " retries.",
                              "Add `limit: { attempt: { count: 3 } }`.");
    return retry;
}

void read_filter(Reading& reading, Node const& node, ErrorFilter& filter) {
    Fields errors(node, "`errors`", reading.problems);
    if (auto const* with = errors.find("with")) {
        Fields fields(*with, "`with`", reading.problems);
        for (auto const* key : {"type", "status", "title", "detail", "instance", "code"})
            if (auto const* value = fields.find(key))
                filter.with.emplace(key, read_template(reading, *value));
        if (auto const* value = fields.find("details"))
            filter.with.emplace("detail", read_template(reading, *value));
        fields.finish();
    }
    errors.finish();
}

}  // namespace

void read_try(Reading& reading, Fields& fields, Step& step) {
    auto& what = step.what.emplace<Try>();
    read_block(reading, *fields.find("try"), what.body, {.path = "try", .around = &step});
    auto const* node = fields.require("catch");
    if (!node) return;
    Fields fallback(*node, "`catch`", reading.problems);
    if (auto const* errors = fallback.find("errors")) read_filter(reading, *errors, what.errors);
    if (auto as = read_variable(reading, fallback.find("as"))) what.as = *as;
    Binding const error(reading, {what.as});
    what.when = read_condition(reading, fallback.find("when"));
    what.except_when = read_condition(reading, fallback.find("exceptWhen"));
    if (auto const* retry = fallback.find("retry")) what.retry = read_retry(reading, *retry);
    if (auto const* body = fallback.find("do"))
        read_block(reading, *body, what.handler, {.path = "catch/do", .around = &step});
    if (auto const* then = fallback.find("then")) {
        what.then = read_directive(reading, then);
        what.then_place = place_of(*then);
    }
    fallback.finish();
    if (!fallback.find("retry") && what.handler.steps.empty() && !what.then)
        reading.problems.warn(
            place_of(*node), codes::suspicious_flow,
            "This `catch` neither retries nor goes on, so the error passes through it.",
            "Add `retry`, `do` or `then`.");
}

}  // namespace resolute::workflow
