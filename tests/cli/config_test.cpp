#include "cli/config.h"

#include <fstream>

#include "tests/catch.h"
#include "tests/net/programs.h"

using namespace resolute;
using namespace resolute::cli;

namespace {

Result<Config> config_of(std::string const& yaml) {
    net::TemporaryDirectory const folder;
    std::ofstream(folder.file("resolute.yaml")) << yaml;
    return read_config({.project = folder.file(".")});
}

}  // namespace

TEST_CASE("a person belongs to the groups that name them, and to those that name everybody") {
    auto const config =
        config_of("groups: { leads: [ann, bob], desk: [ann], all: ['*'], none: [] }\n").value();
    CHECK(groups_of(config, "ann") == std::vector<std::string>{"all", "desk", "leads"});
    CHECK(groups_of(config, "bob") == std::vector<std::string>{"all", "leads"});
    CHECK(groups_of(config, "*") == std::vector<std::string>{"all"});
    CHECK(groups_of(Config{}, "ann").empty());
}

TEST_CASE("groups that are no lists of people are refused with their place") {
    auto const config = config_of("groups:\n  leads: ann\n");
    REQUIRE_FALSE(config);
    CHECK(config.diagnostics().front().line == 2);
}

TEST_CASE("webhooks are read with their secrets, and what is not said has a default") {
    auto const config = config_of("variables: { SHOP_HOST: shop.test }\n"
                                  "secrets: { shop: whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX }\n"
                                  "webhooks:\n"
                                  "  shop: { url: 'https://${SHOP_HOST}/e', types: [order.*],\n"
                                  "          secret: shop, timeout: PT2S, attempts: 3 }\n"
                                  "  plain: { url: 'http://h/', types: ['*'] }\n")
                            .value();
    REQUIRE(config.subscriptions.size() == 2);
    auto const& shop = config.subscriptions[0];
    CHECK(shop.name == "shop");
    CHECK(net::to_string(shop.url) == "https://shop.test/e");
    CHECK(shop.types == std::vector<std::string>{"order.*"});
    CHECK(shop.key.size() == 24);
    CHECK(shop.timeout == std::chrono::seconds(2));
    CHECK(shop.attempts == 3);
    auto const& plain = config.subscriptions[1];
    CHECK(plain.key.empty());
    CHECK(plain.timeout == std::chrono::milliseconds(limits::webhook_timeout_ms));
    CHECK(plain.attempts == limits::webhook_attempts);
}

TEST_CASE("a webhook that nothing could be sent to is refused with its place") {
    auto const line_of = [](std::string const& webhook, std::string const& before = "") {
        auto const config = config_of(before + "webhooks:\n  shop:\n    " + webhook + "\n");
        REQUIRE_FALSE(config);
        return config.diagnostics().front().line;
    };
    CHECK(line_of("{ url: 'http://h/' }") == 3);
    CHECK(line_of("{ url: 'http://h/', types: [] }") == 3);
    CHECK(line_of("{ url: h, types: [a] }") == 3);
    CHECK(line_of("{ url: 'http://h/', types: [a b] }") == 3);
    CHECK(line_of("{ url: 'http://h/', types: [a], timeout: PT5M }") == 3);
    CHECK(line_of("{ url: 'http://h/', types: [a], attempts: 0 }") == 3);
    CHECK(line_of("{ url: 'http://h/', types: [a], secret: s }") == 3);
    CHECK(line_of("{ url: 'http://h/', types: [a], secret: s }", "secrets: { s: plain }\n") == 4);
    CHECK(line_of("{ url: 'http://169.254.169.254/', types: [a] }") == 3);
    CHECK(line_of("{ url: 'http://h/', types: [a] }", "egress: { hosts: [g] }\n") == 4);
}
