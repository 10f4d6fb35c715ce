// Reads `use`: what steps refer to by name.
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

}  // namespace

void read_use(Reading& reading, Node const& node) {
    Fields use(node, "`use`", reading.problems);
    read_named(reading, use, "functions", reading.offers.functions);
    read_named(reading, use, "errors", reading.offers.errors);
    read_named(reading, use, "retries", reading.offers.retries);
    read_named(reading, use, "timeouts", reading.offers.timeouts);
    use.find("authentications");  // of calls that come with a later version; secrets belong to tool
                                  // contracts
    use.find("secrets");
    for (auto const* later : {"extensions", "catalogs"})
        if (auto const* found = use.member(later))
            reading.problems.unsupported(place_of(*found), "`use." + std::string(later) + "`");
    use.finish();
    for (auto const& [name, function] : reading.offers.functions)
        check_function(reading, name, *function);
}

}  // namespace resolute::workflow
