// Reads `use`: what steps refer to by name.
#include "workflow/read_authentication.h"
#include "workflow/read_extension.h"
#include "workflow/reading.h"

namespace resolute::workflow {
namespace {

void read_named(Reading& reading, Fields& use, std::string_view key,
                std::map<std::string, Node const*>& named) {
    auto const* node = use.find(key);
    if (!node || !expect(*node, Node::Kind::map, "`" + std::string(key) + "`", reading.problems))
        return;
    for (auto const& member : node->members) named.emplace(member.key, &member.value);
}

void read_secrets(Reading& reading, Node const& node) {
    if (!expect(node, Node::Kind::list, "`secrets`", reading.problems)) return;
    for (auto const& item : node.items)
        if (auto name = read_text(item, "The name of a secret", reading.problems))
            reading.offers.secrets.push_back(std::move(*name));
}

// What this engine offers is the catalog `default`; others would bring in code from elsewhere.
void refuse_catalogs(Reading& reading, Node const& node) {
    if (!expect(node, Node::Kind::map, "`catalogs`", reading.problems)) return;
    for (auto const& member : node.members)
        if (member.key != "default")
            reading.problems.unsupported(place_of(member), "The catalog `" + member.key + "`",
                                         "Copy what it has into `use.functions`.");
}

}  // namespace

void read_use(Reading& reading, Node const& node) {
    Fields use(node, "`use`", reading.problems);
    read_named(reading, use, "functions", reading.offers.functions);
    read_named(reading, use, "errors", reading.offers.errors);
    read_named(reading, use, "retries", reading.offers.retries);
    read_named(reading, use, "timeouts", reading.offers.timeouts);
    read_named(reading, use, "authentications", reading.offers.authentications);
    if (auto const* secrets = use.find("secrets")) read_secrets(reading, *secrets);
    auto const* extensions = use.find("extensions");
    if (auto const* catalogs = use.find("catalogs")) refuse_catalogs(reading, *catalogs);
    use.finish();
    for (auto const& [name, definition] : reading.offers.authentications)
        read_authentication(reading, *definition, Standing::named);
    for (auto const& [name, function] : reading.offers.functions)
        check_function(reading, name, *function);
    if (extensions) read_extensions(reading, *extensions);
}

}  // namespace resolute::workflow
