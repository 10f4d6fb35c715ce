// The words of `resolute webhooks`.
#include "cli/arguments.h"
#include "cli/commands.h"

namespace resolute::cli {
namespace {

using WebhookWish = WebhookOptions::Wish;

std::shared_ptr<WebhookOptions> add_webhook_verb(CLI::App& webhooks, Invocation& in,
                                                 WebhookWish wish, char const* name,
                                                 char const* about, char const* examples) {
    auto options = std::make_shared<WebhookOptions>();
    options->wish = wish;
    auto* sub = command(webhooks, in, name, about, examples);
    if (wish != WebhookWish::list)
        sub->add_option("webhook", options->webhook, "its name in resolute.yaml")->required();
    if (wish == WebhookWish::retry || wish == WebhookWish::forget)
        sub->add_option("delivery", options->delivery, "only this one (default: all)");
    if (wish == WebhookWish::forget)
        sub->add_flag("--all", options->whole,
                      "also what waits, and the webhook itself, once it is not in resolute.yaml");
    sub->callback([&in, options] {
        in.quiet = true;
        in.run = [&in, options](Config const& c) {
            return resolute::cli::webhook(c, *options, in.json);
        };
    });
    return options;
}

}  // namespace

void add_webhook_commands(CLI::App& app, Invocation& in) {
    auto* webhooks = app.add_subcommand("webhooks", "who outside is sent events, and what waits");
    webhooks->alias("webhook");
    webhooks->require_subcommand(1);
    webhooks->footer(
        "Webhooks are written in resolute.yaml:\n"
        "  webhooks: { shop: { url: 'https://shop.example.com/events', types: ['order.*'] } }\n"
        "Examples:\n"
        "  resolute webhooks list\n"
        "  resolute webhooks show shop\n"
        "  resolute webhooks retry shop");
    add_webhook_verb(*webhooks, in, WebhookWish::list, "list",
                     "all webhooks, what waits for them and what went wrong last",
                     "  resolute webhooks list\n  resolute webhooks list --json");
    add_webhook_verb(*webhooks, in, WebhookWish::show, "show",
                     "each event that a webhook is still to be sent, and why it was not",
                     "  resolute webhooks show shop");
    add_webhook_verb(*webhooks, in, WebhookWish::retry, "retry",
                     "send now what waits for another attempt, and anew what was given up",
                     "  resolute webhooks retry shop\n  resolute webhooks retry shop DELIVERY");
    add_webhook_verb(*webhooks, in, WebhookWish::forget, "forget", "never send what was given up",
                     "  resolute webhooks forget shop DELIVERY\n"
                     "  resolute webhooks forget old-shop --all");
}

}  // namespace resolute::cli
