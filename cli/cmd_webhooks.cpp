// webhooks: who is sent events, what waits for them and why, and the verbs for it.
#include <algorithm>

#include "cli/commands.h"
#include "cli/database.h"
#include "cli/output.h"
#include "cli/outside.h"
#include "engine/store/webhooks.h"

namespace resolute::cli {
namespace {

using WebhookWish = WebhookOptions::Wish;

std::string time_or(std::optional<Timestamp> const& at) { return at ? to_string(*at) : ""; }

bool is_configured(Config const& config, std::string const& name) {
    return std::ranges::any_of(config.subscriptions,
                               [&](auto const& one) { return one.name == name; });
}

// What an operator must know first.
std::string condition_of(Config const& config, store::WebhookState const& state, Timestamp now) {
    if (!is_configured(config, state.name))
        return state.waiting > 0 ? "not in resolute.yaml here: whoever has it sends what waits"
                                 : "not in resolute.yaml here";
    if (state.held_until && *state.held_until > now)
        return "held until " + to_string(*state.held_until) + " after " +
               std::to_string(state.failures) + " failures in a row";
    if (state.given_up > 0) return "has events that were given up";
    if (state.failures > 0) return "fails";
    return state.waiting > 0 ? "sends" : "all is sent";
}

Json state_json(Config const& config, store::WebhookState const& state, Timestamp now) {
    Json json{{"webhook", state.name},        {"condition", condition_of(config, state, now)},
              {"waiting", state.waiting},     {"givenUp", state.given_up},
              {"delivered", state.delivered}, {"failuresInARow", state.failures}};
    auto const add = [&](char const* name, std::optional<Timestamp> const& at) {
        if (at) json[name] = to_string(*at);
    };
    add("deliveredAt", state.delivered_at);
    add("heldUntil", state.held_until);
    add("oldestAt", state.oldest_at);
    add("nextAt", state.next_at);
    add("lastFailureAt", state.last_failure_at);
    if (!state.last_failure.empty()) json["lastFailure"] = state.last_failure;
    for (auto const& one : config.subscriptions)
        if (one.name == state.name) json["url"] = net::to_string(one.url);
    return json;
}

Json delivery_json(store::DeliveryState const& state) {
    Json json{{"delivery", to_string(state.delivery)},
              {"type", state.type},
              {"source", state.source},
              {"event", state.event},
              {"postedAt", to_string(state.posted_at)},
              {"attempts", state.attempts},
              {"state", state.is_being_sent ? "being sent"
                        : state.next_at     ? "waits"
                                            : "given up"}};
    if (state.next_at && !state.is_being_sent) json["nextAt"] = to_string(*state.next_at);
    if (!state.why.empty()) json["why"] = state.why;
    return json;
}

int list(Config const& config, store::Webhooks& store, bool json) {
    auto const now = SystemClock().now();
    auto states = store.all();
    // Before its first process, a webhook is in the file only.
    for (auto const& one : config.subscriptions)
        if (std::ranges::find(states, one.name, &store::WebhookState::name) == states.end())
            states.push_back({.name = one.name, .delivered_at = {}, .held_until = {}});
    std::vector<std::vector<std::string>> rows;
    for (auto const& state : states) {
        if (json) print_json(state_json(config, state, now));
        rows.push_back({state.name, std::to_string(state.delivered), std::to_string(state.waiting),
                        std::to_string(state.given_up), condition_of(config, state, now),
                        state.failures > 0 || state.given_up > 0 ? state.last_failure : ""});
    }
    if (!json)
        print_table({"webhook", "delivered", "waiting", "given up", "", "last failure"}, rows);
    return exit_ok;
}

int show(store::Webhooks& store, std::string const& name, bool json) {
    auto const deliveries = store.deliveries(name, limits::list_page);
    std::vector<std::vector<std::string>> rows;
    for (auto const& one : deliveries) {
        auto const shown = delivery_json(one);
        if (json) print_json(shown);
        rows.push_back({to_string(one.delivery), one.type, one.event, std::to_string(one.attempts),
                        shown["state"], one.is_being_sent ? "" : time_or(one.next_at), one.why});
    }
    if (!json && rows.empty()) say("Nothing waits for `" + name + "`.");
    if (!json && !rows.empty())
        print_table({"delivery", "type", "event", "attempts", "state", "next", "why"}, rows);
    return exit_ok;
}

int report(std::string const& verb, std::size_t count, bool json) {
    if (json)
        print_json({{"deliveries", count}});
    else
        say(std::to_string(count) + (count == 1 ? " event is " : " events are ") + verb + ".");
    return exit_ok;
}

}  // namespace

int webhook(Config const& config, WebhookOptions const& options, bool json) {
    auto const database = open_database(config, MayStart::no);
    store::Webhooks store(database.url, tenant);
    if (options.wish == WebhookWish::list) return list(config, store, json);
    auto const states = store.all();
    if (std::ranges::find(states, options.webhook, &store::WebhookState::name) == states.end()) {
        complain("No process has ever sent to a webhook `" + options.webhook + "`.");
        return exit_failed;
    }
    if (options.wish == WebhookWish::show) return show(store, options.webhook, json);
    std::optional<store::DeliveryId> only;
    if (!options.delivery.empty()) {
        only = store::DeliveryId::parse(options.delivery);
        if (!only) {
            complain("`" + options.delivery + "` is no id of a delivery; see `resolute webhooks " +
                     "show " + options.webhook + "`.");
            return exit_bad_input;
        }
    }
    if (options.wish == WebhookWish::retry)
        return report("sent now", store.retry(options.webhook, only), json);
    if (!options.whole) return report("forgotten", store.forget(options.webhook, only), json);
    if (is_configured(config, options.webhook)) {
        complain("The webhook `" + options.webhook + "` is in resolute.yaml; take it out first.");
        return exit_failed;
    }
    return report("forgotten", store.forget_webhook(options.webhook), json);
}

}  // namespace resolute::cli
