#include "cli/webhook_settings.h"

#include <algorithm>

#include "base/error_codes.h"
#include "base/spelling.h"
#include "tools/environment.h"
#include "tools/request_exchange.h"

namespace resolute::cli {
namespace {

using workflow::Fields;
using workflow::Node;
using workflow::Problems;

std::optional<net::Url> read_receiver(Config const& config, Fields& fields) {
    auto const written = fields.required_text("url");
    if (!written) return std::nullopt;
    auto& problems = fields.problems();
    auto const& node = *fields.find("url");
    auto values = environment();
    for (auto const& [name, value] : config.variables) values.try_emplace(name, value);
    auto const expansion = tools::expand(*written, values);
    for (auto const& name : expansion.unknown)
        problems.error(node, codes::unknown_variable,
                       "The variable `${" + name + "}` has no value.", "Set `" + name + "`.");
    if (!expansion.unknown.empty()) return std::nullopt;
    auto url = net::parse_url(expansion.text);
    if (!url) {
        problems.error(node, codes::invalid_setting, url.diagnostics().front().message,
                       "Write it as https://shop.example.com/events.");
        return std::nullopt;
    }
    if (!tools::may_reach({{}, config.egress, {}}, *url))
        problems.error(node, codes::invalid_setting,
                       "Nothing may be sent to `" + net::authority(*url) + "`.",
                       "List the host under `egress.hosts`.");
    return *std::move(url);
}

std::vector<std::string> read_types(Fields& fields) {
    std::vector<std::string> types;
    auto& problems = fields.problems();
    auto const* list = fields.require("types");
    if (!list || !workflow::expect(*list, Node::Kind::list, "`types`", problems)) return types;
    for (auto const& item : list->items) {
        auto type = workflow::read_text(item, "A type", problems).value_or("");
        if (type.empty() || type.find_first_of(" \t\r\n") != std::string::npos)
            problems.error(item, codes::invalid_setting, "`" + type + "` is no type of events.",
                           "Write it as order.paid, order.* or *.");
        types.push_back(std::move(type));
    }
    if (types.empty() || types.size() > limits::webhook_types)
        problems.error(*list, codes::invalid_setting,
                       "`types` must name between 1 and " + std::to_string(limits::webhook_types) +
                           " types of events.",
                       "Write `types: [\"*\"]` for all that workflows emit.");
    return types;
}

std::string read_key(Config const& config, Fields& fields) {
    auto const name = fields.text("secret");
    if (!name) return {};
    auto& problems = fields.problems();
    auto const& node = *fields.find("secret");
    auto const secret = config.secrets.find(*name);
    if (secret == config.secrets.end()) {
        std::vector<std::string> names;
        for (auto const& [known, _] : config.secrets) names.push_back(known);
        problems.error(node, codes::invalid_setting, "`" + *name + "` is not among the `secrets`.",
                       "Name one of resolute.yaml's `secrets`." + did_you_mean(*name, names));
        return {};
    }
    auto const key = secret->second.is_string()
                         ? webhooks::key_of(secret->second.get_ref<std::string const&>())
                         : std::nullopt;
    if (!key)
        problems.error(node, codes::invalid_setting,
                       "The secret `" + *name + "` is not `whsec_` and 24 to 64 bytes in base64.",
                       "Make one by: echo whsec_$(openssl rand -base64 32)");
    return key.value_or("");
}

Duration read_timeout(Fields& fields, Duration fallback) {
    auto const written = fields.text("timeout");
    if (!written) return fallback;
    auto const timeout = parse_duration(*written);
    Duration const longest = std::chrono::milliseconds(limits::webhook_longest_timeout_ms);
    if (timeout && *timeout >= std::chrono::milliseconds(100) && *timeout <= longest)
        return *timeout;
    fields.problems().error(
        *fields.find("timeout"), codes::invalid_setting,
        "`timeout` must be a duration between PT0.1S and " + to_string(longest) + ".",
        "Write it as PT10S.");
    return fallback;
}

bool is_name(std::string const& name) {
    return !name.empty() && name.size() <= 63 && std::ranges::all_of(name, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '-';
    });
}

}  // namespace

void read_webhooks(Config& config, Node const& node, Problems& problems) {
    if (!workflow::expect(node, Node::Kind::map, "`webhooks`", problems)) return;
    for (auto const& member : node.members) {
        if (!is_name(member.key))
            problems.error(workflow::place_of(member), codes::invalid_setting,
                           "`" + member.key + "` is no name of a webhook.",
                           "Use small letters, digits and hyphens, 63 at most.");
        Fields fields(member.value, "the webhook `" + member.key + "`", problems);
        webhooks::Subscription one{.name = member.key, .url = {}, .types = {}, .key = {}};
        auto url = read_receiver(config, fields);
        one.types = read_types(fields);
        one.key = read_key(config, fields);
        one.timeout = read_timeout(fields, one.timeout);
        one.attempts = static_cast<int>(
            fields.whole("attempts", 1, limits::webhook_most_attempts).value_or(one.attempts));
        fields.finish();
        if (!url) continue;
        one.url = *std::move(url);
        config.settings.push_back({"webhooks." + member.key, net::to_string(one.url),
                                   "resolute.yaml:" + std::to_string(member.line), false});
        config.subscriptions.push_back(std::move(one));
    }
    if (node.members.size() > limits::webhooks)
        problems.error(node, codes::invalid_setting,
                       "There may be " + std::to_string(limits::webhooks) + " webhooks at most.",
                       "Send to one receiver that passes events on.");
}

}  // namespace resolute::cli
