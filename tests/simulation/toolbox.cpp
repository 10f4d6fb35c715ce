#include "tests/simulation/toolbox.h"

#include "tests/simulation/tools.h"

namespace resolute::simulation {
namespace {

std::string number(Random& random, std::uint64_t below) {
    return std::to_string(random.below(below));
}

// Mostly goes through; asks a person, or is denied, from time to time.
std::string undoing(Random& random) {
    static char const* const gates[] = {"write", "write", "write", "gated", "denied"};
    std::string tool = gates[random.below(std::size(gates))];
    tool += '_';
    tool += static_cast<char>('a' + random.below(3));
    tool += number(random, tool_variants);
    return ", compensate: { tool: " + tool + ", arguments: '{ n: .n, at: " + number(random, 1000) +
           " }' }";
}

std::string child(Random& random) {
    return std::string("workflow: { namespace: test, name: ") +
           (random.unit() < 0.9 ? "child" : "absent") + ", version: '1' }";
}

}  // namespace

Toolbox::Call SimulatedToolbox::call(Random& random, Place const&) const {
    static char const* const gates[] = {"write", "write", "write", "gated", "gated",
                                        "pair",  "read",  "peek",  "denied"};
    auto const last = random.unit() < 0.85 ? 1u : 0u;  // a denied call mostly ends the run
    std::string tool = gates[random.below(std::size(gates) - last)];
    tool += '_';
    tool += static_cast<char>('a' + random.below(3));
    tool += number(random, tool_variants);
    auto const undo = random.unit() < 0.3 ? undoing(random) : std::string();
    return {"{ tool: " + tool + ", arguments: { n: '${ $context.n }', at: " + number(random, 1000) +
                " }" + undo + " }",
            "n"};
}

std::string SimulatedToolbox::context_of(std::string const& number) const {
    return "{ n: ." + number + " }";
}

std::string SimulatedToolbox::pause(Random& random) const {
    return "PT" + std::to_string(1 + random.below(12)) + "S";
}

std::string SimulatedToolbox::question_due(Random& random) const {
    return "PT" + std::to_string(15 + random.below(30)) + "S";
}

std::string SimulatedToolbox::limit(Random& random) const {
    return "PT" + std::to_string(1 + random.below(60)) + "S";
}

std::string SimulatedToolbox::start(Random& random, Place const&) const { return child(random); }

std::string SimulatedToolbox::sweep(Random& random, Place const&) const {
    static char const* const lists[] = {"[]", "[1, 2]", "[1, 2, 3, 4]", "[1, 2, 3, 4]"};
    return child(random) + ", items: '${ " + lists[random.below(std::size(lists))] + " }'";
}

// Up to 100 passes, up to 1,000 asks a person, more is never made (tests/chaos/project/policies).
std::string ChaosToolbox::amount(Random& random) {
    auto const dice = random.below(20);
    if (dice == 0) return std::to_string(1001 + random.below(1000));
    return std::to_string(dice < 6 ? 101 + random.below(900) : 1 + random.below(100));
}

std::string ChaosToolbox::booking(Random& random, Place const& place) {
    std::string tool = "chaos.post_";
    tool += static_cast<char>('a' + random.below(place.is_repeated ? 2 : 3));
    return tool;
}

Toolbox::Call ChaosToolbox::call(Random& random, Place const& place) const {
    if (random.below(5) == 0) return {"{ tool: chaos.read }", "value"};
    bool const is_undone = random.below(3) == 0;
    auto const reference = "$context.case + \"-" + place.step + (is_undone ? "~" : "");
    auto with = "{ tool: " + booking(random, place) + ", arguments: { reference: '${ " + reference +
                "\" }', amount: " + amount(random) + " }";
    if (is_undone)
        with += ", compensate: { tool: " + booking(random, place) + ", arguments: '{ reference: (" +
                reference + "-undo\"), amount: " + amount(random) + " }' }";
    return {with + " }", "amount"};
}

std::string ChaosToolbox::start(Random& random, Place const& place) const {
    return "workflow: { namespace: chaos, name: part, version: 1.0.0, input: { case: '${ "
           "$context.case + \"-" +
           place.step + "\" }', amount: " + amount(random) + " } }";
}

std::string ChaosToolbox::sweep(Random& random, Place const& place) const {
    return "workflow: { namespace: chaos, name: part, version: 1.0.0 }, items: '${ [range(" +
           number(random, 4) + ")] | map({ case: ($context.case + \"-" + place.step +
           "-\" + tostring), amount: " + amount(random) + " }) }'";
}

std::string ChaosToolbox::context_of(std::string const& number) const {
    return "{ n: ." + number + ", case: $context.case }";
}

std::string ChaosToolbox::pause(Random& random) const {
    return "PT0." + std::to_string(1 + random.below(9)) + "S";
}

std::string ChaosToolbox::question_due(Random& random) const {
    return "PT" + std::to_string(2 + random.below(5)) + "S";
}

std::string ChaosToolbox::limit(Random& random) const {
    return "PT" + std::to_string(1 + random.below(15)) + "S";
}

}  // namespace resolute::simulation
