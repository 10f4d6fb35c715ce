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
